// What the parts of the type check need of the whole.

import type { Node } from '../syntax/tree.js'
import type { Nature } from '../value/nature.js'

export interface Visitor {
  visit(node: Node): Nature
  /** Keeps the first message of all. */
  fail(message: string): Nature
  /** Visits a predicate, in which # is an item of the collection. */
  within(collection: Nature, variables: readonly Variable[], predicate: Node): Nature
}

export interface Variable {
  readonly name: string
  readonly nature: Nature
}
