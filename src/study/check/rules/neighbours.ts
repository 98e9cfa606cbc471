// What stands beside a Rollout, is not what it takes it for, and is accepted all the same.
import { partOf } from '../../../policy/argo/step.js'
import type { Json } from '../../../scenario/json.js'
import { type Manifest, placeOf } from '../../../scenario/manifest.js'
import type { Path } from '../../../scenario/yaml-value.js'
import { namespaceOf } from '../../select-rollout.js'
import type { Found, Rule, Subject } from '../rule.js'
import { fieldAt, listAt, objectNamed, rolloutIn, stepPlace, strategyPlace } from './written.js'

export const neighbours: readonly Rule[] = [
  {
    id: 'no-routes',
    severity: 'error',
    title: 'A VirtualService has no routes: the Rollout reports weights, and nothing splits requests.',
  },
  {
    id: 'no-http-routes',
    severity: 'error',
    title: 'A step adds a route to a VirtualService without http routes, and fails in every pass.',
  },
  {
    id: 'host-elsewhere',
    severity: 'error',
    title: 'A route leads to a Service of the right name in another namespace.',
    find: findHostsElsewhere,
  },
  {
    id: 'subset-missing',
    severity: 'error',
    title: 'The DestinationRule lacks a subset that the Rollout names.',
    find: findMissingSubsets,
  },
  {
    id: 'one-subset-for-both',
    severity: 'error',
    title: 'Canary and stable are one subset, which selects the canary for everybody.',
  },
  {
    id: 'root-service-missing',
    severity: 'warning',
    title: 'The root Service of a TrafficSplit is not there.',
    find: findMissingRoot,
  },
  {
    id: 'alb-backend-port',
    severity: 'error',
    title: 'The load balancer goes to the Service of an Ingress itself, and not by the weights.',
    find: findPlainBackends,
  },
  {
    id: 'mirror-percentage',
    severity: 'warning',
    title: 'More requests are to be mirrored than there are, or less than none.',
    find: findMirrors,
  },
  {
    id: 'istio-waits-for-pods',
    severity: 'warning',
    title: 'Passes fail while pods start, and what comes afterwards is late by seconds.',
    versions: 'argo-rollouts from 1.9',
    find: findFailingPasses,
  },
  {
    id: 'service-shared',
    severity: 'error',
    title: 'Two Rollouts name one Service: sooner or later one of them is invalid.',
    find: findSharedServices,
  },
]

function* findHostsElsewhere(subject: Subject): Iterable<Found> {
  const { rollout } = subject.policy ?? {}
  if (!rollout) return
  const { namespace, canary } = rollout
  const ours = [canary.canaryService, canary.stableService, canary.pingPong?.ping, canary.pingPong?.pong]
  for (const reference of canary.routing?.istio?.virtualServices ?? []) {
    const manifest = objectNamed(subject, 'VirtualService', reference.name, reference.namespace ?? namespace)
    for (const { path, host } of manifest ? hostsIn(manifest) : []) {
      const [name, its = reference.namespace ?? namespace] = host.split('.')
      if (!ours.includes(name) || its === namespace) continue
      yield {
        place: placeOf(manifest!, path),
        message: `${host} is ${name} of the namespace ${its}, and the Rollout is in ${namespace}`,
        why: `The controller looks at the name up to the first dot, finds its ${name}, and writes weights; the requests go to whatever ${its} has of that name.`,
        mend: `Write ${name}.${namespace}.svc.cluster.local.`,
      }
    }
  }
}

function* findMissingSubsets(subject: Subject): Iterable<Found> {
  const { rollout } = subject.policy ?? {}
  const rule = rollout?.canary.routing?.istio?.destinationRule
  const manifest = rule && objectNamed(subject, 'DestinationRule', rule.name, rollout!.namespace)
  if (!manifest) return
  const names = listAt(manifest.value, ['spec', 'subsets']).map((subset) => fieldAt(subset, ['name']))
  const fields = { canarySubsetName: rule.canarySubset, stableSubsetName: rule.stableSubset }
  for (const [field, name] of Object.entries(fields)) {
    if (names.includes(name)) continue
    yield {
      place: strategyPlace(subject, 'canary', 'trafficRouting', 'istio', 'destinationRule', field),
      message: `DestinationRule ${rule.name} has no subset ${JSON.stringify(name)}`,
      why: `The controller labels the subsets that it finds and says nothing of one that it doesn't find. It has ${namesOf(names)}. Weight that goes to a subset which is not there is answered by the proxy itself, with 503.`,
      mend: `Add {name: ${name}} to its subsets; the controller adds the labels.`,
    }
  }
}

/** The name in an annotation of an Ingress for a load balancer is no object's. */
function* findMissingRoot(subject: Subject): Iterable<Found> {
  const { rollout } = subject.policy ?? {}
  const path = ['canary', 'trafficRouting', 'smi', 'rootService'] as const
  const name = rollout && fieldAt(rolloutIn(subject)?.value, ['spec', 'strategy', ...path])
  if (typeof name !== 'string' || objectNamed(subject, 'Service', name, rollout!.namespace)) return
  yield {
    place: strategyPlace(subject, ...path),
    message: `there is no Service ${name} for the TrafficSplit to split`,
    why: `The mesh splits what is sent to ${name}. Nobody looks for it: the Rollout sets its weights and is promoted, and callers of ${rollout!.canary.stableService} are not split at all.`,
    mend: 'Add the Service, or name the one that is called.',
  }
}

