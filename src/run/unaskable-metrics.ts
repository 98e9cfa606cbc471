// The metrics that nobody can ask for, as their arguments or limits are wrong: the run that should have measured them can't begin.
import {
  type AnalysisTemplate,
  fill,
  isGiven,
  type MetricTemplate,
  placedFields,
} from '../policy/argo/analysis-template.js'
import { mask } from '../policy/argo/metric.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import type { ManifestTemplate } from '../policy/pod-template.js'
import { isPartOf, nearName } from '../scenario/near-name.js'
import type { Place } from '../scenario/problem.js'
import { requestsOf } from './asked-metrics.js'

export interface UnaskableMetric {
  readonly name: string
  readonly template: string
  readonly provider: string | null
  /** Of what is wrong. */
  readonly place: Place
  readonly message: string
  readonly hint: string | null
}

/** Each once. */
export function unaskableIn(policy: ArgoPolicy, release: ManifestTemplate): readonly UnaskableMetric[] {
  const { catalogue } = policy
  const found = new Map<string, UnaskableMetric>()
  for (const { request, valueFor } of requestsOf(policy, { canary: release, stable: policy.rollout.template })) {
    if (!('error' in catalogue.metricsFor(request, valueFor))) continue
    const { templates, args } = catalogue.resolve(request, valueFor)
    const given = mask(args.filter(isGiven))
    const names = args.map(({ name }) => name)
    for (const metric of templates.flatMap((template) => template.metrics)) {
      const complaint = complaintOn(metric, fill(metric, given), names, templates)
      const alone = catalogue.metricAlone(metric, args)
      const { name, template, provider, places } = metric
      const known = { name, template, provider: provider?.kind ?? null }
      if (complaint) found.set(`${template} ${name}`, { ...known, ...complaint })
      else if ('error' in alone) {
        found.set(`${template} ${name}`, { ...known, place: places.provider, message: alone.error, hint: null })
      }
    }
  }
  return [...found.values()]
}

/** Of an argument that a metric asks for and nobody declares or gives. */
function complaintOn(
  metric: MetricTemplate,
  filled: ReturnType<typeof fill>,
  names: readonly string[],
  templates: readonly AnalysisTemplate[],
): Pick<UnaskableMetric, 'place' | 'message' | 'hint'> | undefined {
  const placeholder = 'error' in filled ? /\{\{(.*)\}\}$/.exec(filled.error)?.[1] : undefined
  if (!('error' in filled) || placeholder === undefined) return undefined
  const name = placeholder.replace(/^args\./, '')
  const place = placeOf(metric, placeholder)
  if (names.includes(name)) {
    const hint = 'Give it a value in the template, or where the Rollout asks for the analysis.'
    return { place, message: `${filled.error}: the argument ${name} has no value`, hint }
  }
  const near = nearName(name, names) ?? names.find((each) => isPartOf(name, each))
  const declared = [...new Set(templates.map((template) => template.name))].join(', ')
  const there = names.length === 0 ? `${declared} declares no arguments.` : `There are ${names.join(', ')}.`
  return { place, message: filled.error, hint: near === undefined ? there : `Did you mean ${near}?` }
}

function placeOf({ provider, places, placeInQuery, ...fields }: MetricTemplate, placeholder: string): Place {
  const indexIn = (text: unknown) => {
    const all = typeof text === 'string' ? [...text.matchAll(/\{\{(.*?)\}\}/g)] : []
    return all.find(([, inside]) => inside!.trim() === placeholder)?.index
  }
  const index = provider?.kind === 'prometheus' ? indexIn(provider.query) : undefined
  if (index !== undefined) return placeInQuery(index)
  const field = placedFields.find((each) => indexIn(fields[each]) !== undefined)
  return places[field ?? 'provider']
}
