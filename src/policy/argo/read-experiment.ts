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
  const flaw = flawOf(experiment, templates)
  const rules = readRules(experiment)
  const analyses = experiment.list('analyses').map((analysis) => readAnalysis(analysis, rules))
  const read: ExperimentRequest = {
    templates: flaw ? [] : templates,
    durationMs: readDuration(experiment),
    analyses,
    scaleDownDelayMs: (atLeastZero(experiment, 'scaleDownDelaySeconds') ?? defaultDelaySeconds) * 1000,
    flaw,
  }
  if (read.durationMs === undefined && !analyses.some(({ isRequired }) => isRequired)) tellEndless(experiment)
  // Labels of the runs decide nothing.
  experiment.irrelevant('analysisRunMetadata')
  experiment.end()
  return read
}

function readTemplate(template: Fields, routing: Routing | undefined): TemplateRequest {
  const service = template.fields('service')
  const specRef = template.text('specRef')
  const metadata = template.fields('metadata')
  const read: TemplateRequest = {
    name: template.text('name') ?? '',
    version: isVersion(specRef) ? specRef : 'canary',
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

/** What neither the API server nor the controller refuses, and the step waits for in vain. */
function flawOf(experiment: Fields, templates: readonly TemplateRequest[]): ExperimentRequest['flaw'] {
  const unknown = experiment.list('templates').filter((template) => !isVersion(template.text('specRef')))
  for (const template of unknown) {
    const specRef = JSON.stringify(template.text('specRef') ?? '')
    const message = `${pathText([...template.path, 'specRef'])} is canary or stable, not ${specRef}`
    template.warning('specRef', 'unknown-spec-ref', message, 'A rollout hangs here; the log of the controller tells.')
  }
  if (templates.length === 0) {
    const message = `${pathText(experiment.path)} names no templates: a rollout hangs here`
    experiment.warning('templates', 'no-templates', message)
  }
  const areNamed = checkNames(experiment, templates)
  if (unknown.length > 0 || templates.length === 0) return 'never made'
  return areNamed ? undefined : 'never looked at'
}

function isVersion(specRef: string | undefined): specRef is TemplateRequest['version'] {
  return specRef === 'canary' || specRef === 'stable'
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

/** An object with these is made, and never looked at again; without a name at all the API server refuses it. */
function checkNames(experiment: Fields, templates: readonly TemplateRequest[]): boolean {
  const wrong = templates.flatMap(({ name }, index) => {
    const isTaken = templates.findIndex((template) => template.name === name) < index
    return name === '' || isTaken ? [{ name, place: experiment.list('templates')[index]! }] : []
  })
  for (const { name, place } of wrong) {
    if (!place.has('name')) {
      place.error(undefined, 'missing-field', `${pathText(place.path)} has no name`)
      continue
    }
    const what = name === '' ? 'has empty template name' : `has repeated template name '${name}' in templates`
    place.warning('name', 'experiment-template-name', `the experiment ${what}`, 'A rollout waits here for good.')
  }
  return wrong.length === 0
}
