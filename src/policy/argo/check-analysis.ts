// The analyses of a Rollout, held against their templates: what the controller refuses, and what a run would refuse.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import { type Advice, formatPlace, type Place, type Problems } from '../../scenario/problem.js'
import { pathText } from '../fields.js'
import {
  type AnalysisRequest,
  type AnalysisTemplate,
  type Arg,
  expandTemplates,
  fill,
  findCycle,
  lookupIn,
  type MetricTemplate,
  type RolloutArg,
  resolveArgs,
  type TemplateLookup,
  type TemplateReference,
} from './analysis-template.js'
import { compile } from './condition/condition.js'
import { unmodelledParts } from './condition/unmodelled.js'
import { valueAt } from './field-path.js'
import { complaintOf, intOf, mask, type SecretLookup } from './metric.js'
import { combineRules, ruleGivenTwice, ruleWithoutMetric } from './metric-rules.js'
import type { Objects } from './objects.js'
import { providerComplaint } from './provider/complaint.js'
import { invalidValue } from './refusal.js'
import { analysesOf, type PlacedAnalysis, type RolloutSpec } from './rollout-spec.js'
import { type RunComplaint, runComplaints } from './run-complaints.js'
import { isStatusPath } from './status-field.js'
import { partOf } from './step.js'
import type { Behaviours } from './version.js'

type Path = readonly (string | number)[]

/** What is said of the analyses of a Rollout at two times: the controller finds all the templates before it judges any. */
export interface AnalysisChecks {
  find(): void
  judge(): void
}

export function checksOfAnalyses(
  spec: RolloutSpec,
  templates: readonly AnalysisTemplate[],
  secretOf: SecretLookup,
  rollout: Manifest,
  objects: Objects,
  problems: Problems,
  does: Behaviours,
): AnalysisChecks {
  const checker = new Checker(spec, templates, secretOf, rollout, objects, problems, does)
  const analyses = analysesOf(spec).map((placed) => ({ ...placed, path: ['spec', 'strategy', ...placed.path] }))
  return {
    find: () => {
      for (const { request, path, experiment } of analyses) checker.find(request, path, experiment !== undefined)
    },
    judge: () => {
      for (const { path, ...placed } of analyses) checker.judge(placed, path)
    },
  }
}

class Checker {
  /** Several analyses may share a template: what is wrong with it is told once. */
  private readonly told = new Set<string>()
  private readonly lookup: TemplateLookup

  constructor(
    private readonly spec: RolloutSpec,
    templates: readonly AnalysisTemplate[],
    private readonly secretOf: SecretLookup,
    private readonly rollout: Manifest,
    private readonly objects: Objects,
    private readonly problems: Problems,
    private readonly does: Behaviours,
  ) {
    this.lookup = lookupIn(templates)
  }

  find(request: AnalysisRequest, path: Path, isOfExperiment: boolean): void {
    if (this.isCyclic(request)) return
    const visit = (reference: TemplateReference, pathSeen: string): void => {
      const template = this.lookup(reference)
      if (!template) this.tellMissing(reference, pathSeen, isOfExperiment)
      for (const nested of template?.nested ?? []) visit(nested, 'spec.templates')
    }
    for (const reference of request.templates) visit(reference, pathText([...path, 'templates']))
  }

  private tellMissing({ name, clusterScope, place }: TemplateReference, path: string, isOfExperiment: boolean): void {
    const kind = clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'
    const hint = this.objects.whyMissing(kind, this.spec.namespace, name)
    const message = `${kind} '${name}' not found`
    if (isOfExperiment) this.aborts('missing-reference', place, message, hint)
    else this.error('missing-reference', place, message, { hint, verbatim: invalidValue(path, name, message) })
  }

  private isCyclic(request: AnalysisRequest): boolean {
    const cycle = findCycle(request.templates, this.lookup)
    if (!cycle) return false
    const hint = 'At such a cycle the controller dies, at each of its starts, for every Rollout of the cluster.'
    const message = `templates refer to each other in a cycle: ${cycle.names.join(' → ')}`
    this.error('template-cycle', cycle.place, message, { hint })
    return true
  }

