// From analysis manifests, and the analyses of a Rollout, to templates, metrics and arguments.
import type { Manifest } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import { Fields, pathText } from '../fields.js'
import {
  type AnalysisRequest,
  type AnalysisTemplate,
  type Arg,
  type JobTemplate,
  type MetricTemplate,
  type PlacedField,
  placedFields,
  type RolloutArg,
  type TemplateReference,
  type WebTemplate,
} from './analysis-template.js'
import type { MetricRules } from './metric-rules.js'
import { isKnownStatusPath, isStatusPath } from './status-field.js'

export function readAnalysisTemplate(manifest: Manifest, problems: Problems): AnalysisTemplate {
  const top = Fields.of(manifest, problems)
  top.irrelevant('apiVersion', 'kind', 'metadata', 'status')
  const spec = top.fields('spec') ?? top.empty('spec')
  top.end()
  const template: AnalysisTemplate = {
    name: manifest.name,
    clusterScope: manifest.kind === 'ClusterAnalysisTemplate',
    metrics: spec.list('metrics').map(readMetric),
    args: spec.list('args').map(readTemplateArg),
    rules: readRules(spec),
    nested: spec.list('templates').map(readReference),
  }
  if (template.metrics.length === 0 && template.nested.length === 0) {
    spec.error('metrics', 'no-metrics', `${manifest.kind} ${manifest.name} has no metrics`)
  }
  spec.end()
  return template
}

export function readAnalysisRequest(analysis: Fields): AnalysisRequest {
  const templates = analysis.list('templates').map(readReference)
  if (templates.length === 0) {
    const message = `${pathText(analysis.path)} names no templates: a real rollout hangs here`
    analysis.error('templates', 'no-templates', message)
  }
  const args = analysis.list('args').map(readRolloutArg)
  const rules = readRules(analysis)
  analysis.refuse('analysisRunMetadata')
  analysis.end()
  return { templates, args, rules }
}

function readRules(fields: Fields): MetricRules {
  const read = <T>(key: string, one: (rule: Fields) => T) =>
    fields.list(key).map((rule) => {
      const result = one(rule)
      rule.end()
      return result
    })
  const metricName = (rule: Fields) => rule.text('metricName') ?? ''
  return {
    dryRun: read('dryRun', (rule) => ({ metricName: metricName(rule) })),
    retention: read('measurementRetention', (rule) => ({
      metricName: metricName(rule),
      limit: rule.integer('limit') ?? 0,
    })),
  }
}

function readReference(reference: Fields): TemplateReference {
  const name = reference.text('templateName') ?? ''
  const clusterScope = reference.flag('clusterScope') ?? false
  reference.end()
  return { name, clusterScope, place: reference.place('templateName') }
}

function readTemplateArg(arg: Fields): Arg {
  const read = { name: arg.text('name') ?? '', value: arg.text('value') }
  arg.refuse('valueFrom')
  arg.end()
  return read
}

function readRolloutArg(arg: Fields): RolloutArg {
  const name = arg.text('name') ?? ''
  const value = arg.text('value')
  const from = arg.fields('valueFrom')
  const valueFrom = from && readSource(from)
  arg.end()
  return { name, value, valueFrom }
}

function readSource(from: Fields): RolloutArg['valueFrom'] {
  const hash = from.text('podTemplateHashValue')
  const fieldRef = from.fields('fieldRef')
  const fieldPath = fieldRef?.text('fieldPath')
  from.refuse('secretKeyRef')
  from.end()
  if (hash === 'Latest' || hash === 'Stable') return { podTemplateHashValue: hash }
  if (hash !== undefined) {
    const message = `podTemplateHashValue is Latest or Stable, not ${hash}: the argument is the empty text`
    from.warning('podTemplateHashValue', 'invalid-hash-value', message)
    return undefined
  }
  if (fieldPath !== undefined && isStatusPath(fieldPath) && !isKnownStatusPath(fieldPath)) {
    from.error('fieldRef', 'unsupported-field', `fieldRef to ${fieldPath} is not simulated`)
  }
  return fieldPath === undefined ? undefined : { fieldPath, place: fieldRef!.place('fieldPath') }
}

const otherProviders = [
  'kayenta',
  'datadog',
  'wavefront',
  'newRelic',
  'cloudWatch',
  'graphite',
  'influxdb',
  'skywalking',
  'plugin',
]

function readMetric(metric: Fields): MetricTemplate {
  const provider = metric.fields('provider') ?? metric.empty('provider')
  provider.refuse(...otherProviders)
  const prometheus = provider.fields('prometheus')
  const web = provider.fields('web')
  const job = provider.fields('job')
  prometheus?.irrelevant('authentication', 'headers', 'insecure')
  prometheus?.refuse('rangeQuery')
  const read: MetricTemplate = {
    name: metric.text('name') ?? '',
    interval: metric.text('interval') ?? '',
    initialDelay: metric.text('initialDelay') ?? '',
    count: metric.intOrText('count'),
    successCondition: metric.text('successCondition') ?? '',
    failureCondition: metric.text('failureCondition') ?? '',
    failureLimit: metric.intOrText('failureLimit'),
    inconclusiveLimit: metric.intOrText('inconclusiveLimit'),
    consecutiveErrorLimit: metric.intOrText('consecutiveErrorLimit'),
    consecutiveSuccessLimit: metric.intOrText('consecutiveSuccessLimit'),
    address: prometheus?.text('address') ?? '',
    query: prometheus?.text('query') ?? '',
    timeoutSeconds: prometheus?.integer('timeout'),
    providers: [...otherProviders, 'prometheus', 'web', 'job'].filter((name) => provider.has(name)).length,
    web: web && readWeb(web),
    job: job && readJob(job),
    places: {
      ...(Object.fromEntries(placedFields.map((field) => [field, metric.place(field)])) as Record<PlacedField, Place>),
      query: prometheus ? prometheus.place('query') : provider.place(undefined),
    },
  }
  prometheus?.end()
  provider.end()
  metric.end()
  return read
}

function readWeb(web: Fields): WebTemplate {
  web.irrelevant('headers', 'insecure', 'authentication')
  const read = {
    method: web.text('method') || 'GET',
    url: web.text('url') ?? '',
    body: web.text('body') ?? '',
    hasJsonBody: web.has('jsonBody'),
    jsonPath: web.text('jsonPath') ?? '',
    timeoutSeconds: web.integer('timeoutSeconds'),
  }
  web.end()
  return read
}

function readJob(job: Fields): JobTemplate {
  job.irrelevant('metadata')
  const spec = job.fields('spec') ?? job.empty('spec')
  job.end()
  const pod = spec.fields('template')?.fields('spec')
  return {
    image: pod?.list('containers')[0]?.text('image') ?? '',
    restartPolicy: pod?.text('restartPolicy') ?? 'Always',
    backoffLimit: spec.integer('backoffLimit') ?? defaultBackoffLimit,
  }
}

/** Of Kubernetes, not of Argo. */
const defaultBackoffLimit = 6
