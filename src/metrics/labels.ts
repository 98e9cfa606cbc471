// Label sets: interned in a table, so that two equal sets are one object and evaluation compares by identity.

export const METRIC_NAME = '__name__'

/** What Prometheus 3 drops together with the name when a result is no longer the metric itself. */
const METADATA = [METRIC_NAME, '__type__', '__unit__']

/** A sorted set of labels. Made by a LabelTable only; within one table, equal sets are the same object. */
export class Labels {
  /** Scratch for LabelTable.stamp(): finds two equal sets in a result without a hash set. */
  mark = 0
  #withoutName: Labels | undefined

  constructor(
    readonly table: LabelTable,
    readonly names: readonly string[],
    readonly values: readonly string[],
  ) {
    Object.freeze(names)
    Object.freeze(values)
  }

  /** The value of a label; an absent label is the empty string, as everywhere in Prometheus. */
  get(name: string): string {
    const index = this.names.indexOf(name)
    return index < 0 ? '' : this.values[index]!
  }

  get withoutName(): Labels {
    this.#withoutName ??= this.table.dropping(METADATA).of(this)
    return this.#withoutName
  }

  /** The set without the name, if anybody has asked for it. */
  get knownWithoutName(): Labels | undefined {
    return this.#withoutName
  }

  toRecord(): Record<string, string> {
    const record: Record<string, string> = {}
    this.names.forEach((name, index) => {
      record[name] = this.values[index]!
    })
    return record
  }

  /** As Prometheus prints label sets in its messages. */
  toString(): string {
    const written = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name))
    return `{${this.names.map((name, index) => `${written(name)}=${JSON.stringify(this.values[index])}`).join(', ')}}`
  }
}

/** The order of series in a matrix: by the first label that differs. */
export function compareLabels(a: Labels, b: Labels): number {
  const length = Math.min(a.names.length, b.names.length)
  for (let i = 0; i < length; i++) {
    if (a.names[i] !== b.names[i]) return a.names[i]! < b.names[i]! ? -1 : 1
    if (a.values[i] !== b.values[i]) return a.values[i]! < b.values[i]! ? -1 : 1
  }
  return a.names.length - b.names.length
}

/** A projection of label sets (`by`, `without`, `on`, `ignoring`), remembered for each set it has met. */
export class Grouping {
  readonly #known = new Map<Labels, Labels>()

  constructor(
    readonly table: LabelTable,
    readonly names: ReadonlySet<string>,
    readonly keeps: boolean,
  ) {}

  forget(labels: Labels): void {
    this.#known.delete(labels)
  }

  of(labels: Labels): Labels {
    let projected = this.#known.get(labels)
    if (projected === undefined) {
      projected = this.table.filtered(labels, (name) => this.names.has(name) === this.keeps)
      this.#known.set(labels, projected)
    }
    return projected
  }
}

/** Owns label sets: every set is stored once. */
export class LabelTable {
  readonly #sets = new Map<string, Labels>()
  readonly #groupings = new Map<string, Grouping>()
  readonly empty: Labels
  #stamp = 0

  constructor() {
    this.empty = this.#intern([], [])
  }

  get size(): number {
    return this.#sets.size
  }

  /** The set with these labels. A label with an empty value is no label. */
  of(record: Readonly<Record<string, string>>): Labels {
    const names = Object.keys(record)
      .filter((name) => record[name] !== '')
      .sort(byCodeUnit)
    return this.#intern(
      names,
      names.map((name) => record[name]!),
    )
  }

  /** For a set that nothing is called by any more; what is left of it without the name was its own, or is empty. */
  forget(labels: Labels): void {
    const { knownWithoutName = labels } = labels
    for (const set of [labels, knownWithoutName]) {
      if (set === this.empty) continue
      this.#sets.delete(keyOf(set.names, set.values))
      for (const grouping of this.#groupings.values()) grouping.forget(set)
    }
  }

  with(labels: Labels, name: string, value: string): Labels {
    return this.of({ ...labels.toRecord(), [name]: value })
  }

  filtered(labels: Labels, keeps: (name: string) => boolean): Labels {
    const names: string[] = []
    const values: string[] = []
    labels.names.forEach((name, index) => {
      if (!keeps(name)) return
      names.push(name)
      values.push(labels.values[index]!)
    })
    return names.length === labels.names.length ? labels : this.#intern(names, values)
  }

  /** Keeps only these labels: `by (…)`, `on (…)`. */
  keeping(names: readonly string[]): Grouping {
    return this.#grouping(names, true)
  }

  /** Drops these labels. `without (…)` and `ignoring (…)` drop the metric name too; the caller says so. */
  dropping(names: readonly string[]): Grouping {
    return this.#grouping(names, false)
  }

  /** A number no label set of this table carries as its mark yet. */
  stamp(): number {
    this.#stamp += 1
    return this.#stamp
  }

  #grouping(names: readonly string[], keeps: boolean): Grouping {
    const key = JSON.stringify([keeps, ...[...names].sort(byCodeUnit)])
    let grouping = this.#groupings.get(key)
    if (grouping === undefined) {
      grouping = new Grouping(this, new Set(names), keeps)
      this.#groupings.set(key, grouping)
    }
    return grouping
  }

  #intern(names: readonly string[], values: readonly string[]): Labels {
    const key = keyOf(names, values)
    let labels = this.#sets.get(key)
    if (labels === undefined) {
      labels = new Labels(this, names, values)
      this.#sets.set(key, labels)
    }
    return labels
  }
}

function keyOf(names: readonly string[], values: readonly string[]): string {
  return JSON.stringify([names, values])
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
