// Scrapes what the world has counted into series, and answers the policy's queries from them.
import type { Observed, Side } from '../metrics/dialects/dialect.js'
import { Exposition } from '../metrics/dialects/exposition.js'
import { PromqlError } from '../metrics/promql/error.js'
import type { Query } from '../metrics/promql/query.js'
import type { Value } from '../metrics/promql/value.js'
import { Ruler } from '../metrics/rules/ruler.js'
import type { Answer, QueryRange, QueryResult } from '../policy/view.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import { entriesByVersion } from '../world/cluster/split.js'
import type { Flow } from '../world/flow.js'
import { Endpoint } from './endpoint.js'
import { compileQuery, type Observation } from './observation.js'
import { stateOfPod, stateOfSet } from './pod-state.js'
import { Bins, Taken, Tally } from './tally.js'
import { gateway, identityOf, identityOfPod, identityOfSet, targetOf, type Workload } from './workload.js'

type VersionOf = (replicaSet: ReplicaSet) => number

/** A pod with an endpoint of its own, and what it has counted. */
interface WatchedPod {
  readonly exposition: Exposition
  readonly tally: Tally
  /** How often its container had been started when it was last looked at. */
  restarts: number
}

/** What an endpoint told at a scrape. */
interface Reading {
  readonly exposition: Exposition
  readonly sources: readonly (Observed | undefined)[]
}

export class Observatory {
  /** The gateway's counters: one set for each version behind each Service. */
  private readonly gateway: Endpoint | undefined
  private readonly kubelet: Endpoint | undefined
  private readonly clusterState: Endpoint | undefined
  private readonly routes = new Map<string, Tally>()
  /** By name, which says version and ordinal. */
  private readonly pods = new Map<string, WatchedPod>()
  private readonly present = new Map<Pod, WatchedPod>()
  /** By version: the Service through which requests reach it, and where they are counted. */
  private readonly entries: string[]
  private readonly counted: (Tally | undefined)[]
  private readonly takenByGateway = new Taken()
  private readonly takenByPods = new Taken()
  private readonly bins: Bins
  private readonly watchesPods: boolean
  /** Nobody, where there are no rules. */
  readonly ruler: Ruler | undefined

  constructor(
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly flow: Flow,
  ) {
    const { rules, evaluationMs, exposure } = observation
    const watches = (side: Side) => exposure.families.some((family) => family.side === side)
    const endpoint = (side: Side) =>
      watches(side) ? new Endpoint(exposure, targetOf(workload, side, gateway, observation.entryService)) : undefined
    this.gateway = endpoint('client')
    this.kubelet = endpoint('kubelet')
    this.clusterState = endpoint('cluster')
    this.watchesPods = watches('server') || this.kubelet !== undefined || this.clusterState !== undefined
    this.bins = new Bins(flow.cells.boundsMs, observation.latencyBoundsMs ?? [])
    this.entries = workload.pods.map(() => observation.entryService)
    this.counted = workload.pods.map(() => undefined)
    if (rules.length > 0) {
      const { store } = exposure
      this.ruler = new Ruler(rules, { store, seriesOf: (labels) => exposure.wanted(labels.toRecord()) }, evaluationMs)
    }
  }

  reset(): void {
    for (const tally of this.routes.values()) tally.restart(this.clockAt(0))
    for (const { tally, exposition } of this.pods.values()) {
      tally.restart(this.clockAt(0))
      exposition.restart()
    }
    for (const endpoint of this.endpoints()) endpoint.restart()
    this.present.clear()
    this.entries.fill(this.observation.entryService)
    this.counted.fill(undefined)
    this.takenByGateway.reset()
    this.takenByPods.reset()
    this.observation.exposure.store.clear()
    this.ruler?.reset()
  }

  /** Requests of a version that come through another Service from now on are counted there. */
  routed(nowMs: number, cluster: Cluster, versionOf: VersionOf): void {
    if (!this.gateway) return
    const after = [...this.entries]
    if (!entriesByVersion(cluster, versionOf, after)) return
    this.flow.draw(nowMs)
    this.countRoutes(this.gateway)
    this.entries.splice(0, after.length, ...after)
    this.counted.fill(undefined)
  }

