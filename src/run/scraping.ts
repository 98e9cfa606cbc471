// When Prometheus scrapes in a flight: everything at the same instant, or each target at its own.
import type { Loop } from '../kernel/loop.js'
import type { Tape } from '../kernel/random.js'
import type { Side } from '../metrics/dialects/dialect.js'
import type { TargetKind } from '../scenario/scrape.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { ClusterListener } from '../world/cluster/listener.js'
import type { Pod } from '../world/cluster/objects.js'
import { Beat, beatOf } from './beat.js'
import type { VersionOf } from './counted-pods.js'
import type { Course } from './course.js'
import type { Observation } from './observation.js'
import type { Observatory } from './observatory.js'
import type { PipelineTrouble, Spell } from './pipeline.js'
import type { Reading } from './reading.js'

export interface Scraped {
  readonly observation: Observation
  readonly observatory: Observatory
  readonly cluster: Cluster
  readonly versionOf: VersionOf
  /** Whether anybody may still ask for what is scraped. */
  readonly isWatched: () => boolean
}

/** Those that tell of many targets, and what their beats are called. */
const endpoints: readonly (readonly [Side, string])[] = [
  ['client', 'gateway'],
  ['kubelet', 'kubelet'],
  ['cluster', 'kube-state'],
]

/** Whatever else happens at an instant, it happens to what is there from then on. */
const spellPriority = -1
const scrapePriority = 30

/** Targets are known to Prometheus as soon as they have an address: how long service discovery takes is left out. */
export class Scraping implements ClusterListener {
  private readonly arriving: (() => void)[] = []
  private readonly freeSlots: number[] = []
  /** Whether some targets may be heard later than others. */
  private readonly mayLag: boolean
  private readonly arriveHandler: number
  private readonly podHandler: number
  /** By pod id. */
  private readonly beats: (Beat | undefined)[] = []
  /** How often Prometheus went down so far. */
  private ends = 0
  /** When the last of what was scraped so far is known: nothing overtakes what is on its way. */
  private readonly knownMs = new Map<TargetKind | undefined, number>()

  constructor(
    private readonly scraped: Scraped,
    private readonly loop: Loop,
    private readonly tape: Tape,
    private readonly course: Course,
    /** Nothing is scraped before. */
    private readonly earliestMs: number,
  ) {
    this.mayLag = scraped.observation.spells.some(({ trouble }) => trouble.what === 'delayed')
    this.arriveHandler = loop.handler((slot) => this.arrive(slot))
    this.podHandler = loop.handler((id, round) => this.scrapePod(scraped.cluster.pod(id), round))
    const { firstScrapeMs, isSpread, spells } = scraped.observation
    if (spells.length > 0) this.expect(spells)
    if (firstScrapeMs === Number.POSITIVE_INFINITY) return
    if (isSpread) this.scrapeApart()
    else this.scrapeTogether()
  }

  /** Something goes wrong from now on, on the way from exporters to those who ask. */
  private begin(trouble: PipelineTrouble): void {
    const { loop, course, scraped } = this
    scraped.observatory.begin(trouble, loop.now)
    if (trouble.what === 'prometheus-down') this.ends++
    course.outages.note(!scraped.observatory.isUp, loop.now)
  }

  private end(trouble: PipelineTrouble): void {
    const { loop, course, scraped } = this
    scraped.observatory.end(trouble, loop.now)
    course.outages.note(!scraped.observatory.isUp, loop.now)
  }

  /** So it will come and go. */
  expect(spells: readonly Spell[]): void {
    const { loop } = this
    const change = loop.handler((index, begins) => {
      const { trouble } = spells[index]!
      if (begins === 1) this.begin(trouble)
      else this.end(trouble)
    })
    for (const [index, { fromMs, untilMs }] of spells.entries()) {
      if (untilMs <= loop.now || fromMs === Number.POSITIVE_INFINITY) continue
      loop.at(Math.max(loop.now, fromMs), spellPriority, change, index, 1)
      if (untilMs < Number.POSITIVE_INFINITY) loop.at(untilMs, spellPriority, change, index, 0)
    }
  }

  podStarted(pod: Pod): void {
    this.meet(pod)
  }

  podRestarted(pod: Pod): void {
    const { observatory, versionOf } = this.scraped
    observatory.restarted(this.loop.now, pod, versionOf(pod.replicaSet))
    this.meet(pod)
  }

  serviceChanged(): void {
    this.scraped.observatory.reselected()
  }

  private scrapeTogether(): void {
    const { loop, course } = this
    const { observation, observatory, cluster, versionOf, isWatched } = this.scraped
    const { intervalMs } = observation.scrape
    const scrape = loop.handler(() => {
      course.lastScrapeMs = loop.now
      this.deliver(observatory.scrape(loop.now, cluster, versionOf))
      this.endSeries(observatory.goneSince(loop.now))
      if (isWatched()) loop.at(loop.now + intervalMs, scrapePriority, scrape)
    })
    loop.at(Math.max(observation.firstScrapeMs, this.earliestMs), scrapePriority, scrape)
  }

