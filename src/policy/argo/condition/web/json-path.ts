// Finds values in a decoded JSON document by a JSONPath template, as Kubernetes' client library does.

import { COMPARE } from '../value/arithmetic.js'
import { formatAny } from '../value/format.js'
import { UINT8 } from '../value/go-type.js'
import { byteAt, byteLength } from '../value/text.js'
import { type GoValue, Int, int, Slice, StringMap, typeName } from '../value/value.js'
import { type Bound, PathError, type PathNode, parseJsonPath } from './json-path-parser.js'

/** A value found, or undefined for the document `null`, which Go's reflection cannot hold. */
type Found = GoValue | undefined

export interface JsonPath {
  readonly template: string
  /** Undefined where the template is wrong. */
  readonly nodes: readonly PathNode[] | undefined
  readonly error: string
}

export function compileJsonPath(template: string): JsonPath {
  try {
    return { template, nodes: parseJsonPath(template), error: '' }
  } catch (error) {
    if (error instanceof PathError) return { template, nodes: undefined, error: error.message }
    throw error
  }
}

/** All that the template's parts find, part by part; throws a PathError. */
export function findAll(nodes: readonly PathNode[], document: GoValue): readonly (readonly Found[])[] {
  return new Search(nodes).results(document ?? undefined, 0)
}

/** reflect's own panic, which ends the controller. */
export class ReflectionPanic {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

class Search {
  private readonly nodes: readonly PathNode[]
  private beginnings = 0
  private depth = 0
  private ends = 0
  private lastEnd = -1

  constructor(nodes: readonly PathNode[]) {
    this.nodes = nodes
  }

  /** `{range …}…{end}` walks the parts in between once for each value found. */
  results(document: Found, from: number): Found[][] {
    const all: Found[][] = []
    for (let at = from; at < this.nodes.length; at++) {
      const found = this.walk([document], this.nodes[at]!)
      if (this.ends > 0 && this.ends <= this.depth) {
        this.ends--
        this.lastEnd = at
        break
      }
      if (this.beginnings > 0) {
        this.beginnings--
        this.depth++
        for (const value of found) all.push(...this.results(held(value) ?? undefined, at + 1))
        if (found.length === 0) this.results(undefined, at + 1)
        this.depth--
        if (this.lastEnd > at) at = this.lastEnd
      } else all.push(found)
    }
    return all
  }

  private walk(input: Found[], node: PathNode): Found[] {
    switch (node.kind) {
      case 'action':
        return this.list(input, node.nodes)
      case 'text':
        return [node.text]
      case 'integer':
        return input.map(() => int(node.value))
      case 'float':
      case 'bool':
        return input.map(() => node.value)
      case 'field':
        return field(input, node.name)
      case 'array':
        return input.flatMap((value) => elements(value, node.first, node.last, node.step))
      case 'filter':
        return input.flatMap((value) => this.filter(value, node))
      case 'wildcard':
        return input.flatMap(children)
      case 'recursive':
        return descend(input)
      case 'union':
        return node.parts.flatMap((part) => this.list(input, part))
      case 'identifier':
        return this.keyword(input, node.name)
    }
  }

  private list(input: Found[], nodes: readonly PathNode[]): Found[] {
    return nodes.reduce((found, node) => this.walk(found, node), input)
  }

  private keyword(input: Found[], name: string): Found[] {
    if (name === 'range') {
      this.beginnings++
      return input
    }
    if (name !== 'end') throw new PathError(`unrecognized identifier ${name}`)
    if (this.depth === 0) throw new PathError('not in range, nothing to end')
    this.ends++
    return []
  }

  private filter(value: Found, node: Extract<PathNode, { kind: 'filter' }>): Found[] {
    if (!(value instanceof Slice)) {
      throw new PathError(`${describeFound(value)} is not array or slice and cannot be filtered`)
    }
    return value.items.filter((item) => this.keeps(item, node))
  }

