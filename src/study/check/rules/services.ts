// Services that do not lead to the pods of the Rollout, or not as they look.
import { rolloutHashLabel } from '../../../run/workload.js'
import { isJsonObject, type Json, type JsonObject } from '../../../scenario/json.js'
import { type Manifest, placeOf } from '../../../scenario/manifest.js'
import { namespaceOf } from '../../select-rollout.js'
import type { Found, Rule, Subject } from '../rule.js'
import { fieldAt, listAt } from './written.js'

export const services: readonly Rule[] = [
  {
    id: 'service-selects-nothing',
    severity: 'error',
    title: 'None of the Services selects the pods of the Rollout.',
    find: findMismatches,
  },
  {
    id: 'hash-in-selector',
    severity: 'error',
    title: 'A Service selects by the hash of a version, which is the controller’s to write.',
    find: findHashes,
  },
  {
    id: 'port-not-there',
    severity: 'error',
    title: 'A Service leads to a port by a name that no container has.',
    find: findUnknownPorts,
  },
  {
    id: 'port-unlisted',
    severity: 'warning',
    title: 'A Service leads to a port that is none of those that the containers list.',
    find: findUnlistedPorts,
  },
  {
    id: 'unready-published',
    severity: 'warning',
    title: 'A Service sends requests to pods that are not ready, too.',
    find: findUnreadyPublished,
  },
]

type Labels = Readonly<Record<string, Json>>

/** In the namespace of the Rollout, and with a selector: the endpoints of others are set by hand. */
function servicesIn({ manifests, policy }: Subject): readonly Manifest[] {
  return manifests.filter(
    (manifest) =>
      manifest.kind === 'Service' &&
      namespaceOf(manifest) === policy?.rollout.namespace &&
      Object.keys(selectorOf(manifest)).length > 0,
  )
}

function selectorOf({ value }: Manifest): Labels {
  const selector = fieldAt(value, ['spec', 'type']) === 'ExternalName' ? null : fieldAt(value, ['spec', 'selector'])
  return isJsonObject(selector ?? null) ? (selector as JsonObject) : {}
}

/** The controller writes the hash itself. */
function selects(service: Manifest, labels: Labels): boolean {
  return Object.entries(selectorOf(service)).every(([key, label]) => key === rolloutHashLabel || labels[key] === label)
}

function labelsOf({ policy }: Subject): Labels {
  return policy?.rollout.template.labels ?? {}
}

function* findMismatches(subject: Subject): Iterable<Found> {
  const labels = labelsOf(subject)
  const all = servicesIn(subject)
  if (all.some((service) => selects(service, labels))) return
  const others = [...subject.manifests, ...subject.otherRollouts].map(podLabelsIn)
  const idle = all.filter((service) => others.every((their) => their === undefined || !selects(service, their)))
  const alike = (service: Manifest) =>
    Object.entries(selectorOf(service)).filter(([key, label]) => labels[key] === label)
  const most = Math.max(...idle.map((service) => alike(service).length))
  for (const service of idle.filter((each) => alike(each).length === most)) {
    const [key, label] = Object.entries(selectorOf(service)).find(([each, its]) => labels[each] !== its)!
    const has = labels[key] === undefined ? `no label ${key}` : `${key}: ${labels[key]}`
    yield {
      place: placeOf(service, ['spec', 'selector', key]),
      message: `Service ${service.name} selects ${key}: ${label}, and the pods of the Rollout have ${has}`,
      why: 'It has no endpoints, or leads to somebody else’s pods; no other Service among these manifests selects those of the Rollout either. The API server and the controller accept it: the release goes through, with nobody there to see whether it is good. Flights take requests to reach every ready pod.',
      mend:
        labels[key] === undefined
          ? `Give the template of the pods the label ${key}: ${label}, or select by one that it has.`
          : `Write ${key}: ${labels[key]}.`,
    }
  }
}

/** Of the pods that a workload makes, or of a pod. */
function podLabelsIn({ kind, value }: Manifest): Labels | undefined {
  const path = kind === 'Pod' ? ['metadata', 'labels'] : ['spec', 'template', 'metadata', 'labels']
  const labels = fieldAt(value, path)
  return isJsonObject(labels ?? null) ? (labels as JsonObject) : undefined
}

