// The Job whose pods fly the shards, and the ConfigMap with what they fly.
import type { V1ConfigMap, V1Job, V1PodFailurePolicy, V1PodSpec } from '@kubernetes/client-node'

export interface Wanted {
  readonly name: string
  readonly image: string
  readonly shards: number
  /** As Kubernetes writes quantities. */
  readonly cpu: string
  readonly memory: string
  /** Threads of each pod. */
  readonly workers: number
  readonly timeoutSeconds: number
  readonly version: string
}

export const containerName = 'flights'
const mountPath = '/coalmine'
const parcelKey = 'parcel.json.gz'

/** After the first time; a shard that fails once more fails them all. */
export const retries = 2

/** If nobody is there any more to delete it. */
const keptSeconds = 600

export function jobOf(wanted: Wanted): V1Job {
  const { name, shards, timeoutSeconds } = wanted
  const labels = labelsOf(wanted)
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism: shards,
      backoffLimitPerIndex: retries,
      maxFailedIndexes: 0,
      podReplacementPolicy: 'Failed',
      podFailurePolicy,
      activeDeadlineSeconds: timeoutSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        // A proxy beside them would never end, and so the pod wouldn't.
        metadata: {
          labels: { ...labels, 'sidecar.istio.io/inject': 'false' },
          annotations: { 'linkerd.io/inject': 'disabled' },
        },
        spec: podOf(wanted),
      },
    },
  }
}

/** Bad input and a defect, as `coalmine` says it; not executable, not found, not started, as runtimes say it. */
export const hopelessExitCodes: readonly number[] = [2, 70, 126, 127, 128]

/** What is wrong with the image or the program is wrong each time; what happens to nodes is no fault of the pod. */
const podFailurePolicy: V1PodFailurePolicy = {
  rules: [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { containerName, operator: 'In', values: [...hopelessExitCodes] } },
  ],
}

/** Such that namespaces with the restricted level of Pod Security take it. */
function podOf({ name, image, cpu, memory, workers }: Wanted): V1PodSpec {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Node as the first process of a container doesn't end on SIGTERM, and there is nothing to be saved.
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: containerName,
        image,
        command: ['coalmine', 'fly-shard', `${mountPath}/${parcelKey}`, '--workers', String(workers)],
        // The same twice makes it one of those pods that are evicted last; and some quotas ask for all four.
        resources: { requests: { cpu, memory }, limits: { cpu, memory } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'parcel', mountPath, readOnly: true }],
      },
    ],
    volumes: [{ name: 'parcel', configMap: { name } }],
  }
}

/** Goes when the Job goes. */
export function parcelOf(wanted: Wanted, job: V1Job, parcel: Buffer): V1ConfigMap {
  const { name } = wanted
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid: job.metadata!.uid! }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: labelsOf(wanted), ownerReferences: [owner] },
    immutable: true,
    binaryData: { [parcelKey]: parcel.toString('base64') },
  }
}

function labelsOf({ name, version }: Wanted): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'coalmine',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/component': 'flights',
    'app.kubernetes.io/version': version.replace(/[^A-Za-z0-9._-]/g, '-'),
    'app.kubernetes.io/managed-by': 'coalmine',
  }
}
