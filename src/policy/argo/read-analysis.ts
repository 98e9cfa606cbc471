// From analysis manifests, and the analyses of a Rollout, to templates, metrics and arguments.
import type { Manifest } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import { Fields, pathText } from '../fields.js'
import {
  type AnalysisRequest,
  type AnalysisTemplate,
  type Arg,
  type MetricTemplate,
  type PlacedField,
  placedFields,
  type RolloutArg,
  type TemplateReference,
} from './analysis-template.js'
import type { MetricRules } from './metric-rules.js'
import { readProvider } from './read-provider.js'
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
  spec.end()
  return template
}

export function readAnalysisRequest(analysis: Fields): AnalysisRequest {
  const templates = analysis.list('templates').map(readReference)
  if (templates.length === 0) {
    // Where no step is, there is simply no analysis (argo-rollouts 1.10.1).
    const outcome = analysis.path.includes('steps') ? 'a rollout hangs here' : 'nothing is analysed'
    analysis.warning('templates', 'no-templates', `${pathText(analysis.path)} names no templates: ${outcome}`)
  }
  const args = analysis.list('args').map(readRolloutArg)
  const rules = readRules(analysis)
  // Labels and annotations of the run, which no decision depends on.
  analysis.irrelevant('analysisRunMetadata')
  analysis.end()
  return { templates, args, rules }
}

export function readRules(fields: Fields): MetricRules {
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
  const name = arg.text('name') ?? ''
  const value = arg.text('value')
  const from = arg.fields('valueFrom')
  const source = from && readTemplateSource(from)
  arg.end()
  return { name, value, ...source }
}

/** A template can only point at Secrets; what it says of fields is taken, and leads nowhere. */
function readTemplateSource(from: Fields): Pick<Arg, 'secret' | 'isUnfollowed'> {
  const secretKeyRef = from.fields('secretKeyRef')
  const secret = secretKeyRef && {
    name: secretKeyRef.text('name') ?? '',
    key: secretKeyRef.text('key') ?? '',
    place: secretKeyRef.place(undefined),
  }
  secretKeyRef?.end()
  const fieldRef = from.fields('fieldRef')
  if (fieldRef && !secret) {
    const hint = 'Give the argument in the analysis of the Rollout, with this valueFrom there.'
    from.warning(
      'fieldRef',
      'field-not-followed',
      'a fieldRef in a template is not followed: the run ends as an Error',
      hint,
    )
  }
  fieldRef?.irrelevant('fieldPath')
  fieldRef?.end()
  from.end()
  return secret ? { secret } : { isUnfollowed: true }
}

export function readRolloutArg(arg: Fields): RolloutArg {
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
  fieldRef?.end()
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

function readMetric(metric: Fields): MetricTemplate {
  const provider = readProvider(metric)
  const read: MetricTemplate = {
    name: metric.text('name') ?? '',
    template: metric.ownerName,
    interval: metric.text('interval') ?? '',
    initialDelay: metric.text('initialDelay') ?? '',
    count: metric.intOrText('count'),
    successCondition: metric.text('successCondition') ?? '',
    failureCondition: metric.text('failureCondition') ?? '',
    failureLimit: metric.intOrText('failureLimit'),
    inconclusiveLimit: metric.intOrText('inconclusiveLimit'),
    consecutiveErrorLimit: metric.intOrText('consecutiveErrorLimit'),
    consecutiveSuccessLimit: metric.intOrText('consecutiveSuccessLimit'),
    provider: provider.template,
    providers: provider.count,
    written: provider.written,
    places: {
      ...(Object.fromEntries(placedFields.map((field) => [field, metric.place(field)])) as Record<PlacedField, Place>),
      provider: provider.place,
    },
    placeInQuery: provider.placeInQuery,
  }
  metric.end()
  return read
}
