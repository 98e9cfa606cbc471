// Go's regular expressions (RE2 syntax) as JavaScript ones: same matches, and what RE2 lacks is refused.
// Syntax from https://github.com/google/re2/wiki/Syntax and Go's regexp/syntax documentation.

import { CharacterClass, escapeCharacter, PERL_CLASSES, readClass, readEscape, readProperty } from './regex-class.js'
import { RegexError } from './regex-error.js'

export interface GoRegex {
  readonly regex: RegExp
  /** Names of the capture groups, by number from 1 on; unnamed ones are empty. */
  readonly groups: readonly string[]
}

/** As Prometheus compiles matchers and label_replace: the whole value must match, and a dot matches a newline too. */
export function anchoredRegex(pattern: string): GoRegex {
  const { source, groups } = new Translation(pattern).run()
  return { regex: new RegExp(`^(?:${source})$`, 'u'), groups }
}

/** RE2 refuses repetitions whose nested counts multiply to more. */
const REPEAT_LIMIT = 1000

interface Flags {
  ignoreCase: boolean
  multiline: boolean
  dotAll: boolean
  ungreedy: boolean
}

interface Group {
  readonly flags: Flags
  /** Largest product of counted repetitions inside the group so far, and in its last atom. */
  repeat: number
  lastRepeat: number
}

class Translation {
  #at = 0
  #out = ''
  #flags: Flags = { ignoreCase: false, multiline: false, dotAll: true, ungreedy: false }
  readonly #open: Group[] = []
  readonly #groups: string[] = ['']
  #group: Group = { flags: this.#flags, repeat: 1, lastRepeat: 1 }
  /** Where a repetition operator would find its argument: nothing, an atom, or (refused) another repetition. */
  #before: 'nothing' | 'atom' | 'repetition' = 'nothing'
  #repetitionFrom = 0

  constructor(readonly pattern: string) {}

  run(): { source: string; groups: string[] } {
    while (this.#at < this.pattern.length) this.#next()
    if (this.#open.length > 0) throw new RegexError('missing closing )', this.pattern)
    return { source: this.#out, groups: this.#groups }
  }

  #next(): void {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.#at)!)
    switch (character) {
      case '(':
        this.#openGroup()
        break
      case ')':
        this.#closeGroup()
        break
      case '|':
        this.#take(1, '|')
        this.#before = 'nothing'
        break
      case '*':
      case '+':
      case '?':
        this.#repeat(character, this.#at + 1, 1)
        break
      case '{':
        this.#repeatCounted()
        break
      case '[':
        this.#class()
        break
      case '\\':
        this.#escape()
        break
      case '.':
        this.#atom(1, this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]')
        break
      case '^':
        this.#atom(1, this.#flags.multiline ? '(?:(?<![^\\n]))' : '(?:^)')
        break
      case '$':
        this.#atom(1, this.#flags.multiline ? '(?:(?![^\\n]))' : '(?:$)')
        break
      default:
        this.#literal(character.length, character)
    }
  }

  #take(length: number, source: string): void {
    this.#at += length
    this.#out += source
  }

  #atom(length: number, source: string): void {
    this.#take(length, source)
    this.#before = 'atom'
    this.#group.lastRepeat = 1
  }

