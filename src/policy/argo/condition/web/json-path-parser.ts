// Reads the JSONPath templates of web metrics: Kubernetes' dialect, as kubectl has it.

import { readQuoted } from '../syntax/string-literal.js'

export type PathNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'array'; readonly first: Bound; readonly last: Bound; readonly step: Bound }
  | {
      readonly kind: 'filter'
      readonly left: readonly PathNode[]
      readonly right: readonly PathNode[]
      readonly operator: string
    }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'union'; readonly parts: readonly (readonly PathNode[])[] }
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'action'; readonly nodes: readonly PathNode[] }

export interface Bound {
  readonly known: boolean
  readonly value: number
  /** One more than the first: an index is a slice of one. */
  readonly derived: boolean
}

export class PathError {
  readonly message: string
  /** What a filter that only asks whether something is there takes from the failure: yes, but for missing fields. */
  readonly countsAsFound: boolean

  constructor(message: string, countsAsFound = true) {
    this.message = message
    this.countsAsFound = countsAsFound
  }
}

/** Text outside braces stands for itself; throws a PathError. */
export function parseJsonPath(template: string): readonly PathNode[] {
  const nodes: PathNode[] = []
  let rest = template
  while (rest !== '') {
    const brace = rest.indexOf('{')
    const text = brace < 0 ? rest : rest.slice(0, brace)
    if (text !== '') nodes.push({ kind: 'text', text })
    if (brace < 0) break
    const action = new ActionParser(rest.slice(brace + 1))
    nodes.push({ kind: 'action', nodes: action.parse() })
    rest = action.rest
  }
  return nodes
}

const UNKNOWN: Bound = { known: false, value: 0, derived: false }
const TERMINATORS = ' \t\r\n.,[]$@{}'

class ActionParser {
  private readonly text: string
  private at = 0
  private readonly nodes: PathNode[] = []

  constructor(text: string) {
    this.text = text
  }

  /** What follows the closing brace. */
  get rest(): string {
    return this.text.slice(this.at)
  }

  parse(): readonly PathNode[] {
    while (this.text[this.at] !== '}') this.step()
    this.at++
    return this.nodes
  }

  private step(): void {
    const character = this.text[this.at]
    if (character === undefined || character === '\r' || character === '\n') throw new PathError('unclosed action')
    if (this.text.startsWith('[?(', this.at)) this.filter()
    else if (this.text.startsWith('..', this.at)) this.recursive()
    else if (character === ' ' || character === '@' || character === '$') this.at++
    else if (character === '[') this.array()
    else if (character === '"' || character === "'") this.quoted(character)
    else if (character === '.') {
      this.at++
      this.field()
    } else if (/[-+\p{Nd}]/u.test(character)) this.number()
    else if (/[_\p{L}]/u.test(String.fromCodePoint(this.text.codePointAt(this.at)!))) this.identifier()
    else throw new PathError(`unrecognized character in action: ${codePoint(this.text.slice(this.at))}`)
  }

  private recursive(): void {
    if (this.nodes.at(-1)?.kind === 'recursive') throw new PathError('invalid multiple recursive descent')
    this.at += 2
    this.nodes.push({ kind: 'recursive' })
    if (/^[_\p{L}\p{Nd}]/u.test(this.text.slice(this.at))) this.field()
  }

  /** A backslash lets a terminator into the name. */
  private field(): void {
    const start = this.at
    while (this.at < this.text.length && !TERMINATORS.includes(this.text[this.at]!)) {
      this.at += this.text[this.at] === '\\' ? 2 : 1
    }
    this.at = Math.min(this.at, this.text.length)
    const name = this.text.slice(start, this.at)
    this.nodes.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') })
  }

  private identifier(): void {
    const start = this.at
    while (this.at < this.text.length && !TERMINATORS.includes(this.text[this.at]!)) this.at++
    const name = this.text.slice(start, this.at)
    const isBool = name === 'true' || name === 'false'
    this.nodes.push(isBool ? { kind: 'bool', value: name === 'true' } : { kind: 'identifier', name })
  }

