// From the manifest of a HorizontalPodAutoscaler, of autoscaling/v2 or v1, to what its controller works with.
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { parseMilli } from '../api/quantity.js'
import { Fields, pathText } from '../fields.js'
import { withinReplicas } from '../read-replicas.js'
import type { AutoscalerSpec, Behavior, MetricTarget, ScalingPolicy, ScalingRules } from './autoscaler-spec.js'

/** `requestMilli` is the CPU that each pod of the target requests, if it does. */
export function readAutoscaler(
  manifest: Manifest,
  requestMilli: number | undefined,
  problems: Problems,
): AutoscalerSpec {
  const top = Fields.of(manifest, problems)
  top.irrelevant('apiVersion', 'kind', 'metadata', 'status')
  const spec = top.fields('spec') ?? top.empty('spec')
  top.end()
  spec.irrelevant('scaleTargetRef')
  const minReplicas = spec.integer('minReplicas') ?? 1
  const maxReplicas = withinReplicas(spec, spec.integer('maxReplicas') ?? 0, 'maxReplicas')
  if (minReplicas < 1) tell(spec, 'minReplicas', 'must be greater than or equal to 1')
  if (spec.has('maxReplicas') && maxReplicas < minReplicas)
    tell(spec, 'maxReplicas', 'must be greater than or equal to `minReplicas`')
  const isOld = manifest.apiVersion === 'autoscaling/v1'
  for (const key of isOld ? ['metrics', 'behavior'] : ['targetCPUUtilizationPercentage']) {
    if (!spec.has(key)) continue
    spec.warning(key, 'unknown-field', `unknown field spec.${key} of ${manifest.apiVersion}: the API server drops it`)
  }
  const metrics = isOld ? [readOldTarget(spec, requestMilli)] : readMetrics(spec, requestMilli)
  const behavior = isOld ? undefined : spec.fields('behavior')
  const up = behavior?.fields('scaleUp')
  const down = behavior?.fields('scaleDown')
  const read: AutoscalerSpec = {
    name: manifest.name,
    minReplicas,
    maxReplicas,
    metrics: metrics.filter((metric) => metric !== undefined),
    tolerance: { up: readTolerance(up), down: readTolerance(down) },
    behavior: behavior && readBehavior(up, down),
  }
  behavior?.end()
  spec.end()
  return read
}

const defaultPercent = 80
const defaultTolerance = 0.1

/** Requests that a pod answers in a second, as an adapter for Prometheus names them by the rules in its manual. */
const requestMetrics = ['http_requests_per_second', 'requests_per_second', 'http_requests']

function readOldTarget(spec: Fields, requestMilli: number | undefined): MetricTarget | undefined {
  const key = 'targetCPUUtilizationPercentage'
  return cpuUtilization(spec, key, spec.integer(key) ?? defaultPercent, requestMilli)
}

function readMetrics(spec: Fields, requestMilli: number | undefined): readonly (MetricTarget | undefined)[] {
  const metrics = spec.list('metrics')
  if (metrics.length === 0) return [cpuUtilization(spec, undefined, defaultPercent, requestMilli)]
  return metrics.map((metric) => readMetric(metric, requestMilli))
}

function readMetric(metric: Fields, requestMilli: number | undefined): MetricTarget | undefined {
  const type = metric.text('type') ?? ''
  if (type === 'Resource') return readResource(metric, requestMilli)
  if (type === 'Pods') return readPodsMetric(metric)
  const known = ['ContainerResource', 'External', 'Object']
  if (known.includes(type)) {
    const hint = 'A scenario has the requests of each pod, and the CPU that they take: Resource cpu, or Pods.'
    metric.error('type', 'unsupported-field', `a metric of type ${type} is not simulated`, hint)
  } else {
    tell(metric, 'type', `Unsupported value: ${JSON.stringify(type)}`)
  }
  return undefined
}

function readResource(metric: Fields, requestMilli: number | undefined): MetricTarget | undefined {
  const resource = metric.fields('resource') ?? metric.empty('resource')
  metric.end()
  const name = resource.text('name') ?? ''
  const target = resource.fields('target') ?? resource.empty('target')
  resource.end()
  const type = target.text('type')
  const percent = target.integer('averageUtilization')
  const average = target.intOrText('averageValue')
  target.end()
  if (name !== 'cpu') {
    const hint = 'The pods of a scenario have no memory: scale by cpu, or by a Pods metric.'
    resource.error('name', 'unsupported-field', `the resource ${JSON.stringify(name)} is not simulated`, hint)
    return undefined
  }
  if (type === 'AverageValue') return averageOf(target, average, 'cpu', 'cpu resource')
  if (type === 'Utilization' && percent !== undefined) {
    return cpuUtilization(target, 'averageUtilization', percent, requestMilli)
  }
  tell(target, undefined, 'Required value: must set either a target utilization or a target average value')
  return undefined
}

