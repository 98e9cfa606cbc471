// Go's regular expressions (RE2 syntax) on JavaScript's engine: what Go refuses is refused with Go's words, what it
// reads differently is rewritten.

import { Panic } from '../value/panic.js'
import { isWellFormed } from '../value/text.js'
import { anyOf, literal, readClass, readClassEscape } from './character-class.js'
import { RegexpError, readEscape } from './escape.js'

const cache = new Map<string, RegExp | RegexpError>()
const CACHED = 256

/** The pattern as a JavaScript RegExp; throws RegexpError's message as a Panic. */
export function compileRegexp(pattern: string): RegExp {
  let compiled = cache.get(pattern)
  if (compiled === undefined) {
    if (cache.size >= CACHED) cache.clear()
    compiled = tryTranslate(pattern)
    cache.set(pattern, compiled)
  }
  if (compiled instanceof RegexpError) throw new Panic(compiled.message)
  return compiled
}

function tryTranslate(pattern: string): RegExp | RegexpError {
  if (!isWellFormed(pattern)) return new RegexpError('invalid UTF-8', pattern.slice(pattern.search(/\p{Surrogate}/u)))
  try {
    return new RegExp(new Translator(pattern).translate(), 'u')
  } catch (error) {
    if (error instanceof RegexpError) return error
    throw error
  }
}

interface Flags {
  readonly foldCase: boolean
  readonly multiLine: boolean
  readonly dotAll: boolean
  readonly lazy: boolean
}

const MAX_REPEAT = 1000

class Translator {
  private readonly pattern: string
  private at = 0
  private out = ''
  private flags: Flags = { foldCase: false, multiLine: false, dotAll: false, lazy: false }
  /** The flags to go back to at each closing parenthesis. */
  private readonly open: Flags[] = []
  private readonly starts: number[] = []
  /** Where the thing starts that a repetition would repeat; -1 where there is none. */
  private atom = -1
  private isRepeated = false
  /** Where the pattern's last repetition starts, while nothing has come after it. */
  private repetition = -1

  constructor(pattern: string) {
    this.pattern = pattern
  }

  translate(): string {
    while (this.at < this.pattern.length) {
      const start = this.at
      const repeated = this.step()
      this.repetition = repeated ? start : -1
    }
    if (this.open.length > 0) throw new RegexpError('missing closing )', this.pattern)
    return this.out
  }

  /** Translates one construct; true when it was a repetition. */
  private step(): boolean {
    const character = this.pattern[this.at]!
    switch (character) {
      case '(':
        this.openGroup()
        return false
      case ')':
        this.closeGroup()
        return false
      case '|':
        this.at++
        this.out += '|'
        this.atom = -1
        return false
      case '^':
        this.emit(this.flags.multiLine ? '(?:(?<![^\\n]))' : '(?:^)', 1)
        return false
      case '$':
        this.emit(this.flags.multiLine ? '(?:(?![^\\n]))' : '(?:$)', 1)
        return false
      case '.':
        this.emit(this.flags.dotAll ? '[^]' : '[^\\n]', 1)
        return false
      case '[': {
        const { text, to } = readClass(this.pattern, this.at, this.flags.foldCase)
        this.emit(text, to - this.at)
        return false
      }
      case '*':
      case '+':
      case '?':
        this.repeat(character, this.at + 1)
        return true
      case '{':
        return this.counted()
      case '\\':
        this.escape()
        return false
      default: {
        const point = this.pattern.codePointAt(this.at)!
        this.emit(literal(point, this.flags.foldCase), point > 0xffff ? 2 : 1)
        return false
      }
    }
  }

  private emit(text: string, length: number): void {
    this.atom = this.out.length
    this.isRepeated = false
    this.out += text
    this.at += length
  }

