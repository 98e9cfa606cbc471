// Text to syntax tree: RE2's syntax with Perl's extensions, as Go's regexp package reads it.
// https://github.com/google/re2/wiki/Syntax has the language.

import { ANY, folded } from './characters.js'
import { readClass } from './class.js'
import { RegexpError } from './error.js'
import { readEscape, readSetEscape } from './escape.js'
import { exactProperty, type PropertyOf } from './named-characters.js'
import * as syntax from './syntax.js'

export interface Parsed {
  readonly root: syntax.Node
  /** Names of the capture groups, by number; group 0 is the whole match, unnamed ones are empty. */
  readonly groups: readonly string[]
}

interface Flags {
  readonly foldsCase: boolean
  readonly isMultiline: boolean
  readonly dotMatchesNewline: boolean
  readonly isUngreedy: boolean
}

const PLAIN: Flags = { foldsCase: false, isMultiline: false, dotMatchesNewline: false, isUngreedy: false }

export function parse(pattern: string, flags: Partial<Flags> = {}, propertyOf: PropertyOf = exactProperty): Parsed {
  return new Parser(pattern, { ...PLAIN, ...flags }, propertyOf).run()
}

const REPEAT_LIMIT = 1000
const HEIGHT_LIMIT = 1000
/** Go's: 128 MiB of instructions of 40 bytes. */
const SIZE_LIMIT = 3_355_443

const NO_NEWLINE = [0, 9, 11, 0x10ffff]

const ASSERTIONS: Readonly<Record<string, syntax.Assertion>> = {
  A: 'text-begin',
  z: 'text-end',
  b: 'word-boundary',
  B: 'no-word-boundary',
}

/** What a parenthesis opened. */
interface Group {
  /** The flags to go back to behind it. */
  readonly outerFlags: Flags
  readonly capture: number | undefined
  readonly options: syntax.Node[]
  parts: syntax.Node[]
}

class Parser {
  #at = 0
  #flags: Flags
  #group: Group
  readonly #outer: Group[] = []
  readonly #groups: string[] = ['']
  /** Where the repetition started that ends here; -1 if none does. */
  #repetitionFrom = -1

  constructor(
    readonly pattern: string,
    flags: Flags,
    readonly propertyOf: PropertyOf,
  ) {
    this.#flags = flags
    this.#group = { outerFlags: flags, capture: undefined, options: [], parts: [] }
  }

  run(): Parsed {
    // Bytes that are no UTF-8 are read as U+FFFD, and that is taken for nothing else. Prometheus doesn't read plain words.
    const broken = this.pattern.indexOf('\ufffd')
    if (broken >= 0 && /[\\.+*?()[\]{}^$]/.test(this.pattern)) {
      throw new RegexpError('invalid UTF-8', this.pattern.slice(broken))
    }
    while (this.#at < this.pattern.length) {
      const start = this.#at
      this.#repetitionFrom = this.#step() ? start : -1
    }
    if (this.#outer.length > 0) throw new RegexpError('missing closing )', this.pattern)
    return { root: this.#finished(this.#group), groups: this.#groups }
  }

  /** Reads one construct; true if it was a repetition. */
  #step(): boolean {
    const { pattern } = this
    const flags = this.#flags
    switch (pattern[this.#at]) {
      case '(':
        this.#open()
        return false
      case ')':
        this.#close()
        return false
      case '|':
        this.#at++
        this.#group.options.push(this.#checked(syntax.concatenation(this.#group.parts)))
        this.#group.parts = []
        return false
      case '*':
        return this.#repeat(0, Number.POSITIVE_INFINITY, this.#at + 1)
      case '+':
        return this.#repeat(1, Number.POSITIVE_INFINITY, this.#at + 1)
      case '?':
        return this.#repeat(0, 1, this.#at + 1)
      case '{':
        return this.#counted()
      case '[': {
        const { set, end } = readClass(pattern, this.#at, flags.foldsCase, this.propertyOf)
        return this.#push(syntax.characters(set), end)
      }
      case '\\':
        return this.#escape()
      case '.':
        return this.#push(syntax.characters(flags.dotMatchesNewline ? ANY : NO_NEWLINE), this.#at + 1)
      case '^':
        return this.#push(syntax.assertion(flags.isMultiline ? 'line-begin' : 'text-begin'), this.#at + 1)
      case '$':
        return this.#push(syntax.assertion(flags.isMultiline ? 'line-end' : 'text-end'), this.#at + 1)
      default: {
        const point = pattern.codePointAt(this.#at)!
        return this.#literal(point, this.#at + (point > 0xffff ? 2 : 1))
      }
    }
  }

  #push(node: syntax.Node, end: number): false {
    this.#group.parts.push(node)
    this.#at = end
    return false
  }

  #literal(point: number, end: number): false {
    return this.#push(syntax.characters(this.#flags.foldsCase ? folded([point, point]) : [point, point]), end)
  }

  #checked(node: syntax.Node): syntax.Node {
    if (node.height > HEIGHT_LIMIT) throw new RegexpError('expression nests too deeply', this.pattern)
    if (node.size > SIZE_LIMIT) throw new RegexpError('expression too large', this.pattern)
    return node
  }

  #finished({ options, parts, capture }: Group): syntax.Node {
    const node = syntax.alternation([...options, syntax.concatenation(parts)])
    return this.#checked(capture === undefined ? node : syntax.capture(capture, node))
  }