function cpuUtilization(
  fields: Fields,
  key: string | undefined,
  percent: number,
  requestMilli: number | undefined,
): MetricTarget | undefined {
  if (percent < 1) tell(fields, key, 'must be greater than 0')
  if (requestMilli === undefined) {
    const hint = 'Add resources.requests.cpu to each container: utilisation is a share of it.'
    fields.error(key, 'no-cpu-request', 'missing request for cpu: on a cluster this would never scale', hint)
    return undefined
  }
  const about = 'cpu resource utilization (percentage of request)'
  return { metric: 'cpu', about, target: { kind: 'utilization', percent, requestMilli } }
}

function readPodsMetric(metric: Fields): MetricTarget | undefined {
  const pods = metric.fields('pods') ?? metric.empty('pods')
  metric.end()
  const identifier = pods.fields('metric') ?? pods.empty('metric')
  const name = identifier.text('name') ?? ''
  identifier.refuse('selector')
  identifier.end()
  const target = pods.fields('target') ?? pods.empty('target')
  pods.end()
  if (target.text('type') !== 'AverageValue')
    tell(target, 'type', 'Unsupported value: supported values: "AverageValue"')
  const average = target.intOrText('averageValue')
  target.end()
  if (requestMetrics.includes(name)) return averageOf(target, average, 'requests', `pods metric ${name}`)
  const hint = `What the pods of a scenario tell is their rate of requests: ${requestMetrics.join(', ')}.`
  identifier.error('name', 'unsupported-field', `nothing exposes the metric ${JSON.stringify(name)}`, hint)
  return undefined
}

function averageOf(
  target: Fields,
  average: number | string | undefined,
  metric: MetricTarget['metric'],
  about: string,
): MetricTarget | undefined {
  const milli = parseMilli(average ?? null)
  if (milli === undefined || milli <= 0) {
    tell(target, 'averageValue', 'must be a positive target average value')
    return undefined
  }
  return { metric, about, target: { kind: 'average', milli } }
}

function readTolerance(rules: Fields | undefined): number {
  const written = rules?.raw('tolerance')
  if (written === undefined) return defaultTolerance
  const milli = parseMilli(written)
  if (milli === undefined || milli < 0) tell(rules!, 'tolerance', 'must be a quantity, and not negative')
  return (milli ?? 0) / 1000
}

const fast: readonly ScalingPolicy[] = [
  { type: 'Pods', value: 4, periodMs: 15_000 },
  { type: 'Percent', value: 100, periodMs: 15_000 },
]
const everything: readonly ScalingPolicy[] = [{ type: 'Percent', value: 100, periodMs: 15_000 }]

/** Whoever writes one half gets the defaults for the other. */
function readBehavior(up: Fields | undefined, down: Fields | undefined): Behavior {
  return { scaleUp: readRules(up, 0, fast), scaleDown: readRules(down, 300, everything) }
}

const longestWindowSeconds = 3600
const longestPeriodSeconds = 1800

function readRules(rules: Fields | undefined, windowSeconds: number, policies: readonly ScalingPolicy[]): ScalingRules {
  if (!rules) return { windowMs: windowSeconds * 1000, select: 'Max', policies }
  const window = rules.integer('stabilizationWindowSeconds') ?? windowSeconds
  if (window < 0 || window > longestWindowSeconds) {
    tell(rules, 'stabilizationWindowSeconds', `must be between 0 and ${longestWindowSeconds}`)
  }
  const select = rules.text('selectPolicy') ?? 'Max'
  const known = (['Max', 'Min', 'Disabled'] as const).find((candidate) => candidate === select)
  if (!known) tell(rules, 'selectPolicy', `Unsupported value: ${JSON.stringify(select)}`)
  const own = rules.list('policies').map(readPolicy)
  if (own.length === 0 && rules.has('policies')) tell(rules, 'policies', 'must specify at least one Policy')
  rules.irrelevant('tolerance')
  rules.end()
  return { windowMs: window * 1000, select: known ?? 'Max', policies: own.length > 0 ? own : policies }
}

function readPolicy(policy: Fields): ScalingPolicy {
  const type = policy.text('type')
  const value = policy.integer('value') ?? 0
  const periodSeconds = policy.integer('periodSeconds') ?? 0
  policy.end()
  if (type !== 'Pods' && type !== 'Percent')
    tell(policy, 'type', 'Unsupported value: supported values: "Percent", "Pods"')
  if (value <= 0) tell(policy, 'value', 'must be greater than zero')
  if (periodSeconds <= 0 || periodSeconds > longestPeriodSeconds) {
    tell(policy, 'periodSeconds', `must be between 1 and ${longestPeriodSeconds}`)
  }
  return { type: type === 'Pods' ? 'Pods' : 'Percent', value, periodMs: periodSeconds * 1000 }
}

/** In the gist of the API server's words. */
function tell(fields: Fields, key: string | undefined, what: string): void {
  const message = key === undefined ? what : `${pathText([...fields.path, key])}: ${what}`
  fields.error(key, 'invalid-object', message)
}
