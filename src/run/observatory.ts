// Scrapes what the world has counted into series, and answers the policy's queries from them.

import { refusedRange } from '../metrics/api/refused-range.js'
import type { Observed, Side } from '../metrics/dialects/dialect.js'
import { PromqlError } from '../metrics/promql/error.js'
import type { Query } from '../metrics/promql/query.js'
import type { Value } from '../metrics/promql/value.js'
import { Ruler } from '../metrics/rules/ruler.js'
import type { Answer, QueryRange, QueryResult } from '../policy/view.js'
import type { TargetKind } from '../scenario/scrape.js'
import type { Answers } from '../world/answers.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod } from '../world/cluster/objects.js'
import { changedEntries } from '../world/cluster/split.js'
import { ClusterEndpoints } from './cluster-endpoints.js'
import type { Departed } from './counted-pod.js'
import { CountedPods, type Found, type VersionOf } from './counted-pods.js'
import { CountedRoutes } from './counted-routes.js'
import { Endpoint } from './endpoint.js'
import type { Observation } from './observation.js'
import { Pipeline, type PipelineTrouble, shownAs } from './pipeline.js'
import { compileQuery } from './questions.js'
import { Reading } from './reading.js'
import { Bins } from './tally.js'
import { gateway, targetOf, type Workload } from './workload.js'

export class Observatory {
  /** The gateway's counters, of each version behind each Service; other monitoring systems see the same. */
  private readonly gateway: CountedRoutes | undefined
  private readonly world: CountedRoutes | undefined
  private readonly pods: CountedPods
  private readonly cluster: ClusterEndpoints
  /** By version: the Service through which requests reach it. */
  private entries: readonly string[]
  private readonly bins: Bins
  /** Whether proxies beside the pods tell through which Service requests came. */
  private readonly countsWays: boolean
  private readonly pipeline: Pipeline
  private readonly countsPods: boolean
  /** Nobody, where there are no rules. */
  readonly ruler: Ruler | undefined

  constructor(
    private readonly observation: Observation,
    workload: Workload,
    private readonly flow: Answers,
  ) {
    const { rules, evaluationMs, watches, exposure, spells } = observation
    const endpoint = (side: Side) =>
      watches.has(side)
        ? new Endpoint(
            exposure,
            targetOf(workload, side, gateway, workload.entryService),
            side === 'client' ? 'gateway' : undefined,
          )
        : undefined
    this.countsWays = watches.has('server')
    this.pipeline = new Pipeline(spells.some(({ trouble }) => trouble.what === 'stuck'))
    this.countsPods = observation.scrapesPods || watches.has('kubelet')
    this.bins = new Bins(flow.cells.boundsMs, exposure.latencyBoundsMs, flow.cells.codes)
    this.entries = workload.pods.map(() => observation.entryService)
    const entryOf = (version: number) => this.entries[version]!
    const routes = (side: 'client' | 'world', shownAs: (version: number) => number) => {
      const at = endpoint(side)
      return at && new CountedRoutes(at, side, workload, this.bins, this.clockAt(0), entryOf, shownAs)
    }
    this.gateway = routes('client', (version) => shownAs(workload, version, this.pipeline))
    // Whatever becomes of Prometheus, others see what there is.
    this.world = routes('world', (version) => version)
    if (rules.length > 0) {
      const { store } = exposure
      this.ruler = new Ruler(rules, { store, seriesOf: (labels) => exposure.wanted(labels.toRecord()) }, evaluationMs)
    }
    this.pods = new CountedPods(observation, workload, flow.cells, this.bins, entryOf, this.pipeline)
    const { pipeline } = this
    this.cluster = new ClusterEndpoints(
      observation,
      workload,
      this.pods,
      endpoint('kubelet'),
      endpoint('cluster'),
      pipeline,
    )
  }

  reset(): void {
    this.gateway?.reset()
    this.world?.reset()
    this.pods.reset()
    this.cluster.reset()
    this.entries = this.entries.map(() => this.observation.entryService)
    this.observation.exposure.store.clear()
    this.ruler?.reset()
    this.pipeline.reset()
  }

  /** Something goes wrong from now on. */
  begin(trouble: PipelineTrouble, nowMs: number): void {
    this.countUntil(trouble, nowMs)
    if (trouble.what === 'prometheus-down') this.forgetTargets()
    this.pipeline.begin(trouble)
    this.gateway?.changed()
  }

