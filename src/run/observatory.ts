// Scrapes what the world has counted into series, and answers the policy's queries from them.
import { Exposition } from '../metrics/dialects/exposition.js'
import { PromqlError } from '../metrics/promql/error.js'
import type { Query } from '../metrics/promql/query.js'
import type { Value } from '../metrics/promql/value.js'
import type { Answer, QueryRange, QueryResult } from '../policy/view.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import { entriesByVersion } from '../world/cluster/split.js'
import type { Flow } from '../world/flow.js'
import { compileQuery, type Observation } from './observation.js'
import { Bins, Taken, Tally } from './tally.js'
import { gateway, identityOf, identityOfPod, type Workload } from './workload.js'

type VersionOf = (replicaSet: ReplicaSet) => number

/** A target that is scraped, and what it has counted. */
interface Watched {
  readonly exposition: Exposition
  readonly tally: Tally
  /** Only part of some flights: kept from one to the next, as making one is costly. */
  isThere: boolean
}

interface WatchedPod extends Watched {
  /** How often its container had been started when it was last looked at. */
  restarts: number
}

export class Observatory {
  /** The gateway's counters: one set for each version behind each Service. */
  private readonly routes = new Map<string, Watched>()
  /** By name, which says version and ordinal. */
  private readonly pods = new Map<string, WatchedPod>()
  private readonly present = new Map<Pod, WatchedPod>()
  /** By version: the Service through which requests reach it, and where they are counted. */
  private readonly entries: string[]
  private readonly counted: (Watched | undefined)[]
  private readonly takenByGateway = new Taken()
  private readonly takenByPods = new Taken()
  private readonly bins: Bins
  private readonly watchesGateway: boolean
  private readonly watchesPods: boolean

  constructor(
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly flow: Flow,
  ) {
    const { families, latencyBoundsMs } = observation.exposure
    this.watchesGateway = families.some(({ side }) => side === 'client')
    this.watchesPods = families.some(({ side }) => side !== 'client')
    this.bins = new Bins(flow.cells.boundsMs, latencyBoundsMs)
    this.entries = workload.labels.map(() => observation.entryService)
    this.counted = workload.labels.map(() => undefined)
  }

  reset(): void {
    for (const watched of [...this.routes.values(), ...this.pods.values()]) {
      watched.isThere = false
      watched.tally.restart(this.clockAt(0))
      watched.exposition.restart()
    }
    this.present.clear()
    this.entries.fill(this.observation.entryService)
    this.counted.fill(undefined)
    this.takenByGateway.reset()
    this.takenByPods.reset()
    this.observation.exposure.store.clear()
  }

  /** Requests of a version that come through another Service from now on are counted there. */
  routed(nowMs: number, cluster: Cluster, versionOf: VersionOf): void {
    if (!this.watchesGateway) return
    const after = [...this.entries]
    if (!entriesByVersion(cluster, versionOf, after)) return
    this.flow.draw(nowMs)
    this.countRoutes()
    this.entries.splice(0, after.length, ...after)
    this.counted.fill(undefined)
  }

  /** What a scrape at this instant finds; the caller stores it when it arrives. */
  scrape(nowMs: number, cluster: Cluster, versionOf: VersionOf): () => void {
    const clockMs = this.clockAt(nowMs)
    this.flow.draw(nowMs)
    if (this.watchesGateway) this.countRoutes()
    const found: Watched[] = []
    for (const watched of this.routes.values()) if (watched.isThere) found.push(watched)
    const gone: Exposition[] = []
    if (this.watchesPods) this.countPods(cluster, versionOf, found, gone)
    const isLate = this.observation.scrape.delayMs > 0
    const read = isLate ? found.map(({ exposition, tally }) => ({ exposition, tally: tally.copy() })) : found
    return () => {
      for (const { exposition, tally } of read) exposition.scrape(clockMs, tally)
      for (const exposition of gone) exposition.end(clockMs)
    }
  }