  private scrapeApart(): void {
    const { tape } = this
    const { observation, observatory, cluster, versionOf } = this.scraped
    const { scrape, watches } = observation
    const { intervalMs } = scrape
    // Other monitoring systems have no part in what Prometheus does.
    const ownBeat = new Beat(intervalMs, 0, 0, tape.stream('scrape-jitter'))
    if (watches.has('world'))
      this.scrapeOn(ownBeat, (nowMs) => observatory.scrapeSide('world', nowMs, cluster, versionOf))
    for (const [side, name] of endpoints) {
      if (!watches.has(side)) continue
      const read = (nowMs: number) => this.scraping(observatory.scrapeSide(side, nowMs, cluster, versionOf))
      this.scrapeOn(beatOf(scrape, name, tape), read)
    }
    for (const { pods } of cluster.replicaSets) for (const pod of pods) this.meet(pod)
  }

  private scrapeOn(beat: Beat, read: (nowMs: number) => Reading): void {
    const { loop } = this
    const handler = loop.handler((round) => {
      this.deliver(read(loop.now))
      if (this.scraped.isWatched()) loop.at(beat.at(round + 1), scrapePriority, handler, round + 1)
    })
    const round = beat.roundFrom(this.beginMs)
    loop.at(beat.at(round), scrapePriority, handler, round)
  }

  /** From the first time that a pod has an address, it has a beat. */
  private meet(pod: Pod): void {
    const { isSpread, scrapesPods, scrape, firstScrapeMs } = this.scraped.observation
    const { loop, beats } = this
    if (!isSpread || !scrapesPods || firstScrapeMs === Number.POSITIVE_INFINITY) return
    if (beats[pod.id] !== undefined || !pod.hasAddress || !this.scraped.isWatched()) return
    const beat = beatOf(scrape, pod.name, this.tape)
    beats[pod.id] = beat
    const round = beat.roundFrom(Math.max(loop.now, this.beginMs))
    loop.at(beat.at(round), scrapePriority, this.podHandler, pod.id, round)
  }

  private scrapePod(pod: Pod, round: number): void {
    const { loop } = this
    const { observatory, cluster, versionOf, isWatched } = this.scraped
    if (!pod.deleted) {
      this.deliver(this.scraping(observatory.scrapePod(loop.now, pod, cluster, versionOf(pod.replicaSet))))
    }
    this.endSeries(observatory.goneAt(loop.now, pod))
    if (pod.deleted || !isWatched()) return
    loop.at(this.beats[pod.id]!.at(round + 1), scrapePriority, this.podHandler, pod.id, round + 1)
  }

  /** A scrape of its own that comes after the first exposed request shows it, or could. */
  private scraping(reading: Reading): Reading {
    const { course, loop } = this
    course.lastScrapeMs = loop.now
    if (Number.isNaN(course.firstSeenMs) && this.scraped.observatory.hasExposed(loop.now)) course.firstSeenMs = loop.now
    return reading
  }

  /** Any target's first scrape may come up to an interval after this. */
  private get beginMs(): number {
    const { firstScrapeMs, scrape } = this.scraped.observation
    return Math.max(this.earliestMs, firstScrapeMs - scrape.intervalMs)
  }

  private deliver(reading: Reading): void {
    if (!this.mayLag) return this.deliverAfter(this.scraped.observation.scrape.delayMs, reading)
    for (const [of, part] of reading.parts()) this.deliverAfter(this.lagMs(of), part)
  }

  private deliverAfter(delayMs: number, reading: Reading): void {
    if (delayMs === 0) return reading.store()
    const kept = reading.kept()
    this.later(delayMs, () => kept.store())
  }

  /** How late is known what is scraped now: not before what was scraped before. */
  private lagMs(of: TargetKind | undefined): number {
    const { loop, knownMs, scraped } = this
    const { now } = loop
    const delayMs = scraped.observation.scrape.delayMs + (of ? scraped.observatory.delayMs(of) : 0)
    const dueMs = Math.max(now + delayMs, knownMs.get(of) ?? now)
    knownMs.set(of, dueMs)
    return dueMs - now
  }

  /**
   * Prometheus waits for two more scrapes and a tenth of an interval, in case the target comes back, and then writes
   * markers with the time of the first of them (scrape/scrape.go, endOfRunStaleness); if it ends before, it doesn't.
   */
  private endSeries(mark: (() => void) | undefined): void {
    if (mark === undefined) return
    const { intervalMs, delayMs } = this.scraped.observation.scrape
    const { ends } = this
    const onWayMs = Math.max(0, ...this.knownMs.values()) - this.loop.now
    this.later(Math.max(Math.round(1.1 * intervalMs) + delayMs, onWayMs), () => {
      if (this.ends === ends) mark()
    })
  }

  private later(delayMs: number, act: () => void): void {
    const slot = this.freeSlots.pop() ?? this.arriving.length
    this.arriving[slot] = act
    this.loop.at(this.loop.now + delayMs, scrapePriority, this.arriveHandler, slot)
  }

  private arrive(slot: number): void {
    const act = this.arriving[slot]!
    this.freeSlots.push(slot)
    act()
  }
}
