// Where answers are counted: per cell, code and latency class, as the counters of a metrics library would.
import { grown } from '../kernel/grown.js'
import { normal } from '../kernel/normal.js'
import { poisson } from '../kernel/poisson.js'
import type { Stream, Tape } from '../kernel/random.js'
import { Blend } from './blend.js'
import { OK, REFUSED } from './codes.js'
import { Held, type Late } from './held.js'
import type { LatencyClasses } from './latency/latency-classes.js'
import type { Luck } from './luck.js'
import { Quota } from './quota.js'
import type { Grid } from './rule.js'
import { scatter } from './scatter.js'

/** What one look brought, per version. Bad is an error or slower than the objective; slow are successes. */
export interface Brought {
  readonly bad: Float64Array
  readonly good: Float64Array
  readonly slow: Float64Array
}

/**
 * Means wait here between two looks; a look turns each into a count. The total of a code is drawn first and then
 * scattered over the latency classes, so that watching latency never changes how many requests failed.
 *
 * Cell v is version v as a whole. Where pods are told apart, it keeps only what no pod answered, and each pod has a
 * cell of its own. Every cell draws from its own stream, at a place that depends on the look and the code alone.
 */
export class Cells {
  /** Cumulative answers, at `index(cell, code, latencyClass)`. Replaced when cells are added: don't keep it. */
  counts = new Float64Array(0)
  /** Cumulative milliseconds the answers took, at `cell * codes + code`. Replaced likewise. */
  sumsMs = new Float64Array(0)
  readonly classes: number
  /** Upper ends of all classes but the last. */
  readonly boundsMs: Float64Array
  /** Where somebody wants to know how lucky the flight is. */
  luck: Luck | undefined

  /** What waits for the next look, per row (a cell and a code); after a change of law, a blend knows of which laws. */
  private means = new Float64Array(0)
  private readonly laws: (LatencyClasses | undefined)[] = []
  private readonly blends: (Blend | undefined)[] = []
  private readonly streams: Stream[] = []
  /** Made when first asked for. */
  private readonly harmStreams: (Stream | undefined)[] = []
  private readonly entities: string[] = []
  private readonly versionOf: number[] = []
  private readonly pods: (number | undefined)[] = []
  private readonly cellsByVersion: readonly number[][]
  private readonly podCells: readonly Map<number, number>[]
  /** By pool. */
  private readonly serving: number[][] = []
  private readonly parts: number[] = []
  private readonly hits: Float64Array
  private readonly brought: Brought
  /** By cell: requests whose clients are still waiting. */
  private readonly held: (Held | undefined)[] = []
  /** The latency class of requests that clients give up on. */
  readonly lateClass: number
  private readonly lateStreams: (Stream | undefined)[] = []
  /** By cell: when it was looked at last. */
  private readonly looksMs: number[] = []
  /** Where it is known how many requests have arrived. */
  private quota: Quota | undefined
  private tape: Tape
  private answersTape: Tape

  constructor(
    private readonly versions: number,
    /** How many response codes there are. */
    readonly codes: number,
    private readonly grid: Grid,
    tape: Tape,
    /** Undefined where clients wait however long. */
    private readonly late?: Late,
  ) {
    this.lateClass = late === undefined ? 0 : classOf(late.afterMs, grid.boundsMs)
    this.classes = grid.boundsMs.length + 1
    this.boundsMs = grid.boundsMs
    this.brought = {
      bad: new Float64Array(versions),
      good: new Float64Array(versions),
      slow: new Float64Array(versions),
    }
    this.podCells = Array.from({ length: versions }, () => new Map<number, number>())
    this.cellsByVersion = Array.from({ length: versions }, () => [])
    this.hits = new Float64Array(this.classes)
    this.tape = tape
    this.answersTape = tape
    this.reset(tape)
  }

  get count(): number {
    return this.streams.length
  }

  index(cell: number, code: number, latencyClass = 0): number {
    return (cell * this.codes + code) * this.classes + latencyClass
  }

