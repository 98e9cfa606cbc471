// AnalysisTemplates: what a Rollout asks to be measured, how templates combine, and how arguments reach the metrics.
import type { Place } from '../../scenario/problem.js'
import type { MetricRules } from './metric-rules.js'

/** An `analysis` of a Rollout: a step, or the one in the background. */
export interface AnalysisRequest {
  readonly templates: readonly TemplateReference[]
  readonly args: readonly RolloutArg[]
  readonly rules: MetricRules
}

/** What templates are known by. */
export interface TemplateName {
  readonly name: string
  readonly clusterScope: boolean
}

export interface TemplateReference extends TemplateName {
  /** Where it is written. */
  readonly place: Place
}

export interface RolloutArg {
  readonly name: string
  readonly value: string | undefined
  readonly valueFrom:
    | { readonly podTemplateHashValue: 'Latest' | 'Stable' }
    | { readonly fieldPath: string; readonly place: Place }
    | undefined
}

export interface AnalysisTemplate extends TemplateName {
  readonly metrics: readonly MetricTemplate[]
  readonly args: readonly Arg[]
  readonly rules: MetricRules
  readonly nested: readonly TemplateReference[]
}

/** A metric as written: every word may still hold `{{args.name}}`. */
export interface MetricTemplate {
  readonly name: string
  readonly interval: string
  readonly initialDelay: string
  readonly count: string | number | undefined
  readonly successCondition: string
  readonly failureCondition: string
  readonly failureLimit: string | number | undefined
  readonly inconclusiveLimit: string | number | undefined
  readonly consecutiveErrorLimit: string | number | undefined
  readonly consecutiveSuccessLimit: string | number | undefined
  readonly address: string
  readonly query: string
  /** Seconds; undefined means the provider's 30. */
  readonly timeoutSeconds: number | undefined
  /** How many are written; only one is right. */
  readonly providers: number
  readonly web: WebTemplate | undefined
  readonly job: JobTemplate | undefined
  /** Where its parts stand. */
  readonly places: Readonly<Record<PlacedField, Place>>
}

/** A question to any server that answers in JSON. */
export interface WebTemplate {
  readonly method: string
  readonly url: string
  readonly body: string
  readonly hasJsonBody: boolean
  readonly jsonPath: string
  /** Undefined means the provider's 10. */
  readonly timeoutSeconds: number | undefined
}

/** What a Job does is up to its image. */
export interface JobTemplate {
  readonly image: string
  readonly restartPolicy: string
  readonly backoffLimit: number
}

export const placedFields = [
  'interval',
  'initialDelay',
  'count',
  'successCondition',
  'failureCondition',
  'failureLimit',
  'inconclusiveLimit',
  'consecutiveErrorLimit',
  'consecutiveSuccessLimit',
] as const

export type PlacedField = (typeof placedFields)[number] | 'query'

export interface Arg {
  readonly name: string
  readonly value: string | undefined
}

/** Where templates are looked up by name and scope. */
export type TemplateLookup = (reference: TemplateReference) => AnalysisTemplate | undefined

export function lookupIn(templates: readonly AnalysisTemplate[]): TemplateLookup {
  return (reference) =>
    templates.find(({ name, clusterScope }) => name === reference.name && clusterScope === reference.clusterScope)
}

/** The templates that a request means, nested ones included, each once; a name that isn't there is skipped. */
export function expandTemplates(
  references: readonly TemplateReference[],
  lookup: TemplateLookup,
): readonly AnalysisTemplate[] {
  const found: AnalysisTemplate[] = []
  const visit = (reference: TemplateReference) => {
    const template = lookup(reference)
    if (!template || found.includes(template)) return
    found.push(template)
    template.nested.forEach(visit)
  }
  references.forEach(visit)
  // Templates of the namespace come before cluster templates, whatever the order of the references.
  return [...found.filter((t) => !t.clusterScope), ...found.filter((t) => t.clusterScope)]
}

/** Names of the templates on a way from the references back to where it was before; undefined without such a way. */
export function findCycle(
  references: readonly TemplateReference[],
  lookup: TemplateLookup,
): { readonly names: readonly string[]; readonly place: Place } | undefined {
  const safe = new Set<AnalysisTemplate>()
  const search = (reference: TemplateReference, way: readonly AnalysisTemplate[]): ReturnType<typeof findCycle> => {
    const template = lookup(reference)
    if (!template || safe.has(template)) return undefined
    const start = way.indexOf(template)
    if (start >= 0) return { names: [...way.slice(start), template].map(({ name }) => name), place: reference.place }
    for (const nested of template.nested) {
      const cycle = search(nested, [...way, template])
      if (cycle) return cycle
    }
    safe.add(template)
    return undefined
  }
  for (const reference of references) {
    const cycle = search(reference, [])
    if (cycle) return cycle
  }
  return undefined
}

/** Arguments of the templates with the values that the Rollout gives them; those it gives beyond are dropped. */
export function resolveArgs(
  templates: readonly AnalysisTemplate[],
  request: AnalysisRequest,
  valueFor: (arg: RolloutArg) => string,
): readonly Arg[] {
  const resolved: Arg[] = []
  for (const { name, value } of templates.flatMap((template) => template.args)) {
    const given = request.args.find((arg) => arg.name === name)
    const known = resolved.findIndex((arg) => arg.name === name)
    const next = { name, value: given ? valueFor(given) : (value ?? resolved[known]?.value) }
    if (known < 0) resolved.push(next)
    else resolved[known] = next
  }
  return resolved
}

const placeholder = /\{\{(.*?)\}\}/g

/** Replaces `{{args.name}}`; the error names the last placeholder that has no value, as the controller's does. */
export function substitute(text: string, args: readonly Arg[]): string | { readonly error: string } {
  if (!text.includes('{{')) return text
  let unresolved: string | undefined
  const replaced = text.replace(placeholder, (whole, inside: string) => {
    const name = inside.trim()
    const value = name.startsWith('args.') ? args.find((arg) => `args.${arg.name}` === name)?.value : undefined
    if (value === undefined) unresolved = name
    return value ?? whole
  })
  return unresolved === undefined ? replaced : { error: `failed to resolve {{${unresolved}}}` }
}
