// What a run of a template has around it.
import type { FunctionTable } from '../functions/function.js'

/** What a map answers for a key it doesn't have: nothing, or what is empty of its type. */
export type MissingKey = 'invalid' | 'zero'

export interface Surroundings {
  /** Of the whole text, for errors. */
  readonly name: string
  readonly text: string
  readonly functions: FunctionTable
  readonly missingKey: MissingKey
}