  judge({ request, mustEnd, experiment }: Omit<PlacedAnalysis, 'path'>, path: Path): void {
    if (this.isCyclic(request)) return
    const templates = expandTemplates(request.templates, this.lookup)
    const metrics = templates.flatMap((template) => template.metrics)
    if (templates.length > 0 && metrics.length === 0)
      this.tellNoMetrics(request.templates[0]!, experiment !== undefined)
    const names = `templateNames: [${templates.map(({ name }) => name).join(' ')}]`
    const refuse: Refuse = (value, { code = 'invalid-spec', message }, hint) => {
      if (experiment) return this.aborts(code, request.templates[0]!.place, message, hint)
      this.error(code, placeOf(this.rollout, [...path, 'templates']), message, {
        hint,
        verbatim: invalidValue(pathText([...path, 'templates']), value, message),
      })
    }
    for (const complaint of runComplaints(templates, request, this.spec, this.rollout)) refuse(names, complaint)
    if (mustEnd) for (const template of templates) checkEnds(template, refuse)
    const isStep = this.spec.canary.steps.some((step) => partOf(step, 'analysis')?.analysis === request)
    this.checkSources(request.args, isStep || experiment !== undefined)
    this.checkSecrets(templates.flatMap((template) => template.args))
    this.checkRules(request, path, templates, isStep)
    const args = mask(resolveArgs(templates, request, (arg) => this.valueOf(arg)))
    this.checkLimits(metrics, args)
    for (const metric of metrics) this.checkConditions(metric)
  }

  /** A template may have other templates only; the run that comes of all of them may not be without a metric. */
  private tellNoMetrics({ name, place }: TemplateReference, isOfExperiment: boolean): void {
    const message = `neither ${name} nor what it refers to has metrics`
    const hint = 'A rollout hangs here; a real one tells why in a log only.'
    if (isOfExperiment) this.error('no-metrics', place, message, {})
    else this.warning('no-metrics', place, message, hint)
  }

  /**
   * A path that leads nowhere stops a real update at the step, with no word but in the controller's log; a step with one
   * to metadata has been refused when it was read.
   */
  private checkSources(args: readonly RolloutArg[], isStep: boolean): void {
    for (const { valueFrom } of args) {
      if (!valueFrom || !('fieldPath' in valueFrom)) continue
      const { fieldPath, place } = valueFrom
      if (isStatusPath(fieldPath) || (isStep && fieldPath.startsWith('metadata'))) continue
      const value = valueAt(this.rollout, fieldPath)
      if (typeof value === 'string') continue
      const hint = 'A rollout hangs here; a real one tells why in a log only.'
      this.warning('invalid-field-path', place, value.error, hint)
    }
  }

  /** The runs of a real update would end with these words, all of them. */
  private checkSecrets(args: readonly Arg[]): void {
    for (const { secret } of args) {
      const found = secret && this.secretOf(secret)
      if (typeof found !== 'object') continue
      const hint = "Add the Secret to the policy's files; where only a header needs it, any value will do."
      this.error('missing-reference', secret!.place, found.error, { hint })
    }
  }

  private valueOf({ value, valueFrom }: RolloutArg): string {
    if (!valueFrom) return value ?? ''
    if ('podTemplateHashValue' in valueFrom) return 'hash'
    const found = valueAt(this.rollout, valueFrom.fieldPath)
    return typeof found === 'string' ? found : ''
  }

  private checkRules(
    request: AnalysisRequest,
    path: Path,
    templates: readonly AnalysisTemplate[],
    isStep: boolean,
  ): void {
    const rules = combineRules([request.rules, ...templates.map((template) => template.rules)])
    const names = templates.flatMap((template) => template.metrics).map(({ name }) => name)
    const place = placeOf(this.rollout, path)
    const twice = ruleGivenTwice(rules)
    if (twice !== undefined && !isStep) {
      const hint = 'A real rollout hangs where this analysis begins; only the log of the controller tells.'
      this.error('rule-given-twice', place, twice, { hint })
    }
    const unused = ruleWithoutMetric(rules, names)
    if (unused === undefined) return
    const hint =
      'metricName is a regular expression: .* fits every name. A run with this rule ends at once, as an Error.'
    this.warning('rule-without-metric', place, `Analysis spec invalid: ${unused}`, hint)
  }