  answer(text: string, nowMs: number, range?: QueryRange): Answer {
    const { queries, exposure } = this.observation
    let query = queries.get(text)
    if (query === undefined) {
      query = compileQuery(text)
      queries.set(text, query)
    }
    if (query instanceof PromqlError) return failure(query, text)
    const refusal = range && refusalOf(range)
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
  private clockAt(timeMs: number): number {
    return this.observation.startsAtMs + timeMs
  }

  private countRoutes(): void {
    const { cells } = this.flow
    for (let version = 0; version < this.entries.length; version++) {
      const { tally } = this.countedAt(version)
      for (const cell of cells.cellsOf(version)) this.takenByGateway.take(cells, cell, tally)
    }
  }

  private countedAt(version: number): Watched {
    const watched = this.counted[version] ?? this.routeOf(version, this.entries[version]!)
    this.counted[version] = watched
    return watched
  }

  private routeOf(version: number, service: string): Watched {
    const key = `${version} ${service}`
    let watched = this.routes.get(key)
    if (!watched) {
      const server = identityOf(this.workload, version, `${this.workload.name}-0`, 0)
      const exposition = new Exposition(this.observation.exposure, { side: 'client', server, client: gateway, service })
      watched = { exposition, tally: new Tally(this.bins, this.clockAt(0)), isThere: true }
      this.routes.set(key, watched)
    }
    watched.isThere = true
    return watched
  }

  private countPods(cluster: Cluster, versionOf: VersionOf, found: Watched[], gone: Exposition[]): void {
    for (const replicaSet of cluster.replicaSets) {
      for (const pod of replicaSet.pods) found.push(this.countPod(pod, versionOf(replicaSet)))
    }
    for (const [pod, { exposition }] of this.present) {
      if (!pod.deleted) continue
      gone.push(exposition)
      this.present.delete(pod)
    }
  }

  private countPod(pod: Pod, version: number): Watched {
    const { cells } = this.flow
    const watched = this.present.get(pod) ?? this.meet(pod, version)
    const cell = cells.cellOf(version, pod.id)
    if (cell !== undefined) this.takenByPods.take(cells, cell, watched.tally)
    // A container that was started again has forgotten what it counted before.
    if (watched.restarts !== pod.restarts) {
      watched.restarts = pod.restarts
      watched.tally.restart(this.clockAt(pod.readyAtMs))
    }
    return watched
  }

  private meet(pod: Pod, version: number): WatchedPod {
    const service = this.entries[version]!
    const key = `${pod.name} ${service}`
    let watched = this.pods.get(key)
    if (!watched) {
      const server = identityOfPod(this.workload, version, pod)
      const exposition = new Exposition(this.observation.exposure, { side: 'server', server, client: gateway, service })
      watched = { exposition, tally: new Tally(this.bins, 0), isThere: true, restarts: 0 }
      this.pods.set(key, watched)
    }
    watched.isThere = true
    watched.restarts = pod.restarts
    watched.tally.restart(this.clockAt(pod.createdAtMs))
    this.present.set(pod, watched)
    return watched
  }
}

const mostPoints = 11_000

/** Why Prometheus doesn't answer for such a time. */
function refusalOf({ startMs, endMs, stepMs }: QueryRange): string | undefined {
  if (endMs < startMs) return 'invalid parameter "end": end timestamp must not be before start time'
  if (stepMs <= 0) {
    return 'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer'
  }
  if ((endMs - startMs) / stepMs <= mostPoints) return undefined
  return 'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)'
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
  if (error.kind === 'refused') return { kind: 'error', message: `bad_data: ${error.message}`, latencyMs: 0 }
  const message =
    error.kind === 'execution'
      ? `execution: ${error.message}`
      : `bad_data: invalid parameter "query": ${error.inQuery(text)}`
  return { kind: 'error', message, latencyMs: 0 }
}
