// A mapping inside a Chaos Mesh document, with its place, for whoever reads it or complains about it.
import { isJsonObject, type Json, type JsonObject } from '../json.js'
import type { Manifest } from '../manifest.js'
import type { Advice, Place, Problems } from '../problem.js'

export class Part {
  constructor(
    readonly manifest: Manifest,
    readonly problems: Problems,
    readonly path: readonly string[],
    readonly value: JsonObject,
  ) {}

  has(key: string): boolean {
    return this.value[key] !== undefined && this.value[key] !== null
  }

  get(key: string): Json {
    return this.value[key] ?? null
  }

  text(key: string): string | undefined {
    const value = this.get(key)
    return typeof value === 'string' ? value : undefined
  }

  number(key: string): number | undefined {
    const value = this.get(key)
    return typeof value === 'number' ? value : undefined
  }

  texts(key: string): readonly string[] {
    const value = this.get(key)
    return Array.isArray(value) ? (value as readonly Json[]).filter((each) => typeof each === 'string') : []
  }

  /** By key, as a selector has them. */
  words(key: string): readonly (readonly [key: string, value: string])[] {
    const value = this.get(key)
    return isJsonObject(value) ? Object.entries(value).map(([name, text]) => [name, String(text)]) : []
  }

  part(key: string): Part | undefined {
    const value = this.get(key)
    return isJsonObject(value) ? new Part(this.manifest, this.problems, [...this.path, key], value) : undefined
  }

  parts(key: string): readonly Part[] {
    const value = this.get(key)
    if (!Array.isArray(value)) return []
    return (value as readonly Json[]).flatMap((each, index) =>
      isJsonObject(each) ? [new Part(this.manifest, this.problems, [...this.path, key, String(index)], each)] : [],
    )
  }

  /** `spec.selector.mode`. */
  nameOf(key: string): string {
    return [...this.path, key].join('.')
  }

  placeOf(key?: string): Place {
    const path = key === undefined ? this.path : [...this.path, key]
    return { file: this.manifest.file, ...this.manifest.positionOf(path.map(step)) }
  }

  /** What Chaos Mesh itself would not take. */
  invalid(key: string | undefined, message: string, advice: Advice = {}): void {
    this.problems.error('chaos-invalid', this.placeOf(key), message, advice)
  }

  /** What Chaos Mesh takes, and the world has nothing of. */
  refuse(key: string | undefined, message: string, hint?: string): void {
    this.problems.error('chaos-not-simulated', this.placeOf(key), message, { hint })
  }

  /** What is read and means nothing here. */
  warn(key: string, message: string, hint?: string): void {
    const { line, column } = this.manifest.keyPositionOf([...this.path, key].map(step))
    this.problems.warning('chaos-ignored', { file: this.manifest.file, line, column }, message, { hint })
  }
}

/** Numbers in a path are places in a list: no field of Chaos Mesh is called by a number. */
function step(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : key
}
