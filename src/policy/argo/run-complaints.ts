// Why no run could be made of the templates of an analysis, in the order in which the controller tries.
import type { Manifest } from '../../scenario/manifest.js'
import { type AnalysisRequest, type AnalysisTemplate, isGiven } from './analysis-template.js'
import { valueAt } from './field-path.js'
import { combineRules, ruleGivenTwice } from './metric-rules.js'
import type { RolloutSpec } from './rollout-spec.js'
import { partOf } from './step.js'

export interface RunComplaint {
  /** Of a kind of its own; otherwise it is one of many. */
  readonly code?: string
  readonly message: string
}

export function runComplaints(
  templates: readonly AnalysisTemplate[],
  request: AnalysisRequest,
  { canary }: RolloutSpec,
  rollout: Manifest,
): readonly RunComplaint[] {
  const metrics = templates.flatMap((template) => template.metrics.map(({ name }) => name))
  const twice = metrics.filter((name, index) => metrics.indexOf(name) < index)
  const rules = templates.map((template) => template.rules)
  const clashing = ruleGivenTwice(combineRules(rules))
  // The rules of every step are tried on the templates of every analysis, and no others (argo-rollouts 1.10.1).
  const ofSteps = canary.steps.flatMap((step) => partOf(step, 'analysis')?.analysis.rules ?? [])
  const clashingOfSteps = ofSteps.map((own) => ruleGivenTwice(combineRules([own, ...rules])))
  const clash = (message: string | undefined) => (message === undefined ? [] : [{ code: 'rule-given-twice', message }])
  return [
    ...twice.map((name) => ({ message: `two metrics have the same name '${name}'` })),
    ...clash(clashing),
    ...conflictsOf(templates).map((message) => ({ code: 'defaults-disagree', message })),
    ...unresolved(templates, request, rollout).map((name) => ({ message: `args.${name} was not resolved` })),
    ...(clashing === undefined ? clashingOfSteps.flatMap(clash) : []),
  ]
}

/** One argument with a path to metadata that isn't there makes the controller forget them all. */
function unresolved(
  templates: readonly AnalysisTemplate[],
  { args }: AnalysisRequest,
  rollout: Manifest,
): readonly string[] {
  const isLost = args.some(({ valueFrom }) => {
    if (!valueFrom || !('fieldPath' in valueFrom) || !valueFrom.fieldPath.startsWith('metadata')) return false
    return typeof valueAt(rollout, valueFrom.fieldPath) !== 'string'
  })
  const given = new Set(isLost ? [] : args.map(({ name }) => name))
  const declared = templates.flatMap((template) => template.args)
  const defaulted = new Set(declared.filter(isGiven).map(({ name }) => name))
  const names = new Set(declared.map(({ name }) => name))
  return [...names].filter((name) => !given.has(name) && !defaulted.has(name))
}

/** Templates that are run together agree on the defaults of their arguments. */
function conflictsOf(templates: readonly AnalysisTemplate[]): readonly string[] {
  const known = new Map<string, string>()
  return templates
    .flatMap((template) => template.args)
    .flatMap(({ name, value }) => {
      if (value === undefined) return []
      const before = known.get(name) ?? value
      known.set(name, before)
      if (before === value) return []
      return [`Argument \`${name}\` specified multiple times with different values: '${before}', '${value}'`]
    })
}