  /** The cell of a pod that has served, by the number it has in `serve`. */
  cellOf(version: number, pod: number): number | undefined {
    return this.podCells[version]?.get(pod)
  }

  /** The pod whose answers a cell counts; undefined for what no pod answered, or nobody tells apart. */
  podOf(cell: number): number | undefined {
    return this.pods[cell]
  }

  /** Which part of the answers of its version comes from a cell at present. */
  partOf(cell: number): number {
    return this.parts[cell]!
  }

  /** Where the answers of a pool are counted at present, each cell an equal part of them. */
  cellsOfPool(pool: number): readonly number[] {
    return this.serving[pool] ?? NONE
  }

  /** All cells in which a version's answers are counted. */
  cellsOf(version: number): readonly number[] {
    return this.cellsByVersion[version]!
  }

  reset(tape: Tape): void {
    this.tape = tape
    this.answersTape = tape
    this.streams.length = 0
    this.harmStreams.length = 0
    this.lateStreams.length = 0
    this.looksMs.length = 0
    this.held.length = 0
    for (const cells of this.podCells) cells.clear()
    for (const cells of this.cellsByVersion) cells.length = 0
    this.serving.length = 0
    this.counts.fill(0)
    this.sumsMs.fill(0)
    this.means.fill(0)
    for (const blend of this.blends) blend?.clear()
    for (let version = 0; version < this.versions; version++) this.open(version, `${version}`)
  }

  /** From now on answers are drawn from another tape. */
  turnTape(tape: Tape): void {
    this.answersTape = tape
    for (let cell = 0; cell < this.count; cell++) this.streams[cell] = tape.stream('answers', this.entities[cell]!)
  }

  /** How many clients are still waiting, and will give up. */
  get waiting(): number {
    return this.held.reduce((sum, held) => sum + (held?.count ?? 0), 0)
  }

  /** All answers ever counted. */
  total(): number {
    let answers = 0
    for (let at = 0; at < this.count * this.codes * this.classes; at++) answers += this.counts[at]!
    return answers
  }

  /** From now on the answers of all pools come from the pods that are told next. */
  reassign(): void {
    for (const cells of this.serving) {
      for (const cell of cells) this.parts[cell] = 0
      cells.length = 0
    }
  }

  /** The answers of a pool of a version come from these pods, each with an equal part. */
  assign(pool: number, version: number, pods: ArrayLike<number>): void {
    const known = this.podCells[version]!
    const cells: number[] = []
    for (let index = 0; index < pods.length; index++) {
      const pod = pods[index]!
      let cell = known.get(pod)
      if (cell === undefined) {
        cell = this.open(version, `${version}/${pod}`, pod)
        known.set(pod, cell)
      }
      cells.push(cell)
      this.parts[cell] = 1 / pods.length
    }
    this.serving[pool] = cells
  }

  /** Adds mean answers by code that come from a pool of a version, and took their time by one law. */
  pour(pool: number, version: number, answers: Float64Array, law: LatencyClasses | undefined): void {
    const cells = this.serving[pool]
    if (cells === undefined || cells.length === 0) return this.pourInto(version, answers, 0, 1, law)
    for (let index = 0; index < cells.length; index++) this.pourInto(cells[index]!, answers, 0, 1 / cells.length, law)
  }

  /**
   * The next look is at all versions, and at so many requests: what is drawn then isn't Poisson, but multinomial. Given
   * undefined it is Poisson again.
   */
  expect(requests: number | undefined): void {
    if (requests === undefined) this.quota = undefined
    else {
      this.quota ??= new Quota()
      this.quota.begin(requests, this.means, this.count * this.codes)
    }
  }