  private keeps(item: GoValue, { left, right, operator }: Extract<PathNode, { kind: 'filter' }>): boolean {
    if (operator === 'exists') return this.exists(item, left)
    const lefts = this.list([item], left)
    if (lefts.length === 0) return false
    if (lefts.length > 1) throw new PathError('can only compare one element at a time')
    const rights = this.list([item], right)
    if (rights.length === 0) return false
    if (rights.length > 1) throw new PathError('can only compare one element at a time')
    return compare(operator, held(lefts[0]), held(rights[0]))
  }

  private exists(item: GoValue, path: readonly PathNode[]): boolean {
    try {
      return this.list([item], path).length > 0
    } catch (error) {
      if (error instanceof PathError) return error.countsAsFound
      throw error
    }
  }
}

function field(input: readonly Found[], name: string): Found[] {
  if (input.length === 0) return []
  const found = input.flatMap((value) => {
    const entry = value instanceof StringMap ? value.entries.get(name) : undefined
    return entry === undefined ? [] : [entry]
  })
  if (found.length === 0) throw new PathError(`${name} is not found`, false)
  return found
}

function elements(value: Found, first: Bound, last: Bound, step: Bound): Found[] {
  if (value === null) return []
  if (value === undefined) throw new ReflectionPanic('reflect: call of reflect.Value.Type on zero Value')
  if (!(value instanceof Slice)) throw new PathError(`${typeName(value)} is not array or slice`)
  const length = value.items.length
  const from = first.known && first.value < 0 ? first.value + length : first.value
  let to = last.known ? last.value : length
  if (to < 0 || (to === 0 && last.derived)) to += length
  if (from === to) return []
  if (from >= length || from < 0) throw outOfBounds(from, length)
  if (to > length || to < 0) throw outOfBounds(to - 1, length)
  if (from > to) throw new PathError(`starting index ${from} is greater than ending index ${to}`)
  if (step.known && step.value <= 0) throw new PathError('step must be > 0')
  const stride = step.known ? step.value : 1
  return value.items.slice(from, to).filter((_, at) => at % stride === 0)
}

function outOfBounds(index: number, length: number): PathError {
  return new PathError(`array index out of bounds: index ${index}, length ${length}`)
}

/** Go walks a map in random order; here the document's order stands. */
function children(value: Found): GoValue[] {
  if (value instanceof StringMap) return [...value.entries.values()]
  if (value instanceof Slice) return [...value.items]
  if (typeof value !== 'string') return []
  return Array.from({ length: byteLength(value) }, (_, at) => new Int(UINT8, byteAt(value, at)))
}

function descend(input: readonly Found[]): Found[] {
  return input.flatMap((value) => {
    const inner = children(value)
    return inner.length === 0 ? [] : [value, ...descend(inner)]
  })
}

/** The value itself, where Go's reflection can hold it. */
export function held(value: Found): GoValue {
  if (value === undefined) throw new ReflectionPanic('reflect: call of reflect.Value.Interface on zero Value')
  return value
}

/** The comparisons of Go templates: only basic values, and a float never compares with an integer literal. */
function compare(operator: string, left: GoValue, right: GoValue): boolean {
  const same = () => {
    requireAlike(left, right)
    return left instanceof Int && right instanceof Int ? left.value === right.value : left === right
  }
  const less = () => {
    requireAlike(left, right)
    if (typeof left === 'boolean') throw new PathError(BAD_TYPE)
    return COMPARE['<'](left, right)
  }
  switch (operator) {
    case '==':
      return same()
    case '!=':
      return !same()
    case '<':
      return less()
    case '<=':
      return less() || same()
    case '>':
      return !(less() || same())
    case '>=':
      return !less()
    default:
      throw new PathError(`unrecognized filter operator ${operator}`)
  }
}

const BAD_TYPE = 'invalid type for comparison'

function requireAlike(left: GoValue, right: GoValue): void {
  for (const value of [left, right]) {
    const basic = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
    if (!basic && !(value instanceof Int)) throw new PathError(BAD_TYPE)
  }
  if (typeName(left) !== typeName(right)) throw new PathError('incompatible types for comparison')
}

function describeFound(value: Found): string {
  return value === undefined ? '<invalid reflect.Value>' : formatAny(value)
}
