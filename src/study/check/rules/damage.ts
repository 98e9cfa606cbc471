// What does damage beyond the release: to the controller, to objects of others, to what pods are given.

import { partOf } from '../../../policy/argo/step.js'
import { placeOf } from '../../../scenario/manifest.js'
import type { Found, Rule, Subject } from '../rule.js'
import { fieldAt, metricsIn, stepPlace } from './written.js'

export const damage: readonly Rule[] = [
  {
    id: 'template-cycle',
    severity: 'error',
    title: 'Analysis templates refer to each other in a circle, and the controller dies of it at each start.',
  },
  {
    id: 'web-null-answer',
    severity: 'warning',
    title: 'A web metric that is answered with `null` as a whole kills the controller.',
    find: findNullAnswers,
  },
  {
    id: 'apisix-without-route',
    severity: 'error',
    title: 'An APISIX router without a route makes the controller panic in every pass.',
  },
  {
    id: 'app-mesh-without-nodes',
    severity: 'error',
    title: 'An App Mesh router without virtual nodes makes the controller panic in every pass.',
  },
  {
    id: 'alb-without-annotations',
    severity: 'error',
    title: 'Routes that steps add to an Ingress without annotations make the controller panic in every pass.',
  },
  {
    id: 'managed-route-clash',
    severity: 'error',
    title: "A managed route has the name of one of the VirtualService's own, and the controller deletes that.",
  },
  {
    id: 'no-ports',
    severity: 'error',
    title: 'A version in an experiment is to get requests, but its pods name no port.',
  },
  {
    id: 'dead-destination',
    severity: 'warning',
    title: 'Two versions of one experiment get requests, and one of them stays in the routes for good.',
    find: findDeadDestinations,
  },
  {
    id: 'invalid-quantity',
    severity: 'error',
    title: 'A quantity of a container cannot be read, and the pods get no resources at all.',
  },
]

/** The controller looks at the answer as a whole where no path leads into it. */
const wholeAnswer: readonly unknown[] = [undefined, '', '{$}']

function* findNullAnswers(subject: Subject): Iterable<Found> {
  for (const { manifest, path, value } of metricsIn(subject)) {
    const web = fieldAt(value, ['provider', 'web'])
    if (web === undefined || !wholeAnswer.includes(fieldAt(web, ['jsonPath']))) continue
    yield {
      place: placeOf(manifest, [...path, 'provider', 'web']),
      message: `metric ${fieldAt(value, ['name'])} takes the whole answer of its URL`,
      why: 'If that is ever `null`, the controller panics and ends, and again when it is started and goes on with the run.',
      mend: 'Let the service answer with an object, and name what counts in it with a jsonPath such as `{$.errors}`.',
    }
  }
}

function* findDeadDestinations(subject: Subject): Iterable<Found> {
  const { steps, routing } = subject.policy?.rollout.canary ?? {}
  if (!routing?.istio) return
  for (const [index, step] of steps!.entries()) {
    const { templates = [] } = partOf(step, 'experiment')?.experiment ?? {}
    const weighted = templates.filter(({ weight }) => weight !== undefined)
    if (weighted.length < 2) continue
    const names = weighted.map(({ name, weight }) => `${name} ${weight} %`).join(' and ')
    const second = templates.indexOf(weighted[1]!)
    yield {
      place: stepPlace(subject, index, 'experiment', 'templates', second, 'weight'),
      message: `the experiment of step ${index + 1} gives requests to ${weighted.length} versions`,
      why: `When it is over (${names}) the VirtualService keeps a destination with weight 0 for a Service that is gone.`,
      mend: 'Give one template of an experiment a weight, or make two experiments of it.',
    }
  }
}
