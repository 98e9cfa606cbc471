// A scenario as the rest of the program knows it: every default filled in, every quantity a number in its base unit.

import type { Budget } from './budget.js'
import { clientsFrom, type ScenarioClients } from './clients.js'
import { clusterFrom } from './cluster-schema.js'
import type { ClusterSpec } from './cluster-spec.js'
import { type Controller, newestController } from './controller.js'
import { defined } from './defined.js'
import { type Dependency, dependencyFrom } from './dependencies.js'
import type { DialectName } from './dialects.js'
import { faultFrom } from './fault-from.js'
import type { ScenarioFault } from './faults.js'
import type { Fidelity } from './fidelity.js'
import { defaultStartMs } from './instant.js'
import { ownMetricFrom } from './own-metric-schema.js'
import type { OwnMetric } from './own-metrics.js'
import type { Person, Trigger } from './people.js'
import type { PluginScript } from './plugins.js'
import type { PersonFields, PluginFields, ScenarioFields } from './schema.js'
import type { Scrape } from './scrape.js'
import { scrapeFrom } from './scrape-schema.js'
import { canaryBehaviour, stableBehaviour, type VersionBehaviour } from './service.js'
import { signalFrom } from './signal-schema.js'
import type { Signal } from './signals.js'
import type { ScenarioTraffic } from './traffic.js'
import { trafficFrom } from './traffic-schema.js'

export interface Scenario {
  /** One sentence. */
  readonly teaches: string
  /** Files and directories, as seen from where the program runs. */
  readonly policy: readonly string[]
  readonly controller: Controller
  readonly releaseAtMs: number
  /** Without one, the manifest's image with another tag. */
  readonly releaseImage?: string
  readonly durationMs: number
  /** Milliseconds since 1970: what clocks show when the scenario starts. */
  readonly startsAtMs: number
  readonly seed: number
  /** Undefined: as exactly as what is asked for needs. */
  readonly fidelity?: Fidelity
  readonly traffic: ScenarioTraffic
  readonly service: { readonly stable: VersionBehaviour; readonly canary: VersionBehaviour }
  readonly clients: ScenarioClients
  readonly dependencies: readonly Dependency[]
  /** Left out where the file doesn't speak of it. */
  readonly cluster?: ClusterSpec
  readonly faults: readonly ScenarioFault[]
  readonly people: readonly Person[]
  readonly plugins: readonly PluginScript[]
  readonly observability: {
    /** Without any, the run decides by the policy's router. */
    readonly dialects?: readonly DialectName[]
    readonly metrics: readonly OwnMetric[]
    readonly scrape: Scrape
    readonly signals: readonly Signal[]
    /** How often groups of rules are evaluated that don't say it themselves. */
    readonly evaluationMs: number
  }
  readonly slo: {
    readonly objectiveRatio: number
    readonly windowMs: number
    /** Without one, only errors count against the objective. */
    readonly latencyMs?: number
  }
  readonly budgets: readonly Budget[]
}

/** Fills in what a person left out. The paths of the policy stay as they are written. */
export function scenarioFrom(fields: ScenarioFields): Scenario {
  const { release, observability, slo } = fields
  const stable = stableBehaviour(fields.service?.stable)
  return deepFreeze({
    teaches: fields.teaches,
    policy: typeof fields.policy === 'string' ? [fields.policy] : fields.policy,
    controller: fields.controller ?? newestController,
    releaseAtMs: release.at,
    ...defined({ releaseImage: release.image }),
    durationMs: fields.duration,
    startsAtMs: fields.startsAt ?? defaultStartMs,
    seed: fields.seed ?? 1,
    ...defined({ fidelity: fields.fidelity }),
    traffic: trafficFrom(fields.traffic),
    service: { stable, canary: canaryBehaviour(fields.service?.canary, stable) },
    clients: clientsFrom(fields.clients),
    dependencies: (fields.dependencies ?? []).map(dependencyFrom),
    ...defined({ cluster: fields.cluster && clusterFrom(fields.cluster) }),
    faults: (fields.faults ?? []).filter(({ manifest }) => manifest === undefined).map(faultFrom),
    people: (fields.people ?? []).map(person),
    plugins: (fields.plugins ?? []).map(plugin),
    observability: {
      ...defined({ dialects: observability?.dialect && [observability.dialect].flat() }),
      metrics: (observability?.metrics ?? []).map(ownMetricFrom),
      scrape: scrapeFrom(observability?.scrape),
      signals: (observability?.signals ?? []).map(signalFrom),
      evaluationMs: observability?.evaluation ?? 60_000,
    },
    slo: {
      objectiveRatio: slo?.objective ?? 0.999,
      windowMs: slo?.window ?? 30 * 24 * 3_600_000,
      ...defined({ latencyMs: slo?.latency }),
    },
    budgets: fields.budgets ?? [],
  })
}

function person({ do: does, replicas, ...fields }: PersonFields): Person {
  return { does, ...defined({ replicas }), trigger: trigger(fields) }
}

/** The schema has seen to it that there is exactly one of a time, a phase and an alert. */
function trigger({ at, when, alert, labels, after }: Omit<PersonFields, 'do' | 'replicas'>): Trigger {
  const afterMs = after ?? 0
  if (alert !== undefined) return { alert, labels: labels ?? {}, afterMs }
  return when === undefined ? { atMs: at ?? 0 } : { phase: when, afterMs }
}

function plugin({ name, phase, after, message, requeueAfter, disabled }: PluginFields): PluginScript {
  return {
    name,
    phase: disabled ? undefined : (phase ?? 'Successful'),
    afterMs: after ?? 0,
    message: message ?? '',
    requeueAfterMs: requeueAfter ?? 0,
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
