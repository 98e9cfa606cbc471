// The complaint about a regular expression, worded as Go's regexp package words it.

export class RegexpError extends Error {
  constructor(complaint: string, fragment: string) {
    super(`error parsing regexp: ${complaint}: \`${fragment}\``)
    this.name = 'RegexpError'
  }
}
