// Metrics that a scenario declares, as a dialect of their own.

import {
  type CountedThing,
  countedThings,
  type LabelVariable,
  type OwnMetric,
  variablePattern,
} from '../../scenario/own-metrics.js'
import { APP, appLabels, DEFAULT_BOUNDS_SECONDS } from './app.js'
import type { Dialect, Family, RequestFamily, SetState, StateFamily, Target } from './dialect.js'
import { KUBE_STATE_ENDPOINT } from './kube-state.js'
import { scrapedLabels } from './scrape-labels.js'

/** Their endpoints are those of the application, the gateway and the cluster's exporter. */
export function ownDialect(metrics: readonly OwnMetric[]): Dialect {
  const isOfPods = metrics.some(({ at, counts }) => at === 'pods' && isOfRequests(counts))
  const ups = isOfPods ? APP.families.filter(({ quantity }) => quantity === 'up') : []
  return { name: 'scenario', families: [...metrics.map(familyOf), ...ups] }
}

type OfRequests = 'requests' | 'successes' | 'errors' | 'latency'

function isOfRequests(counts: CountedThing): counts is OfRequests {
  return ['requests', 'successes', 'errors', 'latency'].includes(counts)
}

function familyOf(metric: OwnMetric): Family {
  return isOfRequests(metric.counts) ? requestFamily(metric, metric.counts) : stateFamily(metric, metric.counts)
}

const words: Readonly<Record<OfRequests, string>> = {
  requests: 'requests that were answered',
  successes: 'requests that were answered without an error',
  errors: 'requests that were answered with an error',
  latency: 'how long answers took',
}

function requestFamily(metric: OwnMetric, counts: OfRequests): RequestFamily {
  const { name, help, at, of, bucketsMs, unitMs, shareRatio, adds, isThereFromStart } = metric
  const isError = (code: string) => code.startsWith('5')
  const takesCode = (code: string) =>
    counts === 'errors' ? isError(code) : counts === 'successes' ? !isError(code) : true
  return {
    name,
    quantity: counts === 'latency' ? 'latency' : 'requests',
    side: at === 'pods' ? 'application' : 'client',
    type: countedThings[counts],
    help,
    counts: `${shareRatio < 1 ? 'a share of the ' : ''}${words[counts]}, as the scenario declares`,
    fixed: {},
    labels: (target, code) => ({ ...scraped(target, at), ...filledIn(metric, target, code) }),
    takes: (code, target) => takesCode(code) && (of === undefined || target.server.version === of),
    share: shareRatio,
    adds,
    isThereFromStart,
    bounds: bucketsMs?.map((bound) => bound / unitMs) ?? DEFAULT_BOUNDS_SECONDS.map((bound) => (bound * 1000) / unitMs),
    unitMs,
  }
}

function scraped(target: Target, at: OwnMetric['at']): Record<string, string> {
  return at === 'pods' ? appLabels(target) : scrapedLabels(target, 'gateway', GATEWAY_PORT)
}

const GATEWAY_PORT = 9090

type OfPods = Exclude<CountedThing, OfRequests>

function stateFamily(metric: OwnMetric, counts: OfPods): StateFamily {
  const { name, help, of } = metric
  return {
    name,
    quantity: 'state',
    side: 'cluster',
    type: countedThings[counts],
    help,
    counts: `${stateWords[counts]}, as the scenario declares`,
    fixed: {},
    labels: (target) => ({ ...KUBE_STATE_ENDPOINT, ...filledIn(metric, target, '') }),
    value: ({ pod, set }, _, { server }) => {
      if (of !== undefined && server.version !== of) return Number.NaN
      if (counts === 'restarts') return pod?.restarts ?? Number.NaN
      return set ? set[figures[counts]] : Number.NaN
    },
  }
}

const stateWords: Readonly<Record<OfPods, string>> = {
  restarts: 'how often containers were started again',
  pods: 'pods that there are',
  readyPods: 'pods that are ready',
  availablePods: 'pods that are available',
}

const figures: Readonly<Record<Exclude<OfPods, 'restarts'>, keyof SetState>> = {
  pods: 'replicas',
  readyPods: 'ready',
  availablePods: 'available',
}

function filledIn({ labels }: OwnMetric, target: Target, code: string): Record<string, string> {
  const { server, service } = target
  const values: Readonly<Record<LabelVariable, string>> = {
    version: server.version,
    hash: server.labels['rollouts-pod-template-hash'] ?? server.labels['pod-template-hash'] ?? '',
    pod: server.name,
    code,
    service,
    workload: server.workload,
    namespace: server.namespace,
  }
  const fill = (text: string) =>
    text.replace(variablePattern, (_, braced?: LabelVariable, bare?: LabelVariable) => {
      const name = braced ?? bare
      return name === undefined ? '$' : values[name]
    })
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, fill(value)]))
}
