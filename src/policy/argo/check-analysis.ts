// The analyses of a Rollout, held against their templates: what the controller refuses, and what a run would refuse.
import type { Manifest } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import {
  type AnalysisRequest,
  type AnalysisTemplate,
  type Arg,
  expandTemplates,
  findCycle,
  lookupIn,
  type MetricTemplate,
  type RolloutArg,
  resolveArgs,
  substitute,
} from './analysis-template.js'
import { compile } from './condition/condition.js'
import { unmodelledParts } from './condition/unmodelled.js'
import { valueAt } from './field-path.js'
import { complaintOf, intOf } from './metric.js'
import { combineRules, ruleGivenTwice, ruleWithoutMetric } from './metric-rules.js'
import { type Objects, placeOf } from './objects.js'
import { analysesOf, type RolloutSpec } from './rollout-spec.js'
import { isStatusPath } from './status-field.js'

type Path = readonly (string | number)[]

export function checkAnalyses(
  spec: RolloutSpec,
  templates: readonly AnalysisTemplate[],
  rollout: Manifest,
  objects: Objects,
  problems: Problems,
): void {
  const checker = new Checker(templates, rollout, objects, spec.namespace, problems)
  for (const { request, path, mustEnd } of analysesOf(spec)) {
    checker.check(request, ['spec', 'strategy', ...path], mustEnd)
  }
}

class Checker {
  /** Several analyses may share a template: what is wrong with it is told once. */
  private readonly told = new Set<string>()

  constructor(
    private readonly templates: readonly AnalysisTemplate[],
    private readonly rollout: Manifest,
    private readonly objects: Objects,
    private readonly namespace: string,
    private readonly problems: Problems,
  ) {}

  check(request: AnalysisRequest, path: Path, mustEnd: boolean): void {
    const lookup = lookupIn(this.templates)
    const place = placeOf(this.rollout, [...path, 'templates'])
    this.checkSources(request.args)
    const cycle = findCycle(request.templates, lookup)
    if (cycle) {
      const hint = 'At such a cycle the controller dies, at each of its starts, for every Rollout of the cluster.'
      const message = `templates refer to each other in a cycle: ${cycle.names.join(' → ')}`
      this.error('template-cycle', cycle.place, message, hint)
      return
    }
    const templates = expandTemplates(request.templates, lookup)
    for (const reference of [...request.templates, ...templates.flatMap(({ nested }) => nested)]) {
      if (lookup(reference)) continue
      const kind = reference.clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'
      const hint = this.objects.whyMissing(kind, this.namespace, reference.name)
      this.error('missing-reference', reference.place, `${kind} '${reference.name}' not found`, hint)
    }
    const metrics = templates.flatMap((template) => template.metrics)
    const args = templates.flatMap((template) => template.args)
    for (const [index, { name }] of metrics.entries()) {
      if (metrics.findIndex((metric) => metric.name === name) === index) continue
      this.error('invalid-spec', place, `two metrics have the same name '${name}'`)
    }
    for (const { name, value } of args) {
      const isGiven = value !== undefined || request.args.some((arg) => arg.name === name)
      const isDefaulted = args.some((arg) => arg.name === name && arg.value !== undefined)
      if (!isGiven && !isDefaulted) this.error('invalid-spec', place, `args.${name} was not resolved`)
    }
    this.checkConflicts(args, place)
    if (mustEnd) for (const template of templates) this.checkEnds(template, place)
    this.checkRules(request, path, templates)
    this.checkLimits(
      metrics,
      resolveArgs(templates, request, (arg) => this.valueOf(arg)),
    )
    for (const metric of metrics) this.checkConditions(metric)
  }

  /** A path that leads nowhere stops a real update at the step, with no word but in the controller's log. */
  private checkSources(args: readonly RolloutArg[]): void {
    for (const { valueFrom } of args) {
      if (!valueFrom || !('fieldPath' in valueFrom)) continue
      const { fieldPath, place } = valueFrom
      if (isStatusPath(fieldPath)) continue
      const value = valueAt(this.rollout, fieldPath)
      if (typeof value === 'string') continue
      if (fieldPath.startsWith('metadata')) this.error('invalid-spec', place, value.error)
      else
        this.warning(
          'invalid-field-path',
          place,
          value.error,
          'A rollout hangs here; a real one tells why in a log only.',
        )
    }
  }

