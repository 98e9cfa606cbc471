// What stops an evaluation: carries the text Argo stores in the measurement, and no stack, because it is routine.

export class Panic {
  readonly message: string
  /** What expr 1.15 says instead. */
  readonly formerly: string | undefined

  constructor(message: string, formerly?: string) {
    this.message = message
    this.formerly = formerly
  }
}

/** Go's text for `value.(wanted)` on a value of another type. */
export function badConversion(held: string, wanted: string): Panic {
  return new Panic(`interface conversion: interface {} is ${held === '<nil>' ? 'nil' : held}, not ${wanted}`)
}