  private number(): void {
    const shape = /[-+]?[.\p{Nd}]*/uy
    shape.lastIndex = this.at
    const [text] = shape.exec(this.text)!
    this.at += text.length
    if (/^[-+]?[0-9]+$/.test(text)) this.nodes.push({ kind: 'integer', value: Number(text) })
    else if (/^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)$/.test(text)) this.nodes.push({ kind: 'float', value: Number(text) })
    else throw new PathError(`cannot parse number ${text}`)
  }

  private quoted(quote: string): void {
    const end = endOfQuote(this.text, this.at, quote)
    if (end < 0) throw new PathError('unterminated quoted string')
    const text = this.text.slice(this.at, end)
    const literal = readQuoted(text, 0)
    if (typeof literal === 'string') throw new PathError(`unquote string ${text} error invalid syntax`)
    this.nodes.push({ kind: 'text', text: literal.value })
    this.at = end
  }

  private array(): void {
    const shape = /\[([^\]\n]*)\]/y
    shape.lastIndex = this.at
    const found = shape.exec(this.text)
    if (found === null) throw new PathError('unterminated array')
    this.at += found[0].length
    const text = found[1] === '*' ? ':' : found[1]!
    const parts = text.split(',')
    const key = /^'([^']*)'$/.exec(text)
    if (parts.length > 1)
      this.nodes.push({ kind: 'union', parts: parts.map((part) => action(`[${trimSpaces(part)}]`)) })
    else if (key !== null) this.nodes.push(...action(`.${key[1]}`))
    else this.nodes.push(bounds(text))
  }

  private filter(): void {
    const start = this.at + 3
    this.at = endOfFilter(this.text, start)
    if (this.text[this.at] !== ']') throw new PathError('unclosed array expect ]')
    const text = this.text.slice(start, this.at - 1)
    this.at++
    const comparison = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text)
    if (comparison === null) {
      this.nodes.push({ kind: 'filter', left: action(text), right: [], operator: 'exists' })
      return
    }
    const [, left, operator, right] = comparison
    this.nodes.push({ kind: 'filter', left: action(left!), right: action(right!), operator: operator! })
  }
}

/** A piece of path in braces of its own. */
function action(text: string): readonly PathNode[] {
  const first = parseJsonPath(`{${text}}`)[0]
  return first?.kind === 'action' ? first.nodes : []
}

function bounds(text: string): PathNode {
  const found = /^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$/.exec(text)
  if (found === null) throw new PathError(`invalid array index ${text}`)
  const [first, last, step] = [found[1], found[2]?.slice(1), found[3]?.slice(1)].map(bound)
  const derived = found[2] === undefined ? { known: true, value: first!.value + 1, derived: true } : last!
  return { kind: 'array', first: first!, last: derived, step: step! }
}

function bound(text: string | undefined): Bound {
  if (text === undefined || text === '') return UNKNOWN
  if (text === '-') throw new PathError('array index - is not a number')
  return { known: true, value: Number(text), derived: false }
}

/** Just after the quote that closes the string; -1 where none does. */
function endOfQuote(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === quote && text[at - 1] !== '\\') return at + 1
  }
  return -1
}

/** Just after the parenthesis that closes the filter; one inside quotes does not. */
function endOfFilter(text: string, start: number): number {
  let quote = ''
  let closed = false
  for (let at = start; at < text.length && text[at] !== '\n'; at++) {
    const character = text[at]!
    if (character === '"' || character === "'") {
      if (quote === '') quote = character
      else if (text[at - 1] !== '\\' && character === quote) closed = true
    } else if (character === ')' && (quote === '' || closed)) return at + 1
  }
  throw new PathError('unterminated filter')
}

function trimSpaces(text: string): string {
  return text.replace(/^ +| +$/g, '')
}

/** Go's %#U. */
function codePoint(text: string): string {
  const point = text.codePointAt(0)!
  const hex = point.toString(16).toUpperCase().padStart(4, '0')
  const character = String.fromCodePoint(point)
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character) ? `U+${hex} '${character}'` : `U+${hex}`
}
