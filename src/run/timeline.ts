// The timeline of a flight: everything the controller did and saw, and where the requests really went.
import type { AlertChange } from '../metrics/rules/alert.js'
import { AnalysisRun, type MetricResult } from '../policy/argo/analysis-run.js'
import { Experiment } from '../policy/argo/experiment.js'
import { notified, type Subscriptions } from '../policy/argo/notification.js'
import { Rollout, weightAskedFor } from '../policy/argo/rollout.js'
import type { Journal } from '../policy/view.js'
import type { ClusterListener } from '../world/cluster/listener.js'
import type { EndReason, Pod, ReplicaSet, Service } from '../world/cluster/objects.js'

export type TimelineEntry = { readonly atMs: number } & (
  | { readonly what: 'release'; readonly image: string }
  | { readonly what: 'fault'; readonly on: string; readonly effect: string; readonly begins: boolean }
  | {
      readonly what: 'rollout'
      readonly phase: string
      readonly message: string
      /** Counted from 0; the number of steps once all are done. */
      readonly step: number | null
      readonly steps: number
      readonly setWeightPercent: number
    }
  | {
      readonly what: 'replica-set'
      readonly name: string
      readonly spec: number
      readonly ready: number
      readonly available: number
    }
  | { readonly what: 'person'; readonly does: string }
  | {
      readonly what: 'restart'
      readonly replicaSet: string
      readonly pod: number
      readonly restarts: number
      /** Why its container ended, as `kubectl` shows it. */
      readonly reason: EndReason
    }
  /** An event of a pod, a node or a ReplicaSet, as `kubectl get events` shows it. */
  | { readonly what: 'cluster'; readonly on: string; readonly reason: string; readonly message: string }
  | { readonly what: 'service'; readonly name: string; readonly selects: string }
  | {
      readonly what: 'traffic'
      readonly setWeightPercent: number
      readonly actualWeightPercent: number
    }
  | { readonly what: 'experiment'; readonly name: string; readonly phase: string; readonly message: string }
  | { readonly what: 'analysis'; readonly name: string; readonly phase: string; readonly message: string }
  | {
      readonly what: 'measurement'
      readonly run: string
      readonly metric: string
      readonly phase: string
      readonly value: string | null
      readonly message: string
    }
  | {
      readonly what: 'alert'
      readonly alert: string
      /** `gone`: it was pending and never fired. `standing`: it fired before the release and still does. */
      readonly change: AlertChange | 'standing'
      readonly labels: Readonly<Record<string, string>>
      readonly value: string
    }
  /** The first evaluation of a rule that failed, or the last before the release if that did. */
  | { readonly what: 'rule'; readonly rule: string; readonly group: string; readonly error: string }
  | { readonly what: 'event'; readonly on: string; readonly reason: string; readonly message: string }
  | {
      readonly what: 'notification'
      readonly trigger: string
      readonly service: string
      readonly recipients: readonly string[]
    }
)

type Entry = TimelineEntry extends infer E ? (E extends { readonly atMs: number } ? Omit<E, 'atMs'> : never) : never

/** What rules have come to. */
export type RulingEntry = Extract<Entry, { what: 'alert' | 'rule' }>

/** Takes down a flight as it happens; times begin at the release. */
export class Timeline implements Journal, ClusterListener {
  readonly entries: TimelineEntry[] = []
  private lastRollout = ''
  private readonly lastCounts = new Map<string, string>()
  private readonly lastPhases = new Map<AnalysisRun | Experiment, string>()
  private readonly measured = new Map<MetricResult, number>()

  constructor(
    private readonly now: () => number,
    private readonly isOpen: () => boolean,
    private readonly subscriptions: Subscriptions,
  ) {}

  add(entry: Entry): void {
    if (!this.isOpen()) return
    this.entries.push({ atMs: this.now(), ...entry } as TimelineEntry)
  }

  wrote(object: object): void {
    if (object instanceof Rollout) this.rollout(object)
    if (object instanceof AnalysisRun) this.run(object)
    if (object instanceof Experiment) this.experiment(object)
  }

  event(on: string, _type: string, reason: string, message: string): void {
    this.add({ what: 'event', on, reason, message })
    for (const subscription of notified(this.subscriptions, on, reason)) {
      this.add({ what: 'notification', ...subscription })
    }
  }

  replicaSetChanged({ name, spec, ready, available }: ReplicaSet): void {
    const counts = `${spec} ${ready} ${available}`
    if (this.lastCounts.get(name) === counts) return
    this.lastCounts.set(name, counts)
    this.add({ what: 'replica-set', name, spec, ready, available })
  }

  podRestarted({ replicaSet: { name }, ordinal, restarts, lastEnd }: Pod): void {
    this.add({ what: 'restart', replicaSet: name, pod: ordinal, restarts, reason: lastEnd })
  }

  told(on: string, reason: string, message: string): void {
    this.add({ what: 'cluster', on, reason, message })
  }

  /** A Service may be switched to and fro within one pass; what counts is where it ends up. */
  serviceChanged({ name, hash = '' }: Service): void {
    const now = this.now()
    const isOfService = (entry: TimelineEntry) => entry.what === 'service' && entry.name === name
    const superseded = this.entries.findLastIndex((entry) => entry.atMs === now && isOfService(entry))
    if (superseded >= 0) this.entries.splice(superseded, 1)
    const before = this.entries.findLast(isOfService)
    if (before?.what === 'service' && before.selects === hash) return
    this.add({ what: 'service', name, selects: hash })
  }

  /** What comes of it shows in the traffic. */
  routeChanged(): void {}

  private rollout(rollout: Rollout): void {
    const { phase, message, stepIndex } = rollout.status
    const step = stepIndex < 0 ? null : stepIndex
    const steps = rollout.spec.canary.steps.length
    const entry = { what: 'rollout', phase, message, step, steps, setWeightPercent: weightAskedFor(rollout) } as const
    const text = JSON.stringify(entry)
    if (text === this.lastRollout) return
    this.lastRollout = text
    this.add(entry)
  }

  private experiment(experiment: Experiment): void {
    const { name, phase, status } = experiment
    if (phase === (this.lastPhases.get(experiment) ?? '')) return
    this.lastPhases.set(experiment, phase)
    this.add({ what: 'experiment', name, phase, message: status.message })
  }

  private run(run: AnalysisRun): void {
    for (const result of run.results) this.measurement(run, result)
    if (run.phase === (this.lastPhases.get(run) ?? '')) return
    this.lastPhases.set(run, run.phase)
    this.add({ what: 'analysis', name: run.name, phase: run.phase, message: run.message })
  }

  /** A pass measures a metric once at most, so what is new is the last one. */
  private measurement(run: AnalysisRun, result: MetricResult): void {
    const count = result.count + result.error
    if (count === (this.measured.get(result) ?? 0)) return
    this.measured.set(result, count)
    const { phase, value, message } = result.last
    this.add({ what: 'measurement', run: run.name, metric: result.name, phase, value: value() ?? null, message })
  }
}