  private checkLimits(metrics: readonly MetricTemplate[], args: readonly Arg[]): void {
    for (const [index, metric] of metrics.entries()) {
      this.checkProvider(metric, args)
      const complaint = complaintOf(metric, args)
      if (!complaint) continue
      const message = `Analysis spec invalid: metrics[${index}]: ${complaint.message}`
      const hint = 'Nothing tells before the first update: its analysis ends with this as an Error, and aborts it.'
      this.warning(complaint.code, metric.places[complaint.field], message, hint)
    }
  }

  private checkProvider(metric: MetricTemplate, args: readonly Arg[]): void {
    const filled = fill(metric, args)
    if ('error' in filled || !filled.provider) return
    const complaint = providerComplaint(filled.provider, filled.interval)
    if (complaint === undefined) return
    const hint = 'Every measurement of it will be an Error, as it would be on a cluster.'
    this.warning('invalid-provider', metric.places.provider, `metric ${metric.name}: ${complaint}`, hint)
  }

  /** Conditions that the controller can't read, or that are evaluated here otherwise than there. */
  private checkConditions(metric: MetricTemplate): void {
    for (const which of ['successCondition', 'failureCondition'] as const) {
      const text = metric[which]
      if (text === '' || text.includes('{{')) continue
      const condition = compile(text, !this.does.readConditionsAnew)
      const place = metric.places[which]
      const { syntaxProblem } = condition
      if (syntaxProblem) {
        const hint = 'Every measurement of it will be an Error, as it would be on a cluster.'
        this.warning('condition-error', place, `the condition can't be read: ${syntaxProblem.message}`, hint)
      }
      const unknown = metric.provider?.kind === 'cloudWatch' && /\b(Timestamps|Messages)\b/.exec(text)?.[0]
      if (unknown) this.warning('condition-not-simulated', place, `${unknown} of a CloudWatch result is an error here`)
      for (const { range, what } of unmodelledParts(condition)) {
        this.warning('condition-not-simulated', place, `${text.slice(range.from, range.to)} ${what}`)
      }
    }
  }

  private error(code: string, place: Place, message: string, advice: Advice): void {
    if (this.isNew(place, message)) this.problems.error(code, place, message, advice)
  }

  /** What is wrong with an analysis of an experiment shows when the experiment gets there. */
  private aborts(code: string, place: Place, message: string, hint = ''): void {
    this.warning(code, place, message, `The experiment ends as an Error here, and the update aborts. ${hint}`.trimEnd())
  }

  private warning(code: string, place: Place, message: string, hint?: string): void {
    if (this.isNew(place, message)) this.problems.warning(code, place, message, { hint })
  }

  private isNew(place: Place, message: string): boolean {
    const key = `${formatPlace(place)} ${message}`
    if (this.told.has(key)) return false
    this.told.add(key)
    return true
  }
}

type Refuse = (value: string, complaint: RunComplaint, hint?: string) => void

/**
 * The metrics of a step must end by themselves. The controller looks at the template alone: an argument without a
 * default there counts as no number, whatever the Rollout gives.
 */
function checkEnds({ name: template, metrics, args }: AnalysisTemplate, refuse: Refuse): void {
  const both = args.find((arg) => arg.value !== undefined && (arg.secret ?? arg.isUnfollowed))
  if (both) {
    const message = `AnalysisTemplate ${template}: arg '${both.name}' has both Value and ValueFrom fields`
    return refuse(template, { message })
  }
  const known = args.map(({ name, value }) => ({ name, value: value ?? 'dummy-value' }))
  const filled = metrics.map((metric) => fill(metric, known))
  for (const metric of filled) {
    if ('error' in metric) refuse(template, { message: `AnalysisTemplate ${template}: ${metric.error}` })
  }
  for (const metric of filled) {
    if ('error' in metric || metric.interval === '' || (intOf(metric.count) ?? 0) !== 0) continue
    const endless = `AnalysisTemplate ${template} has metric ${metric.name} which runs indefinitely`
    const hint = 'If the count comes from an argument, give the argument a default in the template.'
    const message = `${endless}. Invalid value for count: ${metric.count ?? '<nil>'}`
    refuse(template, { code: 'analysis-without-end', message }, hint)
  }
}