  /** Templates that are run together agree on the defaults of their arguments. */
  private checkConflicts(args: readonly Arg[], place: Place): void {
    const known = new Map<string, string>()
    for (const { name, value } of args) {
      const before = known.get(name)
      if (value === undefined || before === value) continue
      if (before === undefined) known.set(name, value)
      else {
        const values = `'${before}', '${value}'`
        this.error(
          'invalid-spec',
          place,
          `Argument \`${name}\` specified multiple times with different values: ${values}`,
        )
      }
    }
  }

  private valueOf({ value, valueFrom }: RolloutArg): string {
    if (!valueFrom) return value ?? ''
    if ('podTemplateHashValue' in valueFrom) return 'hash'
    const found = valueAt(this.rollout, valueFrom.fieldPath)
    return typeof found === 'string' ? found : ''
  }

  private checkRules(request: AnalysisRequest, path: Path, templates: readonly AnalysisTemplate[]): void {
    const rules = combineRules([request.rules, ...templates.map((template) => template.rules)])
    const names = templates.flatMap((template) => template.metrics).map(({ name }) => name)
    const place = placeOf(this.rollout, path)
    const twice = ruleGivenTwice(rules)
    if (twice !== undefined) this.error('invalid-spec', place, twice)
    const unused = ruleWithoutMetric(rules, names)
    if (unused === undefined) return
    const hint =
      'metricName is a regular expression: .* fits every name. A run with this rule ends at once, as an Error.'
    this.warning('rule-without-metric', place, `Analysis spec invalid: ${unused}`, hint)
  }

  private checkLimits(metrics: readonly MetricTemplate[], args: readonly Arg[]): void {
    for (const [index, metric] of metrics.entries()) {
      const complaint = complaintOf(metric, args)
      if (!complaint) continue
      const message = `Analysis spec invalid: metrics[${index}]: ${complaint.message}`
      const hint = 'Nothing tells before the first update: its analysis ends with this as an Error, and aborts it.'
      this.warning('invalid-metric', metric.places[complaint.field], message, hint)
    }
  }

  /**
   * The metrics of a step must end by themselves. The controller looks at the template alone: an argument without a
   * default there counts as no number, whatever the Rollout gives.
   */
  private checkEnds({ name: template, metrics, args }: AnalysisTemplate, place: Place): void {
    const known = args.map(({ name, value }) => ({ name, value: value ?? 'dummy-value' }))
    for (const metric of metrics) {
      for (const text of [metric.query, metric.successCondition, metric.failureCondition]) {
        const filled = substitute(text, known)
        if (typeof filled === 'object') {
          this.error('invalid-spec', place, `AnalysisTemplate ${template}: ${filled.error}`)
        }
      }
      const count = typeof metric.count === 'string' ? substitute(metric.count, known) : metric.count
      const counted = typeof count === 'object' ? 0 : intOf(count)
      if (metric.interval === '' || (counted !== undefined && counted !== 0)) continue
      const value = typeof count === 'object' ? metric.count : (count ?? '<nil>')
      const endless = `AnalysisTemplate ${template} has metric ${metric.name} which runs indefinitely`
      const message = `${endless}. Invalid value for count: ${value}`
      const hint = 'If the count comes from an argument, give the argument a default in the template.'
      this.error('invalid-spec', place, message, hint)
    }
  }

  /** Conditions that the controller can't read, or that are evaluated here otherwise than there. */
  private checkConditions(metric: MetricTemplate): void {
    for (const which of ['successCondition', 'failureCondition'] as const) {
      const text = metric[which]
      if (text === '' || text.includes('{{')) continue
      const condition = compile(text)
      const place = metric.places[which]
      const { syntaxProblem } = condition
      if (syntaxProblem) {
        const hint = 'Every measurement of it will be an Error, as it would be on a cluster.'
        this.warning('condition-error', place, `the condition can't be read: ${syntaxProblem.message}`, hint)
      }
      for (const { range, what } of unmodelledParts(condition)) {
        this.warning('condition-not-simulated', place, `${text.slice(range.from, range.to)} ${what}`)
      }
    }
  }

  private error(code: string, place: Place, message: string, hint?: string): void {
    if (this.isNew(place, message)) this.problems.error(code, place, message, { hint })
  }

  private warning(code: string, place: Place, message: string, hint?: string): void {
    if (this.isNew(place, message)) this.problems.warning(code, place, message, { hint })
  }

  private isNew({ file, line, column }: Place, message: string): boolean {
    const key = `${file}:${line}:${column} ${message}`
    if (this.told.has(key)) return false
    this.told.add(key)
    return true
  }
}
