// The workload that a Rollout takes its template from: which one it is, and what its manifest makes of it.
import type { Cluster } from '../../world/cluster/cluster.js'
import type { DeploymentSpec } from '../kubernetes/deployment.js'
import { DeploymentController } from '../kubernetes/deployment-controller.js'
import { TemplateHolder, type Workload } from '../kubernetes/workload.js'
import type { ManifestTemplate } from '../pod-template.js'
import type { View } from '../view.js'

export interface WorkloadReference {
  readonly kind: Workload['kind']
  readonly name: string
  /** When the controller takes the pods of a Deployment away; other words than the two do nothing. */
  readonly scaleDown: string
}

/** What a manifest of such a workload asks for. */
export type WorkloadManifest =
  | { readonly kind: 'Deployment'; readonly spec: DeploymentSpec }
  | {
      readonly kind: 'ReplicaSet'
      readonly name: string
      readonly template: ManifestTemplate
      readonly replicas: number
      readonly minReadyMs: number
    }
  | { readonly kind: 'PodTemplate'; readonly name: string; readonly template: ManifestTemplate }

/** Makes the object in the cluster, with the pods of its own that it has there. */
export function createWorkload(manifest: WorkloadManifest, view: View): Workload {
  if (manifest.kind === 'Deployment') return new DeploymentController(manifest.spec, view)
  if (manifest.kind === 'ReplicaSet') createReplicaSet(manifest, view.cluster)
  return new TemplateHolder(manifest.kind, manifest.name, manifest.template, replicasOf(manifest))
}

/** How many pods of its own the workload asks for. */
export function replicasOf(manifest: WorkloadManifest): number {
  if (manifest.kind === 'PodTemplate') return 0
  return manifest.kind === 'Deployment' ? manifest.spec.replicas : manifest.replicas
}

type ReplicaSetManifest = Extract<WorkloadManifest, { kind: 'ReplicaSet' }>

function createReplicaSet({ name, template, replicas, minReadyMs }: ReplicaSetManifest, cluster: Cluster): void {
  const made = cluster.createReplicaSet({ kind: 'ReplicaSet', name }, { ...template, hash: '' }, 0, minReadyMs)
  cluster.scale(made, replicas)
}