  #open(): void {
    const rest = this.pattern.slice(this.#at)
    if (!rest.startsWith('(?')) this.#enter('', 1)
    else if (/^\(\?P?<./s.test(rest)) this.#openNamed(rest)
    else this.#openWithFlags(rest)
  }

  #openNamed(rest: string): void {
    const named = /^\(\?P?<([^>]*)>/.exec(rest)
    if (named === null) throw new RegexpError('invalid named capture', rest)
    if (!/^[A-Za-z0-9_]+$/.test(named[1]!)) throw new RegexpError('invalid named capture', named[0])
    this.#enter(named[1]!, named[0].length)
  }

  /** `(?i)` holds to the end of the group it stands in, `(?i:` in a group of its own. */
  #openWithFlags(rest: string): void {
    const match = /^\(\?([imsU]*)(-[imsU]+)?([:)])/.exec(rest)
    if (match === null) {
      const read = /^\(\?[imsU]*(?:-[imsU]*)?.?/su.exec(rest)![0]
      throw new RegexpError('invalid or unsupported Perl syntax', read)
    }
    const [text, on = '', off = '', end] = match
    if (end === ':') this.#enter(undefined, 0)
    this.#flags = withFlags(withFlags(this.#flags, on, true), off, false)
    this.#at += text.length
  }

  /** A group without a name doesn't capture; one with an empty name has a number only. */
  #enter(name: string | undefined, length: number): void {
    this.#outer.push(this.#group)
    const capture = name === undefined ? undefined : this.#groups.push(name) - 1
    this.#group = { outerFlags: this.#flags, capture, options: [], parts: [] }
    this.#at += length
  }

  #close(): void {
    const outer = this.#outer.pop()
    if (outer === undefined) throw new RegexpError('unexpected )', this.pattern)
    const node = this.#finished(this.#group)
    this.#flags = this.#group.outerFlags
    this.#group = outer
    this.#push(node, this.#at + 1)
  }

  #counted(): boolean {
    const match = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(this.pattern.slice(this.#at))
    if (match === null) return this.#literal(0x7b, this.#at + 1)
    const [text, least, comma, most] = match
    const min = Number(least)
    const max = most !== undefined ? Number(most) : comma === undefined ? min : Number.POSITIVE_INFINITY
    if (min > REPEAT_LIMIT || (most !== undefined && max > REPEAT_LIMIT) || min > max) {
      throw new RegexpError('invalid repeat count', text)
    }
    return this.#repeat(min, max, this.#at + text.length)
  }

  #repeat(min: number, max: number, operatorEnd: number): true {
    const isMarked = this.pattern[operatorEnd] === '?'
    const end = isMarked ? operatorEnd + 1 : operatorEnd
    if (this.#repetitionFrom >= 0) {
      throw new RegexpError('invalid nested repetition operator', this.pattern.slice(this.#repetitionFrom, end))
    }
    const operator = this.pattern.slice(this.#at, end)
    const inner = this.#group.parts.pop()
    if (inner === undefined) throw new RegexpError('missing argument to repetition operator', operator)
    const node = this.#checked(syntax.repetition(inner, min, max, isMarked === this.#flags.isUngreedy))
    if (!syntax.repeatsWithin(node, REPEAT_LIMIT)) throw new RegexpError('invalid repeat count', operator)
    this.#push(node, end)
    return true
  }

  #escape(): false {
    const { pattern } = this
    const letter = pattern[this.#at + 1] ?? ''
    const assertion = ASSERTIONS[letter]
    if (assertion !== undefined) return this.#push(syntax.assertion(assertion), this.#at + 2)
    if (letter === 'Q') return this.#quoted()
    const set = readSetEscape(pattern, this.#at, this.#flags.foldsCase, this.propertyOf)
    if (set !== undefined) return this.#push(syntax.characters(set.what), set.end)
    const { what, end } = readEscape(pattern, this.#at)
    return this.#literal(what, end)
  }

  /** Everything up to \E stands for itself. */
  #quoted(): false {
    const start = this.#at + 2
    const close = this.pattern.indexOf('\\E', start)
    const text = this.pattern.slice(start, close < 0 ? undefined : close)
    const end = close < 0 ? this.pattern.length : close + 2
    for (const character of text) this.#literal(character.codePointAt(0)!, end)
    this.#at = end
    return false
  }
}

function withFlags(flags: Flags, letters: string, isOn: boolean): Flags {
  return {
    foldsCase: letters.includes('i') ? isOn : flags.foldsCase,
    isMultiline: letters.includes('m') ? isOn : flags.isMultiline,
    dotMatchesNewline: letters.includes('s') ? isOn : flags.dotMatchesNewline,
    isUngreedy: letters.includes('U') ? isOn : flags.isUngreedy,
  }
}
