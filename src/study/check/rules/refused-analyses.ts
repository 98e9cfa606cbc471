// Analyses that the controller refuses: with the first update, or, though `kubectl apply` and lint take them, at once.
import { fill, type MetricTemplate, placedFields } from '../../../policy/argo/analysis-template.js'
import { mask } from '../../../policy/argo/metric.js'
import type { Place } from '../../../scenario/problem.js'
import type { Found, Rule, Subject } from '../rule.js'
import { abortWith } from './flown.js'
import { requestsIn } from './judged-metrics.js'

export const refusedAnalyses: readonly Rule[] = [
  {
    id: 'not-one-provider',
    severity: 'error',
    title: 'A metric has no provider, or several: the next update aborts.',
  },
  {
    id: 'invalid-duration',
    severity: 'error',
    title: 'An interval or initialDelay is no duration: the next update aborts.',
  },
  {
    id: 'invalid-provider',
    severity: 'error',
    title: 'A provider lacks something, or has too much: every measurement is an Error.',
  },
  {
    id: 'count-below-limits',
    severity: 'error',
    title: 'A metric is measured less often than its limits ask for: the next update aborts.',
  },
  {
    id: 'count-without-interval',
    severity: 'error',
    title: 'A metric is to be measured several times and has no interval: the next update aborts.',
  },
  {
    id: 'limit-below-zero',
    severity: 'error',
    title: 'A limit of a metric is below 0: the next update aborts.',
  },
  {
    id: 'limits-both-off',
    severity: 'error',
    title: 'A metric has failures switched off and no number of successes to reach: the next update aborts.',
  },
  {
    id: 'condition-error',
    severity: 'error',
    title: 'A condition can not be read: every measurement is an Error.',
  },
  {
    id: 'rule-without-metric',
    severity: 'error',
    title: 'A rule for dry runs or for what is kept fits no metric: the next update aborts.',
  },
  {
    id: 'argument-undeclared',
    severity: 'error',
    title: 'A metric uses an argument that no template declares: the next update aborts.',
    find: findUndeclared,
  },
  {
    id: 'field-not-followed',
    severity: 'error',
    title: 'A template takes an argument from a field, which is not followed: the next update aborts.',
  },
  {
    id: 'analysis-without-end',
    severity: 'error',
    title: 'A release would wait for a metric that never ends: the controller refuses the Rollout.',
  },
  {
    id: 'rule-given-twice',
    severity: 'error',
    title: 'A rule is given to metrics twice: the controller refuses the Rollout, or hangs.',
  },
  {
    id: 'defaults-disagree',
    severity: 'error',
    title: 'Templates of one analysis have different defaults for an argument: the controller refuses the Rollout.',
  },
]

/** What an update waits for is refused with the Rollout; in the background it is found by the run. */
function* findUndeclared({ policy, healthy }: Subject): Iterable<Found> {
  for (const { request, valueFor } of policy ? requestsIn(policy) : []) {
    const { templates, args } = policy!.catalogue.resolve(request, valueFor)
    for (const metric of templates.flatMap(({ metrics }) => metrics)) {
      const filled = fill(metric, mask(args))
      const [, name] = ('error' in filled && /\{\{(.*)\}\}/.exec(filled.error)) || []
      if (name === undefined) continue
      const flown = abortWith(healthy, `failed to resolve {{${name}}}`)
      yield {
        place: placeOfUse(metric, name),
        message: `${metric.name} uses {{${name}}}, and no template declares it`,
        why: `What the Rollout gives beyond the args of its templates is dropped, so the run begins and ends with "failed to resolve {{${name}}}": an Error, which aborts. The first deployment has no analysis, and so it is an update that finds it.`,
        mend: `Add {name: ${name.replace(/^args\./, '')}} to the args of ${metric.template}.`,
        ...(flown && { flown }),
      }
    }
  }
}

function placeOfUse(metric: MetricTemplate, name: string): Place {
  const usesIt = (value: unknown) => typeof value === 'string' && value.includes(name)
  const field = placedFields.find((candidate) => usesIt(metric[candidate]))
  if (field !== undefined) return metric.places[field]
  const { provider } = metric
  const index = provider?.kind === 'prometheus' ? provider.query.indexOf(name) : -1
  return index < 0 ? metric.places.provider : metric.placeInQuery(index)
}
