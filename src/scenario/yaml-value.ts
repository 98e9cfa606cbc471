// From the nodes of a YAML document to plain frozen data, with the place of every value in the text.
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml'
import { goFloatKey } from './go-float-key.js'
import { isJsonObject, type Json } from './json.js'
import { FLOAT_FORMAT } from './kubernetes-scalars.js'
import { limits } from './limits.js'

export type Path = readonly (string | number)[]

/** Offsets in the text. */
export interface Spot {
  readonly key: number
  readonly value: number
}

/** What to do where YAML leaves room. */
export interface ValueRules {
  /** `<<` brings in the entries of other mappings: they override what stands above, or yield to what is written. */
  readonly merge: false | 'overrides' | 'yields'
  /** A key written twice: the last one wins, or it is an error. */
  readonly duplicates: 'warning' | 'error'
  /** A key that is nothing: its entry is not there, or it is an error. */
  readonly emptyKeys: 'warning' | 'error'
  /** What is said of infinity and NaN, which no data of ours can hold. */
  readonly notFinite: string
}

export type Complaint = (severity: 'error' | 'warning', code: string, offset: number, message: string) => void

interface Anchor {
  /** Undefined while the anchored value is still being read. */
  value?: Json
  size: number
}

interface Entry {
  readonly value: Json
  readonly spot: Spot
  readonly merged: boolean
}

/**
 * Reads one document. An alias gives the very object its anchor gave, so a document that doubles itself twenty times
 * takes no memory; but whoever walks the data walks it all, so what aliases stand for is counted and limited.
 */
export class ValueReader {
  private readonly anchors = new Map<string, Anchor>()
  private readonly spots = new WeakMap<object, ReadonlyMap<string | number, Spot>>()
  private values = 0
  private aliasedValues = 0

  constructor(
    private readonly rules: ValueRules,
    private readonly complain: Complaint,
  ) {}

  read(node: Node | null): Json {
    return this.valueOf(node)
  }

  /** Where the value at a path stands; of a path that leads nowhere, the last step that does. */
  spotOf(root: Json, path: Path): Spot | undefined {
    let value: Json | undefined = root
    let spot: Spot | undefined
    for (const step of path) {
      if (typeof value !== 'object' || value === null) break
      const next = this.spots.get(value)?.get(step)
      if (next === undefined) break
      spot = next
      value = (value as Record<string | number, Json>)[step]
    }
    return spot
  }

  private valueOf(node: Node | null): Json {
    this.values++
    if (isAlias(node)) return this.aliased(node.source, offsetOf(node))
    const anchor: Anchor = { size: 0 }
    const before = this.values
    if (node?.anchor !== undefined) this.anchors.set(node.anchor, anchor)
    const value = isMap(node) ? this.mapping(node.items) : isSeq(node) ? this.list(node.items) : this.scalar(node)
    anchor.value = value
    anchor.size = this.values - before + 1
    return value
  }

  private scalar(node: Node | null): Json {
    const value = isScalar(node) ? (node.value as Json) : null
    if (typeof value !== 'number') return value
    if (!Number.isFinite(value)) {
      this.complain('error', 'yaml-number', offsetOf(node), this.rules.notFinite)
    }
    if (isScalar(node)) this.tellOtherNumber(node, value)
    // Go writes -0.0 as `-0`, which comes back as the integer 0.
    return value === 0 ? 0 : value
  }

  /** YAML 1.1 reads `010` as 8, and `1_0` as 10. */
  private tellOtherNumber(node: Scalar, value: number): void {
    const { source } = node
    if (source === undefined || !Number.isFinite(value) || Number(source) === value) return
    this.complain('warning', 'yaml-number-read', offsetOf(node), `YAML 1.1 reads \`${source}\` as ${value}`)
  }

  private aliased(name: string, offset: number): Json {
    const anchor = this.anchors.get(name)
    if (anchor === undefined) this.complain('error', 'yaml-alias', offset, `no anchor \`&${name}\` before this alias`)
    else if (anchor.value === undefined) {
      this.complain('error', 'yaml-alias', offset, `the value of anchor \`&${name}\` contains itself`)
    }
    this.countAliased(anchor?.size ?? 0, offset)
    return anchor?.value ?? null
  }

  private countAliased(size: number, offset: number): void {
    this.values += size
    this.aliasedValues += size
    if (this.aliasedValues > limits.aliasedValues) throw new AliasLimit(offset)
  }

