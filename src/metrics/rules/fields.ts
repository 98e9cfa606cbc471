// The fields of a mapping in a rule file, each read as what it should be; what is not is told with its place.
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
import { nearName } from '../../scenario/near-name.js'
import type { Advice, Place, Problems } from '../../scenario/problem.js'
import type { Position } from '../../scenario/yaml.js'
import type { Path } from '../../scenario/yaml-value.js'
import { parseDuration } from '../duration.js'

/** Where rules are written: a rule file, or the spec of a PrometheusRule. */
export interface RuleText {
  readonly file: string
  readonly value: Json
  positionOf(path: Path): Position
  keyPositionOf(path: Path): Position
  positionWithin(path: Path, index: number): Position
}

export interface RuleSource {
  readonly text: RuleText
  readonly problems: Problems
}

export class Fields {
  constructor(
    readonly source: RuleSource,
    private readonly value: JsonObject,
    readonly path: Path,
    known: readonly string[],
  ) {
    for (const key of Object.keys(value)) if (!known.includes(key)) this.tellUnknown(key, known)
  }

  has(key: string): boolean {
    return (this.value[key] ?? null) !== null
  }

  /** Empty if it is missing; undefined, and told, if it is no text. */
  textOf(key: string): string | undefined {
    return textFrom(this.source, this.value[key] ?? '', [...this.path, key])
  }

  /** Milliseconds; undefined if it is missing or wrong. */
  durationOf(key: string): number | undefined {
    if (!this.has(key)) return undefined
    const text = this.textOf(key)
    const duration = text === undefined ? undefined : parseDuration(text)
    if (typeof duration !== 'object') return duration
    const hint = 'Durations look like 30s, 5m or 1h30m.'
    this.error('rules-duration', [key], `\`${key}\`: ${duration.error}`, { hint })
    return undefined
  }

  /** Where a number isn't plain, Prometheus takes it for text. */
  integerOf(key: string): number {
    const written = this.value[key] ?? null
    if (written === null) return 0
    const integer = integerFrom(written)
    if (integer === undefined || this.isQuoted(key)) {
      this.error('rules-type', [key], `\`${key}\` must be a whole number`)
      return 0
    }
    return integer
  }

  /** A mapping from names to texts. */
  textsOf(key: string): Readonly<Record<string, string>> {
    const written = this.value[key] ?? null
    if (written === null) return {}
    if (!isJsonObject(written)) {
      this.error('rules-type', [key], `\`${key}\` must be a mapping of names to texts`)
      return {}
    }
    const texts: [string, string][] = []
    for (const [name, value] of Object.entries(written)) {
      const text = textFrom(this.source, value, [...this.path, key, name])
      if (text !== undefined) texts.push([name, text])
    }
    return Object.freeze(Object.fromEntries(texts))
  }

  /** The mappings of a list; as Prometheus reads it, an item that is nothing is not there. */
  itemsOf(key: string, known: readonly string[]): readonly Fields[] {
    const written = this.value[key] ?? null
    if (written === null) return []
    if (!Array.isArray(written)) {
      this.error('rules-type', [key], `\`${key}\` must be a list`)
      return []
    }
    return (written as readonly Json[]).flatMap((item, index) => {
      if (item === null) return []
      const path = [...this.path, key, index]
      if (isJsonObject(item)) return new Fields(this.source, item, path, known)
      this.error('rules-type', [key, index], `an item of \`${key}\` must be a mapping`)
      return []
    })
  }

  placeOf(...inside: Path): Place {
    const { text } = this.source
    return { file: text.file, ...text.positionOf([...this.path, ...inside]) }
  }

  keyPlaceOf(...inside: Path): Place {
    const { text } = this.source
    return { file: text.file, ...text.keyPositionOf([...this.path, ...inside]) }
  }

  /** Where a character of a text stands. */
  placeWithin(key: string, index: number): Place {
    const { text } = this.source
    return { file: text.file, ...text.positionWithin([...this.path, key], index) }
  }

  error(code: string, inside: Path, message: string, advice?: Advice): void {
    this.source.problems.error(code, this.placeOf(...inside), message, advice)
  }

  /** What stands at a value's very place is a quotation mark, if anything marks it as text. */
  private isQuoted(key: string): boolean {
    if (typeof this.value[key] !== 'string') return false
    const start = this.placeOf(key)
    const first = this.placeWithin(key, 0)
    return start.line !== first.line || start.column !== first.column
  }

  private tellUnknown(key: string, known: readonly string[]): void {
    const near = nearName(key, known)
    const message = `unknown field \`${key}\`${near === undefined ? '' : `: did you mean \`${near}\`?`}`
    const hint = near === undefined ? `Known here are: ${known.join(', ')}.` : undefined
    this.source.problems.error('rules-unknown-field', this.keyPlaceOf(key), message, { hint })
  }
}

function textFrom({ text, problems }: RuleSource, value: Json, path: Path): string | undefined {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  const found = Array.isArray(value) ? 'a list' : 'a mapping'
  const message = `\`${String(path.at(-1))}\` must be text, not ${found}`
  problems.error('rules-type', { file: text.file, ...text.positionOf(path) }, message)
  return undefined
}

const INTEGER = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9][0-9]*)$/
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/

/** As go.yaml.in/yaml v3 puts a number into an integer: of one with a fraction the whole part. */
function integerFrom(value: Json): number | undefined {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value !== 'string') return undefined
  const plain = value.replaceAll('_', '')
  if (INTEGER.test(plain)) {
    const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(plain)!
    const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
    const size = Number(octal)
    return size < 2 ** 63 ? (sign === '-' ? -size : size) : undefined
  }
  const size = FLOAT.test(plain) ? Number(plain) : Number.NaN
  return size < 2 ** 63 ? Math.trunc(size) : undefined
}
