// Closures for the builtins that walk over a collection.

import { insertionOrStableSort } from '../builtin/order.js'
import type { LoopName } from '../syntax/builtin-name.js'
import type { BuiltinNode } from '../syntax/tree.js'
import { hashKey } from '../value/access.js'
import { addValues, COMPARE } from '../value/arithmetic.js'
import { GROUP_MAP } from '../value/go-type.js'
import { Panic } from '../value/panic.js'
import {
  type AnyEntry,
  AnyMap,
  asBool,
  asString,
  Func,
  type GoValue,
  int,
  list,
  mapKey,
  typeName,
} from '../value/value.js'
import type { Evaluate, Frame, Scope } from './frame.js'

/** The compiled parts of a call. */
interface LoopParts {
  readonly collection: Evaluate
  /** The predicate; without one, the item itself. */
  readonly body: Evaluate
  /** The initial value of reduce(), the order of sortBy(). */
  readonly third: Evaluate | undefined
  /** What filter() and find() make of an item they keep. */
  readonly map: Evaluate | undefined
  readonly throws: boolean
}

type Walk = (frame: Frame, scope: Scope, parts: LoopParts) => GoValue

export const ITEM: Evaluate = (frame) => frame.scope!.item()

export function compileLoop(
  name: LoopName,
  node: BuiltinNode,
  compile: (node: BuiltinNode['args'][0]) => Evaluate,
): Evaluate {
  const [collection, body, third] = node.args
  const parts: LoopParts = {
    collection: compile(collection!),
    body: body === undefined ? ITEM : compile(body),
    third: third && compile(third),
    map: node.map && compile(node.map),
    throws: node.throws,
  }
  const walk = WALKS[name]
  return (frame) => {
    const scope = frame.enter(parts.collection(frame))
    const value = walk(frame, scope, parts)
    frame.leave()
    return value
  }
}

const WALKS: Readonly<Record<LoopName, Walk>> = {
  all: (frame, scope, parts) => !stopsAt(frame, scope, parts, false),
  any: (frame, scope, parts) => stopsAt(frame, scope, parts, true),
  none: (frame, scope, parts) => !stopsAt(frame, scope, parts, true),
  one: (frame, scope, parts) => countKept(frame, scope, parts) === 1,
  count: (frame, scope, parts) => int(countKept(frame, scope, parts)),
  filter: (frame, scope, parts) => {
    let kept = 0
    for (; scope.index < scope.length; scope.index++) {
      if (!asBool(parts.body(frame))) continue
      kept++
      push(frame, parts.map === undefined ? scope.item() : parts.map(frame))
    }
    return collect(frame, kept)
  },
  map: (frame, scope, { body }) => {
    for (; scope.index < scope.length; scope.index++) push(frame, body(frame))
    return collect(frame, scope.length)
  },
  sum: (frame, scope, { body }) => {
    for (; scope.index < scope.length; scope.index++) scope.accumulator = addValues(body(frame), scope.accumulator)
    return scope.accumulator
  },
  find: (frame, scope, parts) => {
    for (; scope.index < scope.length; scope.index++) {
      if (asBool(parts.body(frame))) return parts.map === undefined ? scope.item() : parts.map(frame)
    }
    return notFound(parts)
  },
  findIndex: (frame, scope, { body }) => {
    for (; scope.index < scope.length; scope.index++) if (asBool(body(frame))) return int(scope.index)
    return null
  },
  findLast: (frame, scope, parts) => {
    if (!findBackwards(frame, scope, parts)) return notFound(parts)
    return parts.map === undefined ? scope.item() : parts.map(frame)
  },
  findLastIndex: (frame, scope, parts) => (findBackwards(frame, scope, parts) ? int(scope.index) : null),
  groupBy: (frame, scope, { body }) => {
    const groups = new Map<unknown, { key: GoValue; items: GoValue[] }>()
    for (; scope.index < scope.length; scope.index++) {
      const key = body(frame)
      const item = scope.item()
      const hash = groupKey(key)
      const group = groups.get(hash)
      if (group === undefined) groups.set(hash, { key, items: [item] })
      else group.items.push(item)
    }
    const entries = new Map<unknown, AnyEntry>()
    for (const [hash, { key, items }] of groups) entries.set(hash, { key, value: list(items) })
    return new AnyMap(GROUP_MAP, entries)
  },
  sortBy: (frame, scope, { body, third }) => {
    const order = third === undefined ? 'asc' : asString(third(frame))
    if (order !== 'asc' && order !== 'desc') throw new Panic('unknown order, use asc or desc')
    const pairs: { item: GoValue; value: GoValue }[] = []
    for (; scope.index < scope.length; scope.index++) pairs.push({ value: body(frame), item: scope.item() })
    const less = COMPARE['<']
    const before =
      order === 'asc'
        ? (a: { value: GoValue }, b: { value: GoValue }) => less(a.value, b.value)
        : (a: { value: GoValue }, b: { value: GoValue }) => less(b.value, a.value)
    const sorted = insertionOrStableSort(pairs, before)
    frame.grow(sorted.length)
    return list(sorted.map(({ item }) => item))
  },
  reduce: (frame, scope, { body, third }) => {
    if (third !== undefined) scope.accumulator = third(frame)
    else {
      scope.accumulator = scope.item()
      scope.index++
    }
    for (; scope.index < scope.length; scope.index++) scope.accumulator = body(frame)
    return scope.accumulator
  },
}

/** Whether some item has the answer that settles the question. */
function stopsAt(frame: Frame, scope: Scope, { body }: LoopParts, settling: boolean): boolean {
  for (; scope.index < scope.length; scope.index++) if (asBool(body(frame)) === settling) return true
  return false
}

function countKept(frame: Frame, scope: Scope, { body }: LoopParts): number {
  let kept = 0
  for (; scope.index < scope.length; scope.index++) if (asBool(body(frame))) kept++
  return kept
}

/** expr 1.17.7 forgets to take the outcome of its loop test off the stack: see Frame.stack. */
function findBackwards(frame: Frame, scope: Scope, { body }: LoopParts): boolean {
  for (scope.index = scope.length - 1; scope.index >= 0; scope.index--) {
    push(frame, true)
    if (asBool(body(frame))) return true
  }
  push(frame, false)
  return false
}

function notFound({ throws }: LoopParts): null {
  if (throws) throw new Panic('reflect: slice index out of range')
  return null
}

function push(frame: Frame, value: GoValue): void {
  frame.stack.push(value)
}

/** Takes the last values off the stack: with findLast() in the walk these are not only its own. */
function collect(frame: Frame, count: number): GoValue {
  frame.grow(count)
  return list(frame.take(count))
}

function groupKey(key: GoValue): unknown {
  if (mapKey(key) === undefined || key instanceof Func) throw new Panic(`hash of unhashable type: ${typeName(key)}`)
  return hashKey(key)
}
