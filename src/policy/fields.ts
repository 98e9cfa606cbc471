// Reads the fields of a manifest one by one, so that none is ignored in silence: what is left over is told by name.
import { isJsonObject, type Json, type JsonObject } from '../scenario/json.js'
import type { Manifest } from '../scenario/manifest.js'
import { nearName } from '../scenario/near-name.js'
import type { Advice, Place, Problems } from '../scenario/problem.js'

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
    if (!isJsonObject(value) && value !== null) this.wrongType(path, 'a mapping')
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
    if (value === undefined || typeof value === 'string') return value
    const hint = typeof value === 'object' ? undefined : `Put it in quotes: "${value}".`
    return this.wrongType([...this.path, key], 'text', hint)
  }

  integer(key: string): number | undefined {
    const value = this.take(key)
    if (value === undefined || isInt32(value)) return value
    return this.wrongType([...this.path, key], 'a whole number of 32 bits')
  }

  flag(key: string): boolean | undefined {
    const value = this.take(key)
    if (value === undefined || typeof value === 'boolean') return value
    return this.wrongType([...this.path, key], 'true or false')
  }

  intOrText(key: string): number | string | undefined {
    const value = this.take(key)
    if (value === undefined || typeof value === 'string') return value
    if (isInt32(value)) return value
    return this.wrongType([...this.path, key], 'a whole number of 32 bits or text')
  }

  fields(key: string): Fields | undefined {
    const value = this.take(key)
    if (value === undefined) return undefined
    return this.once(key, () => [new Fields(this.manifest, this.problems, value, [...this.path, key])])[0]
  }

  /** A list of mappings; an item that is none is told and left out. */
  list(key: string): readonly Fields[] {
    const value = this.take(key)
    if (value === undefined) return []
    return this.once(key, () => {
      if (!Array.isArray(value)) return this.wrongType([...this.path, key], 'a list') ?? []
      return (value as readonly Json[]).flatMap((item, index) => {
        const path = [...this.path, key, index]
        return isJsonObject(item)
          ? new Fields(this.manifest, this.problems, item, path)
          : (this.wrongType(path, 'a mapping') ?? [])
      })
    })
  }

  texts(key: string): readonly string[] {
    const value = this.take(key)
    if (value === undefined) return []
    if (!Array.isArray(value)) return this.wrongType([...this.path, key], 'a list') ?? []
    return (value as readonly Json[]).filter((item, index): item is string => {
      if (typeof item === 'string') return true
      this.wrongType([...this.path, key, index], 'text')
      return false
    })
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

  /** Whatever nobody asked for: the API server would drop it. */
  end(known: readonly string[] = [...this.read]): void {
    for (const key of Object.keys(this.value)) {
      if (this.read.has(key)) continue
      const near = nearName(key, known)
      this.warning(
        key,
        'unknown-field',
        `unknown field ${pathText([...this.path, key])}: the API server drops it`,
        near === undefined ? undefined : `Did you mean ${near}?`,
      )
    }
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
    return { file: this.manifest.file, ...this.manifest.positionOf(path) }
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

  private wrongType(path: Path, expected: string, hint?: string): undefined {
    const place = { file: this.manifest.file, ...this.manifest.positionOf(path) }
    this.problems.error('wrong-type', place, `${pathText(path)} must be ${expected}`, { expected, hint })
    return undefined
  }
}

function isInt32(value: Json): value is number {
  return typeof value === 'number' && (value | 0) === value
}

/** `spec.strategy.canary.steps[2].pause` */
export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}
