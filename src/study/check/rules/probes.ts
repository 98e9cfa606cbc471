// How the kubelet is to know whether a pod can answer.
import type { ArgoPolicy } from '../../../policy/argo/policy.js'
import { flyRecorded } from '../../../run/fly.js'
import { readyAtOnce, readyWhenAnswering } from '../../../run/other-probes.js'
import { type Manifest, placeOf } from '../../../scenario/manifest.js'
import type { Place } from '../../../scenario/problem.js'
import type { Path } from '../../../scenario/yaml-value.js'
import type { Found, Rule, Subject } from '../rule.js'
import { fieldAt, objectNamed, rolloutIn } from './written.js'

export const probes: readonly Rule[] = [
  {
    id: 'no-readiness-probe',
    severity: 'warning',
    title: 'Pods without a readinessProbe get requests before they can answer any.',
    find: findUnprobed,
  },
]

/** Of the first container, which is the one that requests reach. A startupProbe keeps requests away as well, until it is over. */
function* findUnprobed(subject: Subject): Iterable<Found> {
  const { policy } = subject
  const place = policy && placeOfContainer(subject, policy)
  if (!place) return
  const { template, blueGreen } = policy.rollout
  const { readiness, startup } = template.spec ?? {}
  if (readiness ?? startup) return
  // Whoever opens the gate knows that the pod answers.
  if (fieldAt(template.value, ['spec', 'readinessGates', 0]) !== undefined) return
  const next = blueGreen ? 'the active Service is switched to all of them' : 'the steps go on'
  yield {
    place,
    message: `${template.container} has no readinessProbe: its pods are ready as soon as the container runs`,
    why: `The Service sends them requests and ${next}, whether the application listens or not; until it does, they are refused. Pods that never come up are available, too: no deadline notices them.`,
    mend: 'Write a readinessProbe that asks the application itself, such as httpGet: {path: /healthz, port: 8080} with periodSeconds: 5.',
    ...flownUnprobed(subject),
  }
}

function placeOfContainer(subject: Subject, { rollout }: ArgoPolicy): Place | undefined {
  const { workloadRef, namespace } = rollout
  const manifest: Manifest | undefined = workloadRef
    ? objectNamed(subject, workloadRef.kind, workloadRef.name, namespace)
    : rolloutIn(subject)
  const template: Path = workloadRef?.kind === 'PodTemplate' ? ['template'] : ['spec', 'template']
  return manifest && placeOf(manifest, [...template, 'spec', 'containers', 0])
}

function flownUnprobed({ plan, healthy }: Subject): Pick<Found, 'flown'> {
  if (!plan || !healthy) return {}
  const without = flyRecorded(readyAtOnce(plan), healthy.seed)
  const probed = flyRecorded(readyWhenAnswering(plan), healthy.seed)
  const more = without.blastRadius.requests.excess - probed.blastRadius.requests.excess
  const hurts = more > 0 ? [`hurts ${more} requests more than with a probe`] : []
  const ends = without.verdict === probed.verdict ? [] : [`is ${without.verdict}, and not ${probed.verdict}`]
  if (more <= 0 && ends.length === 0) return {}
  const which = 'A good release whose containers run at once, and answer when they have started,'
  return { flown: `${which} ${[...hurts, ...ends].join(', and ')}.` }
}
