// AnalysisTemplates: what a Rollout asks to be measured, how templates combine, and how arguments reach the metrics.
import type { Json } from '../../scenario/json.js'
import type { Place } from '../../scenario/problem.js'
import type { MetricRules } from './metric-rules.js'
import type { ProviderTemplate } from './provider/provider.js'

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
  /** Name of the template that it is in. */
  readonly template: string
  readonly interval: string
  readonly initialDelay: string
  readonly count: string | number | undefined
  readonly successCondition: string
  readonly failureCondition: string
  readonly failureLimit: string | number | undefined
  readonly inconclusiveLimit: string | number | undefined
  readonly consecutiveErrorLimit: string | number | undefined
  readonly consecutiveSuccessLimit: string | number | undefined
  /** Undefined where there is none, or several. */
  readonly provider: ProviderTemplate | undefined
  /** How many are written; only one is right. */
  readonly providers: number
  /** The provider with all its fields: placeholders count in those that decide nothing, too. */
  readonly written: Json
  /** Where its parts stand. */
  readonly places: Readonly<Record<PlacedField, Place>>
  /** Where a character of the query stands. */
  readonly placeInQuery: (index: number) => Place
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

export type PlacedField = (typeof placedFields)[number] | 'provider'

export interface Arg {
  readonly name: string
  readonly value: string | undefined
  /** Read from a Secret, whatever the value. */
  readonly secret?: SecretKey
  /** Has a source that a run doesn't follow: it counts as given until the run starts, and then as missing. */
  readonly isUnfollowed?: boolean
}

export interface SecretKey {
  readonly name: string
  readonly key: string
  readonly place: Place
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
  for (const arg of templates.flatMap((template) => template.args)) {
    const given = request.args.find(({ name }) => name === arg.name)
    const known = resolved.findIndex(({ name }) => name === arg.name)
    const before = resolved[known]
    const from = before?.value === undefined ? arg : before
    const next = given ? { ...from, value: valueFor(given) } : from
    if (known < 0) resolved.push(next)
    else resolved[known] = next
  }
  return resolved
}

const placeholder = /\{\{(.*?)\}\}/g

/** Whether a value, or a source of one, is written. */
export function isGiven({ value, secret, isUnfollowed }: Arg): boolean {
  return value !== undefined || secret !== undefined || isUnfollowed === true
}

/** Replaces `{{args.name}}`. */
function substitute(text: string, args: readonly Arg[]): string | { readonly error: string } {
  return fillIn(text, (name) => args.find((arg) => `args.${arg.name}` === name)?.value)
}

/** Replaces `{{name}}`; the error names the last placeholder that has no value, as the controller's does. */
export function fillIn(
  text: string,
  lookUp: (name: string) => string | undefined,
): string | { readonly error: string } {
  if (!text.includes('{{')) return text
  let unresolved: string | undefined
  const replaced = text.replace(placeholder, (whole, inside: string) => {
    const name = inside.trim()
    const value = lookUp(name)
    if (value === undefined) unresolved = name
    return value ?? whole
  })
  return unresolved === undefined ? replaced : { error: `failed to resolve {{${unresolved}}}` }
}

/** Where in a text with placeholders a character of the filled text comes from: what a placeholder became, from its start. */
export function indexBeforeFilling(text: string, args: readonly Arg[], index: number): number {
  let grown = 0
  for (const match of text.matchAll(placeholder)) {
    const filled = substitute(match[0], args)
    if (typeof filled !== 'string') break
    const startsAt = match.index + grown
    if (index < startsAt) break
    if (index < startsAt + filled.length) return match.index
    grown += filled.length - match[0].length
  }
  return index - grown
}

/** A metric with its arguments filled in everywhere; the error is that of the last placeholder without a value. */
export function fill(template: MetricTemplate, args: readonly Arg[]): MetricTemplate | { readonly error: string } {
  let error: string | undefined
  const fillIn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fillIn)
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillIn(inner)]))
    }
    const next = typeof value === 'string' ? substitute(value, args) : value
    if (typeof next !== 'object' || next === null) return next
    error = (next as { readonly error: string }).error
    return value
  }
  const { places, placeInQuery, ...written } = template
  const filled = { ...(fillIn(written) as Omit<MetricTemplate, 'places' | 'placeInQuery'>), places, placeInQuery }
  return error === undefined ? filled : { error }
}
