// From an experiment step of a manifest to what it asks for.

import { parseGoDuration } from '../../scenario/go-duration.js'
import type { Labels } from '../../world/cluster/objects.js'
import { type Fields, pathText } from '../fields.js'
import type { ExperimentAnalysis, ExperimentRequest, TemplateRequest } from './experiment-request.js'
import { readRolloutArg, readRules } from './read-analysis.js'
import { atLeastZero, defaultDelaySeconds } from './read-number.js'
import { tellInvalid } from './refusal.js'
import type { Routing } from './routing-spec.js'

export function readExperiment(experiment: Fields, routing: Routing | undefined): ExperimentRequest {
  const templates = experiment.list('templates').map((template) => readTemplate(template, routing))
  if (templates.length === 0) {
    const message = `${pathText(experiment.path)} names no templates: a real rollout hangs here`
    experiment.error('templates', 'no-templates', message)
  }
  checkNames(experiment, templates)
  const rules = readRules(experiment)
  const analyses = experiment.list('analyses').map((analysis) => readAnalysis(analysis, rules))
  const read: ExperimentRequest = {
    templates,
    durationMs: readDuration(experiment),
    analyses,
    scaleDownDelayMs: (atLeastZero(experiment, 'scaleDownDelaySeconds') ?? defaultDelaySeconds) * 1000,
  }
  if (read.durationMs === undefined && !analyses.some(({ isRequired }) => isRequired)) tellEndless(experiment)
  // Labels of the runs decide nothing.
  experiment.irrelevant('analysisRunMetadata')
  experiment.end()
  return read
}

function readTemplate(template: Fields, routing: Routing | undefined): TemplateRequest {
  const service = template.fields('service')
  const metadata = template.fields('metadata')
  const read: TemplateRequest = {
    name: template.text('name') ?? '',
    version: readVersion(template),
    replicas: atLeastZero(template, 'replicas') ?? 1,
    weight: readWeight(template, routing),
    service: service && { name: service.text('name') || undefined },
    labels: metadata ? readLabels(metadata, 'labels') : {},
    annotations: metadata ? readLabels(metadata, 'annotations') : {},
    matchLabels: readSelector(template),
  }
  service?.end()
  metadata?.end()
  template.end()
  // Whoever gets requests gets a Service.
  return read.weight !== undefined && !read.service ? { ...read, service: { name: undefined } } : read
}

function readVersion(template: Fields): TemplateRequest['version'] {
  const version = template.text('specRef')
  if (version === 'canary' || version === 'stable') return version
  const message = `${pathText([...template.path, 'specRef'])} is canary or stable, not ${JSON.stringify(version ?? '')}`
  template.error('specRef', 'unknown-spec-ref', message, 'A real rollout hangs here; the log of the controller tells.')
  return 'canary'
}

function readWeight(template: Fields, routing: Routing | undefined): number | undefined {
  const weight = template.integer('weight')
  if (weight === undefined) return undefined
  if (!routing) {
    const detail = 'Experiment template weight cannot be set unless TrafficRouting is enabled'
    tellInvalid(template, 'weight', weight, { detail })
  } else if (!routing.alb && !routing.smi && !routing.istio && !routing.plugins) {
    const detail =
      'Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time'
    tellInvalid(template, 'weight', weight, { detail })
  }
  if (routing?.plugins?.some(({ gateway }) => gateway)) {
    const message = 'a weight of an experiment through argoproj-labs/gatewayAPI is not simulated'
    template.error('weight', 'unsupported-field', message, 'Remove the weight to fly without it.')
  }
  if (weight < 0 || weight > 100) {
    template.error('weight', 'unsupported-field', `a weight of ${weight} is not simulated: write 0 to 100`)
  }
  return weight
}

function readLabels(metadata: Fields, key: string): Labels {
  const labels = metadata.fields(key)
  return Object.fromEntries((labels?.keys() ?? []).map((label) => [label, labels!.text(label) ?? '']))
}

function readSelector(template: Fields): Labels | undefined {
  const selector = template.fields('selector')
  if (!selector) return undefined
  selector.refuse('matchExpressions')
  const labels = readLabels(selector, 'matchLabels')
  selector.end()
  return labels
}

function readAnalysis(analysis: Fields, rules: ReturnType<typeof readRules>): ExperimentAnalysis {
  for (const key of ['name', 'templateName']) {
    if (analysis.has(key)) continue
    analysis.error(undefined, 'missing-field', `${pathText([...analysis.path, key])} is missing`)
  }
  const name = analysis.text('name') ?? ''
  const template = {
    name: analysis.text('templateName') ?? '',
    clusterScope: analysis.flag('clusterScope') ?? false,
    place: analysis.place('templateName'),
  }
  const args = analysis.list('args').map(readRolloutArg)
  const isRequired = analysis.flag('requiredForCompletion') ?? false
  analysis.end()
  return { name, isRequired, request: { templates: [template], args, rules } }
}

/** The controller takes any text, and waits for good where it can't read it. */
function readDuration(experiment: Fields): number | undefined {
  const duration = experiment.text('duration')
  if (duration === undefined || duration === '') return undefined
  const parsed = parseGoDuration(duration)
  return typeof parsed === 'number' ? parsed : undefined
}

function tellEndless(experiment: Fields): void {
  const written = experiment.raw('duration')
  const message =
    written === undefined || written === ''
      ? 'this experiment has no end: no duration, and no analysis with requiredForCompletion'
      : `this experiment has no end: ${JSON.stringify(written)} is no duration`
  const hint = 'A person ends it, or an analysis that fails. Durations are written as Go does: 90s, 10m, 1h30m.'
  experiment.warning('duration', 'endless-experiment', message, hint)
}

/** Objects with these are refused by the API server, or made and never looked at again. */
function checkNames(experiment: Fields, templates: readonly TemplateRequest[]): void {
  for (const [index, { name }] of templates.entries()) {
    const place = experiment.list('templates')[index]
    if (name === '')
      place?.error(
        'name',
        place.has('name') ? 'experiment-template-name' : 'missing-field',
        `${pathText(place.path)} has no name`,
      )
    else if (templates.findIndex((template) => template.name === name) < index) {
      const message = `the experiment has repeated template name '${name}' in templates`
      place?.error('name', 'experiment-template-name', message, 'A real rollout waits here for good.')
    }
  }
}