  private openGroup(): void {
    if (this.pattern[this.at + 1] !== '?') {
      this.begin('(', this.at + 1, this.flags)
      return
    }
    const named = /\(\?P?</y
    named.lastIndex = this.at
    if (named.test(this.pattern) && this.pattern.length - this.at > named.lastIndex - this.at)
      this.namedGroup(named.lastIndex)
    else this.flagGroup()
  }

  /** Names are of no use to a condition, which only asks whether there is a match. */
  private namedGroup(nameStart: number): void {
    const end = this.pattern.indexOf('>', this.at)
    if (end < 0) throw new RegexpError('invalid named capture', this.pattern.slice(this.at))
    if (!/^[A-Za-z0-9_]+$/.test(this.pattern.slice(nameStart, end))) {
      throw new RegexpError('invalid named capture', this.pattern.slice(this.at, end + 1))
    }
    this.begin('(', end + 1, this.flags)
  }

  private flagGroup(): void {
    const shape = /\(\?([imsU]*)(-?)([imsU]*)(.?)/suy
    shape.lastIndex = this.at
    const [text, on, minus, off, end] = shape.exec(this.pattern) as unknown as [string, string, string, string, string]
    if ((end !== ':' && end !== ')') || (minus === '-' && off === '')) {
      throw new RegexpError('invalid or unsupported Perl syntax', text)
    }
    const set = (name: keyof Flags, letter: string) =>
      !off.includes(letter) && (on.includes(letter) || this.flags[name])
    const flags: Flags = {
      foldCase: set('foldCase', 'i'),
      multiLine: set('multiLine', 'm'),
      dotAll: set('dotAll', 's'),
      lazy: set('lazy', 'U'),
    }
    if (end === ':') this.begin('(?:', this.at + text.length, this.flags)
    else this.at += text.length
    this.flags = flags
  }

  private begin(text: string, to: number, restored: Flags): void {
    this.open.push(restored)
    this.starts.push(this.out.length)
    this.out += text
    this.at = to
    this.atom = -1
  }

  private closeGroup(): void {
    const flags = this.open.pop()
    if (flags === undefined) throw new RegexpError('unexpected )', this.pattern)
    this.flags = flags
    this.atom = this.starts.pop()!
    this.isRepeated = false
    this.out += ')'
    this.at++
  }

  /** `{2,5}`; a brace that is nothing of the kind stands for itself. */
  private counted(): boolean {
    const shape = /\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}/y
    shape.lastIndex = this.at
    const found = shape.exec(this.pattern)
    if (found === null) {
      this.emit('\\{', 1)
      return false
    }
    const [text, low, comma, high] = found
    const most = comma === undefined ? Number(low) : high === undefined ? Number.POSITIVE_INFINITY : Number(high)
    if (Number(low) > MAX_REPEAT || (most > MAX_REPEAT && high !== undefined) || most < Number(low)) {
      throw new RegexpError('invalid repeat count', text)
    }
    this.repeat(text, this.at + text.length)
    return true
  }

  private repeat(text: string, end: number): void {
    const lazy = this.pattern[end] === '?'
    const after = lazy ? end + 1 : end
    if (this.repetition >= 0) {
      throw new RegexpError('invalid nested repetition operator', this.pattern.slice(this.repetition, after))
    }
    if (this.atom < 0)
      throw new RegexpError('missing argument to repetition operator', this.pattern.slice(this.at, after))
    // With flags between them Go stacks repetitions after all.
    if (this.isRepeated) this.out = `${this.out.slice(0, this.atom)}(?:${this.out.slice(this.atom)})`
    this.isRepeated = true
    this.out += text + (lazy !== this.flags.lazy ? '?' : '')
    this.at = after
  }

  private escape(): void {
    const letter = this.pattern[this.at + 1]
    if (letter === 'A') this.emit('(?:^)', 2)
    else if (letter === 'z') this.emit('(?:$)', 2)
    else if (letter === 'b' || letter === 'B') this.emit(`(?:\\${letter})`, 2)
    else if (letter === 'C') throw new RegexpError('invalid escape sequence', '\\C')
    else if (letter === 'Q') this.quoted()
    else {
      const group = readClassEscape(this.pattern, this.at, this.flags.foldCase)
      if (group !== undefined) this.emit(anyOf(group.text), group.to - this.at)
      else {
        const { point, to } = readEscape(this.pattern, this.at)
        this.emit(literal(point, this.flags.foldCase), to - this.at)
      }
    }
  }

  /** Everything up to \E stands for itself. */
  private quoted(): void {
    const end = this.pattern.indexOf('\\E', this.at)
    const text = end < 0 ? this.pattern.slice(this.at + 2) : this.pattern.slice(this.at + 2, end)
    this.at = end < 0 ? this.pattern.length : end + 2
    for (const character of text) this.emit(literal(character.codePointAt(0)!, this.flags.foldCase), 0)
  }
}
