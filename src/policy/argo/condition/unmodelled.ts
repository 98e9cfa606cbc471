// What in a condition coalmine evaluates otherwise than the controller may, or not at all.

import type { Condition } from './condition.js'
import type { TextRange } from './syntax/token.js'
import { type BuiltinNode, type Node, replaceChildren } from './syntax/tree.js'
import { isKnownZone } from './time/zone.js'

export interface Unmodelled {
  readonly range: TextRange
  /** The end of a sentence that starts with what stands in the range. */
  readonly what: string
}

export function unmodelledParts(condition: Condition): readonly Unmodelled[] {
  const found: Unmodelled[] = []
  const visit = (node: Node): Node => {
    const what = whatOf(node)
    if (what !== undefined) found.push({ range: node.range, what })
    replaceChildren(node, visit)
    return node
  }
  if (condition.tree !== undefined) visit(condition.tree)
  return found
}

const RANDOM_ORDER: ReadonlySet<string> = new Set(['keys', 'values', 'toPairs'])

/** Methods of Go's times that the checker knows and nothing here computes. */
const METHODS: ReadonlySet<string> = new Set(['Format', 'GoString'])

function whatOf(node: Node): string | undefined {
  if (node.kind === 'builtin') return whatOfBuiltin(node)
  if (node.kind !== 'call' || node.callee.kind !== 'member' || node.callee.property.kind !== 'string') return undefined
  const { value } = node.callee.property
  return METHODS.has(value) ? `is an error here: coalmine does not model the method ${value}` : undefined
}

function whatOfBuiltin({ name, args }: BuiltinNode): string | undefined {
  if (RANDOM_ORDER.has(name)) return 'is in random order in the controller, and in that of the answer here'
  const zone = name === 'timezone' ? args[0] : name === 'date' ? args[2] : undefined
  if (zone === undefined || (zone.kind === 'string' && isKnownZone(zone.value))) return undefined
  return 'is an error here: coalmine has no time-zone database'
}