  /** Turns what has been poured into some versions since their last look into counts; the record is used again. */
  look(look: number, versions: readonly boolean[], timeMs: number): Brought {
    const { bad, good, slow } = this.brought
    for (let version = 0; version < this.versions; version++) {
      bad[version] = 0
      good[version] = 0
      slow[version] = 0
    }
    for (let cell = 0; cell < this.streams.length; cell++) {
      if (!versions[this.versionOf[cell]!]) continue
      for (let code = 0; code < this.codes; code++) this.draw(cell, code, look, timeMs)
      if (this.late) this.release(this.late, cell, look, timeMs)
    }
    return this.brought
  }

  /** The same for a single cell, of which only the mean answers from here on are to be told yet. */
  lookAt(
    cell: number,
    answers: Float64Array,
    at: number,
    law: LatencyClasses | undefined,
    look: number,
    timeMs: number,
  ): Brought {
    const { bad, good, slow } = this.brought
    const version = this.versionOf[cell]!
    bad[version] = 0
    good[version] = 0
    slow[version] = 0
    this.pourInto(cell, answers, at, 1, law)
    for (let code = 0; code < this.codes; code++) this.draw(cell, code, look, timeMs)
    if (this.late) this.release(this.late, cell, look, timeMs)
    return this.brought
  }

  /** For whoever has to say whom a look at this cell alone has hurt. */
  streamOfHarm(cell: number): Stream {
    this.harmStreams[cell] ??= this.tape.stream('harm', this.entities[cell]!)
    return this.harmStreams[cell]
  }

  /** Takes back mean answers that have been told already. */
  takeBack(cell: number, answers: Float64Array, at: number, law: LatencyClasses | undefined): void {
    this.pourInto(cell, answers, at, -1, law)
  }

  private pourInto(cell: number, answers: Float64Array, at: number, part: number, law: LatencyClasses | undefined) {
    if (law !== this.laws[cell]) this.changeLaw(cell, law)
    const { means } = this
    const row = cell * this.codes
    for (let code = 0; code < this.codes; code++) means[row + code]! += answers[at + code]! * part
  }

  /** What waits in the cell took its time by the old law: set it apart before answers under the new one join it. */
  private changeLaw(cell: number, law: LatencyClasses | undefined): void {
    for (let code = 0; code < this.codes; code++) {
      if (code !== REFUSED) this.setApart(cell * this.codes + code, this.laws[cell])
    }
    this.laws[cell] = law
  }

  private setApart(row: number, law: LatencyClasses | undefined): void {
    const blended = this.blends[row]?.total ?? 0
    if (law === undefined || this.means[row]! <= blended) return
    this.blends[row] ??= new Blend(this.classes)
    this.blends[row].add(this.means[row]! - blended, law)
  }

  private draw(cell: number, code: number, look: number, timeMs: number): void {
    const row = cell * this.codes + code
    const mean = this.means[row]!
    if (mean === 0) return
    const stream = this.streams[cell]!
    stream.seek(look * this.codes + code)
    const law = code === REFUSED ? undefined : this.laws[cell]
    if (this.luck && code === OK && law) return this.drawTimes(this.luck, stream, cell, this.lawOf(row, law), timeMs)
    const answers = this.answersOf(stream, row, cell, code, timeMs)
    let slow = 0
    if (code === this.late?.code) this.hold(cell, answers, timeMs)
    else if (law === undefined) this.counts[row * this.classes]! += answers
    else {
      const mixture = this.lawOf(row, law)
      slow = this.take(stream, row, mixture, scatter(stream, answers, mixture, this.hits))
    }
    this.means[row] = 0
    this.tally(this.versionOf[cell]!, code, answers, slow)
  }

  private answersOf(stream: Stream, row: number, cell: number, code: number, timeMs: number): number {
    const mean = this.means[row]!
    if (this.quota) return this.quota.take(stream, row, mean)
    if (this.luck) return this.luck.draw(stream, timeMs, this.versionOf[cell]!, code === OK ? 1 : 0, mean)
    return poisson(stream, mean)
  }

