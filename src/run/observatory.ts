// Scrapes what the world has counted into series, and answers the policy's queries from them.

import { refusedRange } from '../metrics/api/refused-range.js'
import type { Side } from '../metrics/dialects/dialect.js'
import { PromqlError } from '../metrics/promql/error.js'
import type { Query } from '../metrics/promql/query.js'
import type { Value } from '../metrics/promql/value.js'
import { Ruler } from '../metrics/rules/ruler.js'
import type { Answer, QueryRange, QueryResult } from '../policy/view.js'
import { isWithin, type Span, type TargetKind, targetKinds } from '../scenario/scrape.js'
import type { Answers } from '../world/answers.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod } from '../world/cluster/objects.js'
import { entriesByVersion } from '../world/cluster/split.js'
import { ClusterEndpoints } from './cluster-endpoints.js'
import type { Departed } from './counted-pod.js'
import { CountedPods, type Found, type VersionOf } from './counted-pods.js'
import { Endpoint } from './endpoint.js'
import { isPrometheusUp, type Observation } from './observation.js'
import { compileQuery } from './questions.js'
import { Reading } from './reading.js'
import { Bins, Taken, Tally } from './tally.js'
import { gateway, identityOf, targetOf, type Workload } from './workload.js'

export class Observatory {
  /** The gateway's counters, of each version behind each Service; other monitoring systems see the same. */
  private readonly gateway: Endpoint | undefined
  private readonly world: Endpoint | undefined
  private readonly routes = new Map<string, Tally>()
  private readonly pods: CountedPods
  private readonly cluster: ClusterEndpoints
  /** By version: the Service through which requests reach it, and where they are counted. */
  private readonly entries: string[]
  private readonly counted: (Tally | undefined)[]
  private readonly takenByGateway = new Taken()
  private readonly bins: Bins
  private readonly countsRoutes: boolean
  /** Whether proxies beside the pods tell through which Service requests came. */
  private readonly countsWays: boolean
  /** When targets of a kind don't answer. */
  private readonly down: ReadonlyMap<TargetKind, readonly Span[]>
  private readonly countsPods: boolean
  /** Nobody, where there are no rules. */
  readonly ruler: Ruler | undefined

  constructor(
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly flow: Answers,
  ) {
    const { rules, evaluationMs, watches, exposure, scrape } = observation
    const endpoint = (side: Side) =>
      watches.has(side) ? new Endpoint(exposure, targetOf(workload, side, gateway, workload.entryService)) : undefined
    this.gateway = endpoint('client')
    this.world = endpoint('world')
    this.countsRoutes = watches.has('client') || watches.has('world')
    this.countsWays = watches.has('server')
    this.down = new Map(targetKinds.map((kind) => [kind, scrape.down.filter((down) => down.of === kind)]))
    this.countsPods = observation.scrapesPods || watches.has('kubelet')
    this.bins = new Bins(flow.cells.boundsMs, exposure.latencyBoundsMs, flow.cells.codes)
    this.entries = workload.pods.map(() => observation.entryService)
    this.counted = workload.pods.map(() => undefined)
    if (rules.length > 0) {
      const { store } = exposure
      this.ruler = new Ruler(rules, { store, seriesOf: (labels) => exposure.wanted(labels.toRecord()) }, evaluationMs)
    }
    const entryOf = (version: number) => this.entries[version]!
    this.pods = new CountedPods(observation, workload, flow.cells, this.bins, entryOf)
    this.cluster = new ClusterEndpoints(observation, workload, this.pods, endpoint('kubelet'), endpoint('cluster'))
  }

  reset(): void {
    for (const tally of this.routes.values()) tally.restart()
    this.gateway?.restart()
    this.world?.restart()
    this.pods.reset()
    this.cluster.reset()
    this.entries.fill(this.observation.entryService)
    this.counted.fill(undefined)
    this.takenByGateway.reset()
    this.observation.exposure.store.clear()
    this.ruler?.reset()
  }