  #literal(length: number, character: string): void {
    const source = this.#flags.ignoreCase
      ? new CharacterClass(true).add(character.codePointAt(0)!).toSource()
      : escapeCharacter(character.codePointAt(0)!)
    this.#atom(length, source)
  }

  #openGroup(): void {
    this.#open.push({ ...this.#group, flags: { ...this.#flags } })
    const rest = this.pattern.slice(this.#at)
    if (!rest.startsWith('(?')) {
      this.#groups.push('')
      this.#enterGroup(1, '(')
    } else if (/^\(\?(P?)</.test(rest)) {
      const named = /^\(\?P?<(\w+)>/.exec(rest)
      if (named === null) throw new RegexError('invalid named capture', /^[^>]*>?/.exec(rest)![0])
      this.#groups.push(named[1]!)
      this.#enterGroup(named[0].length, '(')
    } else {
      this.#flagGroup(rest)
    }
  }

  #flagGroup(rest: string): void {
    const match = /^\(\?([imsU]*)(-[imsU]+)?([:)])/.exec(rest)
    if (match === null)
      throw new RegexError('invalid or unsupported Perl syntax', /^\(\?[imsU-]*[\s\S]?/.exec(rest)![0])
    const flags = { ...this.#flags }
    for (const letter of match[1]!) setFlag(flags, letter, true)
    for (const letter of match[2] ?? '') setFlag(flags, letter, false)
    this.#flags = flags
    if (match[3] === ':') {
      this.#enterGroup(match[0].length, '(?:')
      return
    }
    // Flags alone hold to the end of the group they stand in.
    this.#open.pop()
    this.#take(match[0].length, '')
    this.#before = 'nothing'
  }

  #enterGroup(length: number, source: string): void {
    this.#group = { flags: this.#flags, repeat: 1, lastRepeat: 1 }
    this.#take(length, source)
    this.#before = 'nothing'
  }

  #closeGroup(): void {
    const outer = this.#open.pop()
    if (outer === undefined) throw new RegexError('unexpected )', this.pattern)
    const inside = this.#group.repeat
    this.#flags = outer.flags
    this.#group = { ...outer, repeat: Math.max(outer.repeat, inside), lastRepeat: inside }
    this.#take(1, ')')
    this.#before = 'atom'
  }

  #repeatCounted(): void {
    const match = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(this.pattern.slice(this.#at))
    if (match === null) {
      this.#literal(1, '{')
      return
    }
    const least = Number(match[1])
    const most = match[3] === undefined ? least : Number(match[3])
    if (most > REPEAT_LIMIT || least > most) throw new RegexError('invalid repeat count', match[0])
    this.#repeat(match[0], this.#at + match[0].length, Math.max(1, most))
  }

  #repeat(operator: string, end: number, count: number): void {
    if (this.#before === 'nothing') throw new RegexError('missing argument to repetition operator', operator)
    if (this.#before === 'repetition') {
      throw new RegexError('invalid nested repetition operator', this.pattern.slice(this.#repetitionFrom, end))
    }
    const product = this.#group.lastRepeat * count
    if (product > REPEAT_LIMIT) throw new RegexError('invalid repeat count', operator)
    this.#group.lastRepeat = product
    this.#group.repeat = Math.max(this.#group.repeat, product)
    const marked = this.pattern[end] === '?'
    this.#repetitionFrom = this.#at
    this.#at = marked ? end + 1 : end
    this.#out += operator + (marked !== this.#flags.ungreedy ? '?' : '')
    this.#before = 'repetition'
  }

  #class(): void {
    const { end, source } = readClass(this.pattern, this.#at, this.#flags.ignoreCase)
    this.#atom(end - this.#at, source)
  }

  #escape(): void {
    const letter = this.pattern[this.#at + 1] ?? ''
    if (letter === 'Q') {
      this.#quoted()
    } else if (letter in ASSERTIONS) {
      this.#atom(2, ASSERTIONS[letter]!)
    } else if (letter in PERL_CLASSES) {
      this.#atom(2, `[${PERL_CLASSES[letter]}]`)
    } else if (letter === 'p' || letter === 'P') {
      const { end, source } = readProperty(this.pattern, this.#at)
      this.#atom(end - this.#at, source)
    } else {
      const { end, codePoint } = readEscape(this.pattern, this.#at)
      this.#literal(end - this.#at, String.fromCodePoint(codePoint))
    }
  }

  #quoted(): void {
    const end = this.pattern.indexOf('\\E', this.#at + 2)
    const text = this.pattern.slice(this.#at + 2, end < 0 ? undefined : end)
    this.#at += 2
    for (const character of text) this.#literal(character.length, character)
    if (end >= 0) this.#at += 2
  }
}

/** In groups, because RE2 lets assertions be repeated. JavaScript's word boundary without the i flag is ASCII, as RE2's. */
const ASSERTIONS: Readonly<Record<string, string>> = { A: '(?:^)', z: '(?:$)', b: '(?:\\b)', B: '(?:\\B)' }

function setFlag(flags: Flags, letter: string, on: boolean): void {
  if (letter === 'i') flags.ignoreCase = on
  if (letter === 'm') flags.multiline = on
  if (letter === 's') flags.dotAll = on
  if (letter === 'U') flags.ungreedy = on
}