function* findPlainBackends(subject: Subject): Iterable<Found> {
  const { rollout } = subject.policy ?? {}
  const { alb } = rollout?.canary.routing ?? {}
  const service = alb?.rootService ?? rollout?.canary.stableService
  for (const { name } of alb?.ingresses ?? []) {
    const manifest = objectNamed(subject, 'Ingress', name, rollout!.namespace)
    for (const path of manifest ? backendPaths(manifest) : []) {
      const backend = fieldAt(manifest!.value, path)
      const port = fieldAt(backend, ['port', 'name'])
      if (fieldAt(backend, ['name']) !== service || port === 'use-annotation') continue
      yield {
        place: placeOf(manifest!, [...path, 'port']),
        message: `the port of ${service} is not use-annotation: the load balancer does not look for weights`,
        why: `The weights are in an annotation of the Ingress, which AWS' controller reads only for a backend whose port is use-annotation. All requests go to ${service} until the promotion, whatever the steps say.`,
        mend: 'Write port: {name: use-annotation}.',
      }
    }
  }
}

function* findMirrors(subject: Subject): Iterable<Found> {
  for (const [index, step] of (subject.policy?.rollout.canary.steps ?? []).entries()) {
    const percent = partOf(step, 'setMirrorRoute')?.percent ?? 0
    if (percent >= 0 && percent <= 100) continue
    yield {
      place: stepPlace(subject, index, 'setMirrorRoute', 'percentage'),
      message: `${percent} % of the requests are to be mirrored`,
      why: `The controller writes ${percent} as it is into the VirtualService. Istio knows 0 to 100: where it refuses the object each pass of the Rollout fails from here on, and the step is never over.`,
      mend: 'Write a percentage from 0 to 100.',
    }
  }
}

function* findFailingPasses(subject: Subject): Iterable<Found> {
  const { rollout, version } = subject.policy ?? {}
  const { canary } = rollout ?? {}
  if (!version?.does.failWhileSubsetsWait || !canary?.routing?.istio) return
  if (canary.canaryService !== undefined || canary.stableService !== undefined) return
  yield {
    place: strategyPlace(subject, 'canary', 'trafficRouting', 'istio'),
    message: 'with neither canaryService nor stableService each pass fails while a pod is not available',
    why: 'The controller puts off the switch of the subsets until all pods of both versions are there, and calls that an error: its retries and every event double the delay until the next pass, up to 10 s. Pods that are ready wait for their weight, and an abort for its end.',
    mend: 'Name a stableService as well: with it nothing fails.',
  }
}

const serviceFields: readonly Path[] = [
  ['canary', 'stableService'],
  ['canary', 'canaryService'],
  ['canary', 'pingPong', 'pingService'],
  ['canary', 'pingPong', 'pongService'],
  ['blueGreen', 'activeService'],
  ['blueGreen', 'previewService'],
]

function* findSharedServices(subject: Subject): Iterable<Found> {
  const rollout = rolloutIn(subject)
  for (const field of serviceFields) {
    const name = serviceOf(rollout, field)
    const owner = subject.otherRollouts.find(
      (other) =>
        namespaceOf(other) === namespaceOf(rollout!) && serviceFields.some((its) => serviceOf(other, its) === name),
    )
    if (name === undefined || !owner) continue
    yield {
      place: strategyPlace(subject, ...field),
      message: `Service ${name} is that of Rollout ${owner.name}, too`,
      why: `Each of the two points ${name} at its own pods and notes on it that it is its. Both may be Healthy at first; whichever finds the other's note turns InvalidSpec, and then nothing of it is scaled, routed or judged any more.`,
      mend: 'Give either Rollout Services of its own.',
    }
  }
}

function serviceOf(rollout: Manifest | undefined, field: Path): string | undefined {
  const name = fieldAt(rollout?.value, ['spec', 'strategy', ...field])
  return typeof name === 'string' ? name : undefined
}

function hostsIn(manifest: Manifest): readonly { readonly path: Path; readonly host: string }[] {
  return ['http', 'tls', 'tcp'].flatMap((protocol) =>
    pathsIn(manifest, ['spec', protocol]).flatMap((route) =>
      pathsIn(manifest, [...route, 'route']).flatMap((destination) => {
        const path = [...destination, 'destination', 'host']
        const host = fieldAt(manifest.value, path)
        return typeof host === 'string' ? [{ path, host }] : []
      }),
    ),
  )
}

function backendPaths(manifest: Manifest): readonly Path[] {
  return pathsIn(manifest, ['spec', 'rules']).flatMap((rule) =>
    pathsIn(manifest, [...rule, 'http', 'paths']).map((path) => [...path, 'backend', 'service']),
  )
}

/** Of the items of a list. */
function pathsIn({ value }: Manifest, path: Path): readonly Path[] {
  return listAt(value, path).map((_, index) => [...path, index])
}

function namesOf(names: readonly (Json | undefined)[]): string {
  return names.length === 0 ? 'none' : names.join(', ')
}