  /** Requests of a version that come through another Service from now on are counted there. */
  routed(nowMs: number, cluster: Cluster, versionOf: VersionOf): void {
    if (!this.countsRoutes && !this.countsWays) return
    const after = [...this.entries]
    if (!entriesByVersion(cluster, versionOf, after)) return
    this.flow.draw(nowMs)
    if (this.countsRoutes) this.countRoutes()
    const change = () => {
      this.entries.splice(0, after.length, ...after)
      this.counted.fill(undefined)
    }
    if (this.countsWays) this.pods.rerouted(cluster, versionOf, change)
    else change()
  }

  /** Services select other pods from now on: applications are found through those. */
  reselected(): void {
    this.pods.reselected()
  }

  /** What was counted until now is told from what the pod's next container will count. */
  restarted(nowMs: number, pod: Pod, version: number): void {
    if (!this.countsPods) return
    // Of one that never served there is nothing to tell.
    if (this.flow.cells.cellOf(version, pod.id) !== undefined) this.flow.draw(nowMs)
    this.pods.restarted(pod, version)
  }

  /** What a scrape of everything at this instant finds; the caller stores it when it arrives. */
  scrape(nowMs: number, cluster: Cluster, versionOf: VersionOf): Reading {
    this.flow.draw(nowMs)
    if (this.countsRoutes) this.countRoutes()
    const found: Found[] = []
    if (this.world) found.push(this.world)
    if (this.isUp(nowMs)) {
      if (this.gateway) found.push(this.foundAt(this.gateway, nowMs))
      if (this.observation.scrapesPods) {
        this.pods.find(cluster, versionOf, (version) => this.isVersionDown(version, nowMs), found)
      }
      this.cluster.find(nowMs, cluster, versionOf, found)
    }
    return this.reading(nowMs, found)
  }

  /** What a scrape of one endpoint finds that is not a pod's own. */
  scrapeSide(side: Side, nowMs: number, cluster: Cluster, versionOf: VersionOf): Reading {
    this.flow.draw(nowMs)
    if (this.countsRoutes) this.countRoutes()
    const found: Found[] = []
    if (side === 'world') found.push(this.world!)
    else if (this.isUp(nowMs)) {
      if (side === 'client') found.push(this.foundAt(this.gateway!, nowMs))
      else this.cluster.find(nowMs, cluster, versionOf, found, side)
    }
    return this.reading(nowMs, found)
  }

  scrapePod(nowMs: number, pod: Pod, cluster: Cluster, version: number): Reading {
    this.flow.drawPod(nowMs, version, pod.id)
    const found: Found[] = []
    if (this.isUp(nowMs)) this.pods.findOne(pod, cluster, version, !this.isVersionDown(version, nowMs), found)
    return this.reading(nowMs, found)
  }

  /** Ends the series of targets that have gone, from this scrape on; undefined if none has. */
  goneSince(nowMs: number): (() => void) | undefined {
    const gone: Departed[] = []
    this.pods.takeGone(gone)
    return this.ending(nowMs, gone)
  }

  goneAt(nowMs: number, pod: Pod): (() => void) | undefined {
    const gone: Departed[] = []
    this.pods.takeGoneOf(pod, gone)
    return this.ending(nowMs, gone)
  }

  /** Prometheus goes down: once up again it finds its series, and knows nothing of what ends them. */
  forgetTargets(): void {
    this.gateway?.exposition.restart()
    this.pods.forget()
    this.cluster.forget()
  }

  isUp(nowMs: number): boolean {
    return isPrometheusUp(this.observation, nowMs)
  }

  /** Whether a request that was drawn has met a bad version. */
  get hasExposed(): boolean {
    return this.flow.hasExposed
  }

  answer(text: string, nowMs: number, range?: QueryRange): Answer {
    if (!this.isUp(nowMs)) return { kind: 'refused', latencyMs: 0 }
    const { queries, exposure } = this.observation
    let query = queries.get(text)
    if (query === undefined) {
      query = compileQuery(text)
      queries.set(text, query)
    }
    if (query instanceof PromqlError) return failure(query, text)
    const refusal = range && refusedRange(range)
    if (refusal !== undefined) return { kind: 'error', message: `bad_data: ${refusal}`, latencyMs: 0 }
    try {
      const clockMs = this.clockAt(nowMs)
      if (!range) return answerOf(query.at(exposure.store, clockMs), clockMs)
      const { startMs, endMs, stepMs } = range
      const times = { startMs: this.clockAt(startMs), endMs: this.clockAt(endMs), stepMs }
      return answerOf({ kind: 'matrix', series: query.over(exposure.store, times) }, clockMs)
    } catch (error) {
      if (error instanceof PromqlError) return failure(error, text)
      throw error
    }
  }

