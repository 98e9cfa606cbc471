// Thrown when a result contradicts a law that holds in every world: a defect of coalmine, never of the input.

export class BrokenLaw extends Error {
  constructor(law: string, details: Readonly<Record<string, number>>) {
    const facts = Object.entries(details).map(([name, value]) => `${name} ${value}`)
    super(`Broken law: ${law} (${facts.join(', ')})`)
    this.name = 'BrokenLaw'
  }
}