  end(trouble: PipelineTrouble, nowMs: number): void {
    this.countUntil(trouble, nowMs)
    this.pipeline.end(trouble)
    this.gateway?.changed()
  }

  /** What came until now is told under the labels that it had until now. */
  private countUntil({ what }: PipelineTrouble, nowMs: number): void {
    if (what !== 'mislabelled' || !this.gateway) return
    this.flow.draw(nowMs)
    this.countRoutes()
  }

  /** Requests of a version that come through another Service from now on are counted there. */
  routed(nowMs: number, cluster: Cluster, versionOf: VersionOf): void {
    if (!this.gateway && !this.world && !this.countsWays) return
    const after = changedEntries(cluster, versionOf, this.entries)
    if (after === undefined) return
    this.flow.draw(nowMs)
    this.countRoutes()
    const change = () => {
      this.entries = after
      this.gateway?.changed()
      this.world?.changed()
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
    this.countRoutes()
    const { isUp, world, gateway } = this
    // Made with what is in it: an empty array takes room for seventeen when it grows by one.
    const found: Found[] = isUp && gateway ? [this.foundAt(gateway)] : []
    if (world) found.unshift(world.endpoint)
    if (isUp) {
      if (this.observation.scrapesPods) this.pods.find(cluster, versionOf, found)
      this.cluster.find(nowMs, cluster, versionOf, found)
    }
    return this.reading(nowMs, found)
  }

  /** What a scrape of one endpoint finds that is not a pod's own. */
  scrapeSide(side: Side, nowMs: number, cluster: Cluster, versionOf: VersionOf): Reading {
    this.flow.draw(nowMs)
    this.countRoutes()
    const found: Found[] = []
    if (side === 'world') found.push(this.world!.endpoint)
    else if (this.isUp) {
      if (side === 'client') found.push(this.foundAt(this.gateway!))
      else this.cluster.find(nowMs, cluster, versionOf, found, side)
    }
    return this.reading(nowMs, found)
  }

  scrapePod(nowMs: number, pod: Pod, cluster: Cluster, version: number): Reading {
    this.flow.drawPod(nowMs, version, pod.id)
    const found: Found[] = []
    if (this.isUp) this.pods.findOne(pod, cluster, version, found)
    return this.reading(nowMs, found)
  }

  /** Ends the series of targets that have gone, from this scrape on; undefined if none has. */
  goneSince(nowMs: number): (() => void) | undefined {
    if (this.pods.isEmpty) return undefined
    const gone: Departed[] = []
    this.pods.takeGone(gone)
    return this.ending(nowMs, gone)
  }

  goneAt(nowMs: number, pod: Pod): (() => void) | undefined {
    const gone: Departed[] = []
    this.pods.takeGoneOf(pod, gone)
    return this.ending(nowMs, gone)
  }

  /** Once Prometheus is up again it finds its series, and knows nothing of what ends them. */
  private forgetTargets(): void {
    this.gateway?.endpoint.exposition.restart()
    this.pods.forget()
    this.cluster.forget()
  }

  /** Whether Prometheus is. */
  get isUp(): boolean {
    return this.pipeline.isUp
  }

  /** How much later than at other times it is known what targets of a kind say. */
  delayMs(of: TargetKind): number {
    return this.pipeline.delayMs(of)
  }

  /** Whether a request has met a bad version by now. */
  hasExposed(nowMs: number): boolean {
    return this.flow.hasExposed(nowMs)
  }

  answer(text: string, nowMs: number, range?: QueryRange): Answer {
    if (!this.isUp) return { kind: 'refused', latencyMs: 0 }
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

  private foundAt(routes: CountedRoutes): Found {
    const { pipeline } = this
    if (pipeline.isClean) return routes.endpoint
    const { exposition, sources } = routes.endpoint
    const of = 'gateway'
    if (!pipeline.answers(of)) return { exposition, sources: undefined, of }
    const told = (source: Observed | undefined) => source && pipeline.told([of, routes.kindOf(source)], source, source)
    return { exposition, sources: sources.map(told), of }
  }

  private reading(nowMs: number, found: readonly Found[]): Reading {
    return new Reading(this.clockAt(nowMs), found)
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
    this.gateway?.count(cells)
    this.world?.count(cells)
  }
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