  /** The one number of a query of our own; NaN where there is nothing to tell. */
  numberAt(query: Query, atMs: number): number {
    const value = query.at(this.observation.exposure.store, this.clockAt(atMs))
    return value.kind === 'vector' ? (value.samples[0]?.value ?? Number.NaN) : Number.NaN
  }

  /** What Prometheus' clock shows at a time of the scenario. */
  clockAt(timeMs: number): number {
    return this.observation.startsAtMs + timeMs
  }

  private foundAt(endpoint: Endpoint, nowMs: number): Found {
    return this.isDown('gateway', nowMs) ? { exposition: endpoint.exposition, sources: undefined } : endpoint
  }

  private isVersionDown(version: number, nowMs: number): boolean {
    return this.isDown(this.workload.pods[version]!.kind, nowMs)
  }

  private isDown(kind: TargetKind, nowMs: number): boolean {
    return isWithin(this.down.get(kind)!, nowMs - this.observation.releaseAtMs)
  }

  private reading(nowMs: number, found: readonly Found[]): Reading {
    const isLate = this.observation.scrape.delayMs > 0
    return new Reading(this.clockAt(nowMs), isLate ? found.map(asItIs) : found)
  }

  private ending(nowMs: number, gone: readonly Departed[]): (() => void) | undefined {
    if (gone.length === 0) return undefined
    const clockMs = this.clockAt(nowMs)
    return () => {
      for (const { exposition, isBack } of gone) if (!isBack()) exposition.end(clockMs)
    }
  }

  private countRoutes(): void {
    const { cells } = this.flow
    for (let version = 0; version < this.entries.length; version++) {
      const tally = this.countedAt(version)
      for (const cell of cells.cellsOf(version)) this.takenByGateway.take(cells, cell, tally)
    }
  }

  private countedAt(version: number): Tally {
    const tally = this.counted[version] ?? this.routeOf(version, this.entries[version]!)
    this.counted[version] = tally
    return tally
  }

  private routeOf(version: number, service: string): Tally {
    const { workload } = this
    const key = `${version} ${service}`
    let tally = this.routes.get(key)
    if (!tally) {
      tally = new Tally(this.bins, this.clockAt(0))
      this.routes.set(key, tally)
    }
    const target = (side: Side) =>
      targetOf(workload, side, identityOf(workload, version, `${workload.name}-0`, 0), service)
    this.gateway?.tell(key, tally, () => target('client'))
    this.world?.tell(key, tally, () => target('world'))
    return tally
  }
}

/** For whoever reads it later. */
function asItIs({ exposition, sources }: Found): Found {
  return { exposition, sources: sources?.map((each) => (each instanceof Tally ? each.copy() : each)) }
}

function answerOf(value: Value, nowMs: number): Answer {
  return { kind: 'data', result: resultOf(value, nowMs), latencyMs: 0 }
}

function resultOf(value: Value, nowMs: number): QueryResult {
  switch (value.kind) {
    case 'scalar':
      return { resultType: 'scalar', value: value.value }
    case 'vector':
      return { resultType: 'vector', values: value.samples.map((sample) => sample.value) }
    case 'matrix':
      return { resultType: 'matrix', series: value.series.map(({ points }) => points.map((point) => point.value)) }
    case 'string':
      return { resultType: 'string', value: value.value, unixSeconds: nowMs / 1000 }
  }
}

/** As the Prometheus API words it, and Argo's provider passes it on. */
function failure(error: PromqlError, text: string): Answer {
  const message =
    error.kind === 'execution'
      ? `execution: ${error.message}`
      : `bad_data: invalid parameter "query": ${error.inQuery(text)}`
  return { kind: 'error', message, latencyMs: 0 }
}