  /** Successes, class by class: where luck shall be known of each, none waits for what the others have left. */
  private drawTimes(luck: Luck, stream: Stream, cell: number, law: LatencyClasses, timeMs: number): void {
    const row = cell * this.codes + OK
    const version = this.versionOf[cell]!
    const answers = luck.drawClasses(stream, timeMs, version, this.means[row]!, law, this.hits)
    const slow = this.take(stream, row, law, law.order.length)
    this.means[row] = 0
    this.tally(version, OK, answers, slow)
  }

  /** They came evenly since the last look at the cell, as far as anybody can tell. */
  private hold(cell: number, answers: number, timeMs: number): void {
    this.held[cell] ??= new Held()
    this.held[cell].hold(this.looksMs[cell] ?? 0, timeMs, answers)
  }

  private release({ code, afterMs }: Late, cell: number, look: number, timeMs: number): void {
    const row = cell * this.codes + code
    this.looksMs[cell] = timeMs
    const held = this.held[cell]
    if (held === undefined) return
    this.lateStreams[cell] ??= this.tape.stream('late', this.entities[cell]!)
    this.lateStreams[cell].seek(look)
    const answers = held.release(timeMs - afterMs, this.lateStreams[cell])
    this.counts[row * this.classes + this.lateClass]! += answers
    if (this.grid.sums) this.sumsMs[row]! += answers * afterMs
  }

  /** The law by which everything that waits took its time: the present one, or a mixture if it changed meanwhile. */
  private lawOf(row: number, law: LatencyClasses): LatencyClasses {
    const blend = this.blends[row]
    if (blend === undefined || blend.total === 0) return law
    this.setApart(row, law)
    const mixture = blend.mixture()
    blend.clear()
    return mixture
  }

  /** Counts what `hits` says, place by place in the order of a law; returns how many were slower than the objective. */
  private take(stream: Stream, row: number, law: LatencyClasses, end: number): number {
    const { hits, counts } = this
    const { boundsMs, slowClass } = this.grid
    let slow = 0
    let meanMs = 0
    let variance = 0
    let leastMs = 0
    for (let place = 0; place < end; place++) {
      const index = law.order[place]!
      const hit = hits[place]!
      counts[row * this.classes + index]! += hit
      if (index >= slowClass) slow += hit
      meanMs += hit * law.meansMs[index]!
      variance += hit * law.variances[index]!
      if (index > 0) leastMs += hit * boundsMs[index - 1]!
    }
    // The time taken given the classes: right in mean and variance and normal around it, but never less than the
    // classes allow, so that the sum never shrinks.
    if (this.grid.sums) this.sumsMs[row]! += Math.max(leastMs, meanMs + Math.sqrt(variance) * normal(stream))
    return slow
  }

  private tally(version: number, code: number, answers: number, slow: number): void {
    const bad = code === OK ? slow : answers
    if (code === OK) this.brought.slow[version]! += slow
    this.brought.bad[version]! += bad
    this.brought.good[version]! += answers - bad
  }

  private open(version: number, entity: string, pod?: number): number {
    const cell = this.streams.length
    const rows = (cell + 1) * this.codes
    if (this.means.length < rows) this.grow(Math.max(rows, 2 * this.means.length))
    this.streams.push(this.answersTape.stream('answers', entity))
    this.entities[cell] = entity
    this.versionOf[cell] = version
    this.pods[cell] = pod
    this.cellsByVersion[version]!.push(cell)
    this.laws[cell] = undefined
    this.parts[cell] = 0
    return cell
  }

  private grow(rows: number): void {
    this.means = grown(this.means, new Float64Array(rows))
    this.sumsMs = grown(this.sumsMs, new Float64Array(rows))
    this.counts = grown(this.counts, new Float64Array(rows * this.classes))
  }
}

function classOf(ms: number, boundsMs: Float64Array): number {
  const place = boundsMs.findIndex((boundMs) => ms <= boundMs)
  return place < 0 ? boundsMs.length : place
}

const NONE: readonly number[] = []