  private list(items: readonly unknown[]): Json {
    const spots = new Map<number, Spot>()
    const values = items.map((item, index) => {
      const node = item as Node | null
      const offset = offsetOf(node)
      spots.set(index, { key: offset, value: offset })
      return this.valueOf(node)
    })
    this.spots.set(values, spots)
    return Object.freeze(values)
  }

  private mapping(items: readonly Pair[]): Json {
    const entries = new Map<string, Entry>()
    const [, another] = items.filter(({ key }) => this.isDropped(key as Node | null))
    if (another) {
      this.complain('error', 'yaml-duplicate-key', offsetOf(another.key as Node), 'a second key that is nothing')
    }
    for (const pair of items) {
      const key = pair.key as Node | null
      const value = pair.value as Node | null
      if (this.rules.merge && isMergeKey(key)) this.merge(value, offsetOf(key), entries)
      else this.enter(key, value, entries)
    }
    const object: Record<string, Json> = {}
    const spots = new Map<string, Spot>()
    for (const [key, { value, spot }] of entries) {
      // Plain assignment would set the prototype for the key `__proto__`.
      if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true })
      else object[key] = value
      spots.set(key, spot)
    }
    this.spots.set(object, spots)
    return Object.freeze(object)
  }

  private enter(key: Node | null, value: Node | null, entries: Map<string, Entry>): void {
    const keyOffset = offsetOf(key)
    if (this.isDropped(key)) {
      this.complain('warning', 'yaml-key', keyOffset, 'an entry whose key is nothing is not there')
      return
    }
    const name = this.keyOf(key, keyOffset)
    const earlier = entries.get(name)
    if (earlier !== undefined && !earlier.merged) {
      const message = `key \`${name}\` is written twice in this mapping`
      const outcome = this.rules.duplicates === 'warning' ? ': the last one counts' : ''
      this.complain(this.rules.duplicates, 'yaml-duplicate-key', keyOffset, message + outcome)
    }
    const spot = { key: keyOffset, value: startsBelowKey(value) ? keyOffset : offsetOf(value) }
    entries.set(name, { value: this.valueOf(value), spot, merged: false })
  }

  /** Written as nothing; one that isn't written at all is a mistake everywhere. */
  private isDropped(key: Node | null): boolean {
    return this.rules.emptyKeys === 'warning' && isScalar(key) && key.value === null && key.source !== ''
  }

  /** In the order of the text: what a merge brings overrides what stands above it (go.yaml.in/yaml v2.4.3). */
  private merge(node: Node | null, offset: number, entries: Map<string, Entry>): void {
    const source = this.valueOf(node)
    const sources = Array.isArray(source) && isSeq(node) ? [...source].reverse() : [source]
    for (const each of sources) {
      if (!isJsonObject(each)) {
        this.complain('error', 'yaml-merge', offset, '`<<` wants a mapping, or a list of mappings')
        continue
      }
      const spots = this.spots.get(each)
      this.countAliased(Object.keys(each).length, offset)
      for (const [name, value] of Object.entries(each)) {
        if (entries.get(name)?.merged === false) {
          if (this.rules.merge === 'yields') continue
          const message = `\`<<\` overrides the key \`${name}\` written above it: write \`<<\` first`
          this.complain('warning', 'yaml-merge-overrides', offset, message)
        }
        entries.set(name, { value, spot: spots?.get(name) ?? { key: offset, value: offset }, merged: true })
      }
    }
  }

  private keyOf(node: Node | null, offset: number): string {
    if (isScalar(node) && node.format === FLOAT_FORMAT) return goFloatKey(Number(node.value))
    const key = this.valueOf(node)
    if (typeof key === 'object') {
      this.complain('error', 'yaml-key', offset, `a key must be text, not ${key === null ? 'null' : 'a collection'}`)
      return ''
    }
    return String(key)
  }
}

/** Too many values come from aliases. */
export class AliasLimit extends Error {
  constructor(readonly offset: number) {
    super(`aliases stand for more than ${limits.aliasedValues} values`)
  }
}

function isMergeKey(node: Node | null): boolean {
  return isScalar(node) && node.value === '<<' && (node.type === Scalar.PLAIN || node.tag === 'tag:yaml.org,2002:merge')
}

/** A block collection, and a value that is not there, are best shown at their key. */
function startsBelowKey(node: Node | null): boolean {
  if (isMap(node) || isSeq(node)) return node.flow !== true
  return node === null || (isScalar(node) && node.source === '' && node.type === Scalar.PLAIN)
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0
}
