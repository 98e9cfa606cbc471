// Reads the fields of a manifest that the API server has let through, one by one, so that none is ignored in silence: what
// is left over is refused by name. Of what is of the wrong type, the API server has told: it reads as if it weren't there.
import { isJsonObject, type Json, type JsonObject } from '../scenario/json.js'
import { type Manifest, placeOf } from '../scenario/manifest.js'
import type { Advice, Place, Problems } from '../scenario/problem.js'
import { isInt32 } from './api/word.js'

type Path = readonly (string | number)[]

/** One mapping of a manifest, with what has been read of it so far. */
export class Fields {
  private readonly read = new Set<string>()
  /** What is asked for twice is complained of once. */
  private readonly inner = new Map<string, readonly Fields[]>()
  readonly value: JsonObject

  constructor(
    private readonly manifest: Manifest,
    private readonly problems: Problems,
    value: Json,
    readonly path: Path = [],
  ) {
    this.value = isJsonObject(value) ? value : {}
  }

  static of(manifest: Manifest, problems: Problems): Fields {
    return new Fields(manifest, problems, manifest.value)
  }

  /** Name of the object that the mapping is in. */
  get ownerName(): string {
    return this.manifest.name
  }

  /** Stands in for a mapping that isn't there, so that reading can go on and find more. */
  empty(key: string, value: Json = {}): Fields {
    return new Fields(this.manifest, this.problems, value, [...this.path, key])
  }

  keys(): readonly string[] {
    return Object.keys(this.value)
  }

  has(key: string): boolean {
    return this.take(key) !== undefined
  }

  raw(key: string): Json | undefined {
    return this.take(key)
  }

  text(key: string): string | undefined {
    const value = this.take(key)
    return typeof value === 'string' ? value : undefined
  }

  integer(key: string): number | undefined {
    const value = this.take(key)
    return typeof value === 'number' && Number.isInteger(value) ? value : undefined
  }

  flag(key: string): boolean | undefined {
    const value = this.take(key)
    return typeof value === 'boolean' ? value : undefined
  }

  /** The API server lets longer numbers through; the controller can't read the object then. */
  intOrText(key: string): number | string | undefined {
    const value = this.take(key)
    if (typeof value === 'string') return value
    if (typeof value !== 'number' || !Number.isInteger(value)) return undefined
    if (isInt32(value)) return value
    const name = pathText([...this.path, key])
    this.error(
      key,
      'unreadable-number',
      `${name} must be a whole number of 32 bits or text: the controller can't read ${value}`,
    )
    return undefined
  }

  fields(key: string): Fields | undefined {
    const value = this.take(key)
    if (value === undefined) return undefined
    return this.once(key, () => [new Fields(this.manifest, this.problems, value, [...this.path, key])])[0]
  }

  /** A list of mappings; an item that is none is left out. */
  list(key: string): readonly Fields[] {
    return this.once(key, () =>
      this.items(key).flatMap((item, index) =>
        isJsonObject(item) ? new Fields(this.manifest, this.problems, item, [...this.path, key, index]) : [],
      ),
    )
  }

  texts(key: string): readonly string[] {
    return this.items(key).filter((item) => typeof item === 'string')
  }

  /** Fields that have no say in what is simulated. */
  irrelevant(...keys: readonly string[]): void {
    for (const key of keys) this.read.add(key)
  }

  /** Fields of the real controller that aren't simulated: refused by name, never ignored. */
  refuse(...keys: readonly string[]): void {
    for (const key of keys) {
      if (!this.has(key)) continue
      const name = pathText([...this.path, key])
      this.error(key, 'unsupported-field', `${name} is not simulated`, 'Remove the field to fly without it.')
    }
  }

  /** Whatever nobody asked for. */
  end(): void {
    this.refuse(...Object.keys(this.value).filter((key) => !this.read.has(key)))
  }

  error(key: string | undefined, code: string, message: string, advice?: string | Advice): void {
    this.problems.error(code, this.place(key), message, typeof advice === 'object' ? advice : { hint: advice })
  }

  warning(key: string | undefined, code: string, message: string, hint?: string): void {
    this.problems.warning(code, this.place(key), message, { hint })
  }

  /** Of the value under a key, or of the mapping itself. */
  place(key: string | undefined): Place {
    const path = key === undefined ? this.path : [...this.path, key]
    return placeOf(this.manifest, path)
  }

  /** Of a character of the text under a key. */
  placeIn(key: string, index: number): Place {
    return { file: this.manifest.file, ...this.manifest.positionWithin([...this.path, key], index) }
  }

  private once(key: string, make: () => readonly Fields[]): readonly Fields[] {
    const known = this.inner.get(key) ?? make()
    this.inner.set(key, known)
    return known
  }

  /** A null is an absent field, as the API server reads it. */
  private take(key: string): Json | undefined {
    this.read.add(key)
    return this.value[key] ?? undefined
  }

  private items(key: string): readonly Json[] {
    const value = this.take(key)
    return Array.isArray(value) ? value : []
  }
}

/** `spec.strategy.canary.steps[2].pause` */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}
