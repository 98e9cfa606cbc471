// The variables of one run of one template, and what it is at.

import type { Printable } from '../language/node-text.js'
import type { Value } from '../value/shape.js'

export class Scope {
  /** For errors: what was evaluated last. */
  node: Printable & { readonly at: number }
  readonly #variables: { readonly name: string; value: Value | undefined }[]

  constructor(
    readonly template: string,
    /** Templates that led here. */
    readonly depth: number,
    dot: Value | undefined,
    node: Printable & { readonly at: number },
  ) {
    this.#variables = [{ name: '$', value: dot }]
    this.node = node
  }

  get count(): number {
    return this.#variables.length
  }

  push(name: string, value: Value | undefined): void {
    this.#variables.push({ name, value })
  }

  /** Forgets all variables but the first so many. */
  popTo(count: number): void {
    this.#variables.length = count
  }

  /** The innermost of that name; undefined where there is none. */
  find(name: string): { value: Value | undefined } | undefined {
    return this.#variables.findLast((variable) => variable.name === name)
  }

  /** The last but so many; 1 is the last. */
  setTop(fromTop: number, value: Value | undefined): void {
    this.#variables.at(-fromTop)!.value = value
  }
}