  /** What a scrape at this instant finds; the caller stores it when it arrives. */
  scrape(nowMs: number, cluster: Cluster, versionOf: VersionOf): () => void {
    const clockMs = this.clockAt(nowMs)
    this.flow.draw(nowMs)
    if (this.gateway) this.countRoutes(this.gateway)
    const found: Reading[] = []
    const gone: Exposition[] = []
    const isLate = this.observation.scrape.delayMs > 0
    if (this.watchesPods) this.countPods(nowMs, cluster, versionOf, found, gone)
    for (const endpoint of this.endpoints()) found.push(endpoint)
    const read = isLate ? found.map(({ exposition, sources }) => ({ exposition, sources: sources.map(asItIs) })) : found
    return () => {
      for (const { exposition, sources } of read) exposition.scrape(clockMs, sources)
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
  clockAt(timeMs: number): number {
    return this.observation.startsAtMs + timeMs
  }

  private endpoints(): Endpoint[] {
    return [this.gateway, this.kubelet, this.clusterState].filter((endpoint) => endpoint !== undefined)
  }

  private countRoutes(endpoint: Endpoint): void {
    const { cells } = this.flow
    for (let version = 0; version < this.entries.length; version++) {
      const tally = this.countedAt(version, endpoint)
      for (const cell of cells.cellsOf(version)) this.takenByGateway.take(cells, cell, tally)
    }
  }

  private countedAt(version: number, endpoint: Endpoint): Tally {
    const tally = this.counted[version] ?? this.routeOf(version, this.entries[version]!, endpoint)
    this.counted[version] = tally
    return tally
  }

  private routeOf(version: number, service: string, endpoint: Endpoint): Tally {
    const { workload } = this
    const key = `${version} ${service}`
    let tally = this.routes.get(key)
    if (!tally) {
      tally = new Tally(this.bins, this.clockAt(0))
      this.routes.set(key, tally)
    }
    endpoint.tell(key, tally, () => {
      return targetOf(workload, 'client', identityOf(workload, version, `${workload.name}-0`, 0), service)
    })
    return tally
  }

  private countPods(nowMs: number, cluster: Cluster, versionOf: VersionOf, found: Reading[], gone: Exposition[]): void {
    this.kubelet?.forget()
    this.clusterState?.forget()
    for (const replicaSet of cluster.replicaSets) {
      const version = versionOf(replicaSet)
      this.tellOfSet(replicaSet, version)
      for (const pod of replicaSet.pods) {
        const watched = this.countPod(pod, version)
        found.push({ exposition: watched.exposition, sources: [watched.tally] })
        this.tellOfPod(nowMs, pod, version, watched.tally)
      }
    }
    for (const [pod, { exposition }] of this.present) {
      if (!pod.deleted) continue
      gone.push(exposition)
      this.present.delete(pod)
    }
  }

  private tellOfPod(nowMs: number, pod: Pod, version: number, tally: Tally): void {
    const { workload } = this
    const endpoints = [this.kubelet, this.clusterState].filter((endpoint) => endpoint !== undefined)
    if (endpoints.length === 0) return
    const observed = {
      ...tally,
      pod: stateOfPod(pod, nowMs, this.observation.startsAtMs, workload.pods[version]!, tally),
    }
    const identity = () => identityOfPod(workload, version, pod)
    this.kubelet?.tell(pod.name, observed, () => targetOf(workload, 'kubelet', identity(), ''))
    this.clusterState?.tell(pod.name, observed, () => targetOf(workload, 'cluster', identity(), ''))
  }

  private tellOfSet(replicaSet: ReplicaSet, version: number): void {
    const { workload, clusterState } = this
    if (!clusterState) return
    const observed = { ...nothing, set: stateOfSet(replicaSet, this.observation.startsAtMs) }
    clusterState.tell(`set ${replicaSet.name}`, observed, () =>
      targetOf(workload, 'cluster', identityOfSet(workload, version, replicaSet), ''),
    )
  }

  private countPod(pod: Pod, version: number): WatchedPod {
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
      const target = targetOf(this.workload, 'server', server, service)
      watched = {
        exposition: new Exposition(this.observation.exposure, target),
        tally: new Tally(this.bins, 0),
        restarts: 0,
      }
      watched.exposition.add(target)
      this.pods.set(key, watched)
    }
    watched.restarts = pod.restarts
    watched.tally.restart(this.clockAt(pod.createdAtMs))
    this.present.set(pod, watched)
    return watched
  }
}

/** What has no counters of its own. */
const nothing: Observed = { requests: [], latencyBins: [], latencySumsMs: [], startTimeMs: 0 }

function asItIs(observed: Observed | undefined): Observed | undefined {
  return observed instanceof Tally ? observed.copy() : observed
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
