// The bounds of a range query: expressions that give a time, such as `now() - duration("5m")`.

import { check } from './check/checker.js'
import { isArgoFunction } from './check/environment.js'
import { compileTree } from './program/compiler.js'
import { Frame } from './program/frame.js'
import { optimize } from './program/optimizer.js'
import { parse } from './syntax/parser.js'
import { type Node, replaceChildren } from './syntax/tree.js'
import { Panic } from './value/panic.js'
import { Instant, typeName } from './value/value.js'

/** Milliseconds since 1970, or the controller's complaint. */
export function evaluateTime(text: string, nowUnixMs: number): number | { readonly error: string } {
  const parsed = parse(text)
  if ('error' in parsed) return { error: parsed.error.message }
  const wrong = unknownName(parsed.tree) ?? check(parsed.tree, undefined)
  if (wrong !== undefined) return { error: wrong }
  const frame = new Frame(false)
  try {
    const evaluate = compileTree(optimize(parsed.tree), frame)
    frame.begin(null, nowUnixMs)
    const value = evaluate(frame)
    if (value instanceof Instant) return value.seconds * 1000 + value.nanos / 1e6
    return { error: `expected time.Time, but got ${typeName(value)}` }
  } catch (error) {
    if (error instanceof Panic) return { error: error.message }
    throw error
  }
}

/** There is no result yet, and of the functions that ask about one only those that ask about numbers are there. */
function unknownName(tree: Node): string | undefined {
  let found: string | undefined
  const visit = (node: Node): Node => {
    if (node.kind === 'identifier' && !found && isOfConditions(node.name)) found = `unknown name ${node.name}`
    replaceChildren(node, visit)
    return node
  }
  visit(tree)
  return found
}

function isOfConditions(name: string): boolean {
  return name === 'result' || (isArgoFunction(name) && name !== 'isNaN' && name !== 'isInf')
}