function* findHashes(subject: Subject): Iterable<Found> {
  for (const service of servicesIn(subject)) {
    const hash = selectorOf(service)[rolloutHashLabel]
    if (hash === undefined || !selects(service, labelsOf(subject))) continue
    yield {
      place: placeOf(service, ['spec', 'selector', rolloutHashLabel]),
      message: `Service ${service.name} selects the version ${String(hash)} alone`,
      why: 'Each release has another hash. A Service that the Rollout names is put back to this one whenever the manifest is applied, and nobody is reached until a later pass of the controller writes it anew; one that it does not name leads nowhere once the pods of this version are gone.',
      mend: `Remove ${rolloutHashLabel} from the selector: the controller adds it to the Services that the Rollout names.`,
    }
  }
}

interface Lead {
  readonly service: Manifest
  readonly index: number
  readonly target: Json
  readonly protocol: Json
}

/** The ports of Services that select the pods. */
function leadsIn(subject: Subject): readonly Lead[] {
  return servicesIn(subject)
    .filter((service) => selects(service, labelsOf(subject)))
    .flatMap((service) =>
      listAt(service.value, ['spec', 'ports']).map((port, index) => {
        const target = fieldAt(port, ['targetPort']) ?? fieldAt(port, ['port']) ?? null
        return { service, index, target, protocol: fieldAt(port, ['protocol']) ?? 'TCP' }
      }),
    )
}

/** Sidecars stand among the init containers, too. */
function portsOf({ policy }: Subject): readonly Json[] {
  const template = policy?.rollout.template.value
  return ['containers', 'initContainers'].flatMap((list) =>
    listAt(template, ['spec', list]).flatMap((container) => listAt(container, ['ports'])),
  )
}

function* findUnknownPorts(subject: Subject): Iterable<Found> {
  const ports = portsOf(subject)
  const isNamed = ({ target, protocol }: Lead) =>
    ports.some((port) => fieldAt(port, ['name']) === target && (fieldAt(port, ['protocol']) ?? 'TCP') === protocol)
  const names = ports.flatMap((port) => fieldAt(port, ['name']) ?? [])
  for (const lead of leadsIn(subject)) {
    const { service, index, target, protocol } = lead
    if (typeof target !== 'string' || isNamed(lead)) continue
    yield {
      place: placeOf(service, ['spec', 'ports', index, 'targetPort']),
      message: `Service ${service.name} leads to a ${String(protocol)} port named ${target}, which no container of the pods has`,
      why: `The pods are left out of the endpoints of that port, and nobody is reached through it; pods, Service and Rollout all look well. The containers name ${names.length === 0 ? 'none' : names.join(', ')}.`,
      mend: `Name a port of the container ${target}, or write its number.`,
    }
  }
}

function* findUnlistedPorts(subject: Subject): Iterable<Found> {
  const listed = portsOf(subject).flatMap((port) => fieldAt(port, ['containerPort']) ?? [])
  for (const { service, index, target } of leadsIn(subject)) {
    if (typeof target !== 'number' || listed.length === 0 || listed.includes(target)) continue
    const isWritten = fieldAt(service.value, ['spec', 'ports', index, 'targetPort']) !== undefined
    yield {
      place: placeOf(service, ['spec', 'ports', index, isWritten ? 'targetPort' : 'port']),
      message: `Service ${service.name} leads to port ${target}, and the containers list ${listed.join(', ')}`,
      why: `${isWritten ? '' : 'Without a targetPort requests go to the port of the Service itself. '}What a container lists is a word and no more, but where nothing listens every request is refused, to either version alike: an analysis that compares them sees nothing.`,
      mend: `Write targetPort: ${listed[0]}, or list ${target} among the ports of the container.`,
    }
  }
}

function* findUnreadyPublished(subject: Subject): Iterable<Found> {
  for (const service of servicesIn(subject)) {
    const isHeadless = fieldAt(service.value, ['spec', 'clusterIP']) === 'None'
    // Those are for pods that look for each other.
    if (isHeadless || !selects(service, labelsOf(subject))) continue
    if (fieldAt(service.value, ['spec', 'publishNotReadyAddresses']) !== true) continue
    yield {
      place: placeOf(service, ['spec', 'publishNotReadyAddresses']),
      message: `Service ${service.name} sends requests to pods that are not ready`,
      why: 'A canary that starts, or never comes up, gets its part of the requests all the same, and refuses them: what a readinessProbe says counts for the steps, and not for those who call.',
      mend: 'Remove publishNotReadyAddresses; pods that look for each other before they are ready need a headless Service of their own.',
    }
  }
}
