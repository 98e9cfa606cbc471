// Which kinds of objects a policy is made of, and the versions in which the API server has them.
import { isChaos } from '../../scenario/chaos/chaos.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import { nearName } from '../../scenario/near-name.js'
import type { Problems } from '../../scenario/problem.js'
import { admit } from '../api/admit.js'
import type { Behaviours } from './version.js'

const argo = ['argoproj.io/v1alpha1']
const appMesh = 'appmesh.k8s.aws/v1beta2'
const ambassador = ['getambassador.io/v2', 'getambassador.io/v3alpha1', 'getambassador.io/v1']
const gateway = 'gateway.networking.k8s.io'
const istio = ['networking.istio.io/v1', 'networking.istio.io/v1beta1', 'networking.istio.io/v1alpha3']

const versions: ReadonlyMap<string, readonly string[]> = new Map([
  ['Rollout', argo],
  ['AnalysisTemplate', argo],
  ['ClusterAnalysisTemplate', argo],
  ['Experiment', argo],
  ['Deployment', ['apps/v1']],
  ['ReplicaSet', ['apps/v1']],
  ['PodTemplate', ['v1']],
  ['Secret', ['v1']],
  ['HorizontalPodAutoscaler', ['autoscaling/v2', 'autoscaling/v1']],
  ['Service', ['v1']],
  ['Ingress', ['networking.k8s.io/v1']],
  ['VirtualService', istio],
  ['DestinationRule', istio],
  ['Mapping', ambassador],
  ['ApisixRoute', ['apisix.apache.org/v2']],
  ['VirtualService.appmesh.k8s.aws', [appMesh]],
  ['VirtualRouter', [appMesh]],
  ['VirtualNode', [appMesh]],
  ['HTTPRoute', [`${gateway}/v1`, `${gateway}/v1beta1`]],
  ['GRPCRoute', [`${gateway}/v1`]],
  ['TCPRoute', [`${gateway}/v1alpha2`]],
  ['TLSRoute', [`${gateway}/v1`, `${gateway}/v1alpha3`, `${gateway}/v1alpha2`]],
])

const traefik = ['traefik.io/v1alpha1']
/** The group that Traefik had before its version 3. */
const formerTraefik = ['traefik.containo.us/v1alpha1']

function versionsOf(kind: string, does: Behaviours): readonly string[] | undefined {
  if (kind === 'TraefikService') return does.useTraefikIo ? traefik : formerTraefik
  return versions.get(kind)
}

/** Kinds that come along in a folder of manifests and have no say in a rollout. */
const bystanders = new Set([
  'Namespace',
  'ConfigMap',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'Gateway',
  'ServiceMonitor',
  'PodMonitor',
])

/** Told elsewhere, as it is no part of a rollout: rules for Prometheus. */
const readElsewhere = new Set(['PrometheusRule'])

/** The name of the kind, with its group where there is another one of that name. */
export function kindOf({ kind, apiVersion }: Manifest): string {
  return kind === 'VirtualService' && apiVersion.startsWith('appmesh.') ? `${kind}.appmesh.k8s.aws` : kind
}

/** Whether the object has a part in the policy; the problems say why not, unless nobody would expect it to. */
export function takesPart(manifest: Manifest, problems: Problems, does: Behaviours): boolean {
  const { apiVersion } = manifest
  const kind = kindOf(manifest)
  const known = versionsOf(kind, does)
  if (known?.includes(apiVersion)) return true
  const group = groupOf(apiVersion)
  const isOurGroup = known?.some((version) => groupOf(version) === group) ?? group === 'argoproj.io'
  if (isOurGroup && !argo.includes(apiVersion)) {
    const message = `${apiVersion} doesn't exist: only ${(known ?? argo).join(', ')} does`
    problems.error('unknown-version', placeOf(manifest, ['apiVersion']), message)
  } else if (known && isBuiltIn(group)) {
    const hint = `Write apiVersion: ${known[0]}.`
    problems.error('unknown-version', placeOf(manifest, ['apiVersion']), `${apiVersion} has no kind ${kind}`, { hint })
  } else if (!bystanders.has(kind) && !readElsewhere.has(kind) && !isChaos(manifest)) {
    if (argo.includes(apiVersion)) admit(manifest, problems)
    tellLeftOut(manifest, problems)
  }
  return false
}

export function tellLeftOut(manifest: Manifest, problems: Problems, hint = nearKind(manifest.kind)): void {
  const message = `${manifest.kind} ${manifest.name} is not simulated: it is left out`
  problems.warning('not-simulated', placeOf(manifest, ['kind']), message, { hint })
}

function nearKind(kind: string): string | undefined {
  const near = versions.has(kind) ? undefined : nearName(kind, versions.keys())
  return near && `Did you mean ${near}?`
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}

/** Groups of Kubernetes itself; others are somebody's own, and may have kinds of the same names. */
function isBuiltIn(group: string): boolean {
  return !group.includes('.') || group === 'networking.k8s.io' || group === 'argoproj.io'
}
