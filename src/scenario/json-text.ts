// Reads JSON text, and knows where in it each value stands.
import type { Json } from './json.js'
import type { Place, Problems } from './problem.js'
import type { Position, YamlDocument } from './yaml.js'
import type { Path } from './yaml-value.js'

/** A value, and where the parts of it stand that somebody may have to look at. */
export type Positioned = Pick<YamlDocument, 'value' | 'positionOf' | 'keyPositionOf'>

/** Undefined for what is no JSON; why is among the problems, at its place and with a hint. */
export function parseJson(text: string, file: string, problems: Problems, hint: string): Positioned | undefined {
  const bare = text.replace(/^\ufeff/, '')
  let value: Json
  try {
    value = JSON.parse(bare) as Json
  } catch {
    const { offset, code, message } = walk(bare, () => {})!
    const place: Place = { file, ...positionAt(bare, offset) }
    problems.error(code, place, message, { hint: code === 'json-syntax' ? hint : unfinished })
    return undefined
  }
  // Only what is wrong has to be found again.
  const find = (path: Path) => {
    let spot: Spot = { key: 0, value: 0 }
    walk(bare, (levels, value) => {
      if (isAt(levels, path)) spot = { key: levels.at(-1)?.keyOffset ?? value, value }
    })
    return spot
  }
  return {
    value,
    positionOf: (path) => positionAt(bare, find(path).value),
    keyPositionOf: (path) => positionAt(bare, find(path).key),
  }
}

const unfinished = 'Whatever should have written it may have failed or was interrupted, and told why on standard error.'

interface Spot {
  readonly key: number
  readonly value: number
}

/** An open object or list, and where in it the reader is. */
interface Level {
  readonly isList: boolean
  key: string | number
  keyOffset: number
}

interface Mistake {
  readonly offset: number
  readonly code: 'json-empty' | 'json-cut' | 'json-syntax'
  readonly message: string
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing'

/** White space, and then a mark, a string, or a word. */
const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them in strings
  /[ \t\n\r]*(?:([[\]{},:])|("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true|false|null))/uy

/** By the grammar of RFC 8259, without calling itself: what is nested deeply ends no reader. */
function walk(text: string, see: (levels: readonly Level[], offset: number) => void): Mistake | undefined {
  const levels: Level[] = []
  let expected: Expected = 'value'
  let at = 0
  for (;;) {
    token.lastIndex = at
    const [whole, mark, string, word] = token.exec(text) ?? []
    if (whole === undefined) return stopped(text, at, expected, levels)
    const offset = at + whole.length - (mark ?? string ?? word)!.length
    const next = after(expected, mark, string, offset, levels, see)
    if (next === undefined) return unexpected(text, offset, expected, levels)
    expected = next
    at += whole.length
  }
}

/** What is expected behind it; undefined if this wasn't. */
function after(
  expected: Expected,
  mark: string | undefined,
  string: string | undefined,
  offset: number,
  levels: Level[],
  see: (levels: readonly Level[], offset: number) => void,
): Expected | undefined {
  const level = levels.at(-1)
  if (mark === '}' || mark === ']') {
    if (!expected.endsWith('or end') || level?.isList !== (mark === ']')) return undefined
    levels.pop()
    return behindValue(levels)
  }
  if (mark === ',') {
    if (expected !== 'comma or end') return undefined
    if (level!.isList) level!.key = Number(level!.key) + 1
    return level!.isList ? 'value' : 'key'
  }
  if (mark === ':') return expected === 'colon' ? 'value' : undefined
  if (expected.startsWith('key') && string !== undefined) {
    level!.key = JSON.parse(string) as string
    level!.keyOffset = offset
    return 'colon'
  }
  if (!expected.startsWith('value')) return undefined
  if (level?.isList) level.keyOffset = offset
  see(levels, offset)
  if (mark === undefined) return behindValue(levels)
  levels.push({ isList: mark === '[', key: mark === '[' ? 0 : '', keyOffset: offset })
  return mark === '[' ? 'value or end' : 'key or end'
}

function behindValue(levels: readonly Level[]): Expected {
  return levels.length === 0 ? 'nothing' : 'comma or end'
}

function isAt(levels: readonly Level[], path: Path): boolean {
  return levels.length === path.length && levels.every(({ key }, depth) => key === path[depth])
}

/** Where no token begins: at the end of the text, within what was cut off, or at something that JSON doesn't have. */
function stopped(text: string, at: number, expected: Expected, levels: readonly Level[]): Mistake | undefined {
  const offset = at + /^[ \t\n\r]*/.exec(text.slice(at))![0].length
  const rest = text.slice(offset)
  if (rest === '' && expected === 'nothing') return undefined
  if (rest === '' && at === 0) return { offset: 0, code: 'json-empty', message: 'there is nothing in it' }
  const isCut = offset > 0 && (rest === '' || /^(?:"[^"\\]*(?:\\.[^"\\]*)*\\?|[-+.\w]{0,5})$/s.test(rest))
  if (!isCut) return unexpected(text, offset, expected, levels)
  return { offset: text.length, code: 'json-cut', message: 'it was cut off: this JSON ends in the middle' }
}

function unexpected(text: string, offset: number, expected: Expected, levels: readonly Level[]): Mistake {
  const found = `\`${/^(?:[\w.+-]{1,20}|.)/su.exec(text.slice(offset))![0]}\``
  const end = levels.at(-1)?.isList ? '`]`' : '`}`'
  const wanted = {
    value: 'a value',
    'value or end': `a value or ${end}`,
    key: 'a name in double quotes',
    'key or end': `a name in double quotes or ${end}`,
    colon: '`:`',
    'comma or end': `\`,\` or ${end}`,
    nothing: 'nothing more: a file holds one document',
  }[expected]
  return { offset, code: 'json-syntax', message: `this is no JSON: expected ${wanted}, found ${found}` }
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}
