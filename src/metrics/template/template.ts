// Go's text/template: reads a text once and carries it out on data, with the functions that a caller hands in.

import { fromBytes, toBytes } from '../go/bytes.js'
import { execute } from './execute/execute.js'
import type { MissingKey } from './execute/surroundings.js'
import { BUILTINS } from './functions/builtin.js'
import type { FunctionTable } from './functions/function.js'
import { parse, type Trees } from './language/parser.js'
import type { Value } from './value/shape.js'

export class Template {
  readonly #trees: Trees
  readonly #name: string
  readonly #text: string

  /** Throws a TemplateError with Go's complaint about the text. */
  constructor(name: string, text: string, functions: ReadonlySet<string>) {
    this.#name = toBytes(name)
    this.#text = toBytes(text)
    this.#trees = parse(this.#name, this.#text, (called) => BUILTINS.has(called) || functions.has(called))
  }

  /** Throws a TemplateError with Go's complaint. `functions` are those that the text was read with. */
  run(data: Value | undefined, functions: FunctionTable, missingKey: MissingKey): string {
    return fromBytes(execute(this.#trees, { name: this.#name, text: this.#text, functions, missingKey }, data))
  }
}
