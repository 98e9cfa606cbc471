// What a pod of the Job says of its shard: that it waits and for what, that it flies, how it ended.
import type { V1Pod } from '@kubernetes/client-node'

export interface Seen {
  readonly name: string
  /** From 1. */
  readonly shard: number
  readonly phase: 'waits' | 'flies' | 'succeeded' | 'failed'
  /** What keeps it from flying, if anything does. */
  readonly trouble?: Trouble | undefined
  /** How it failed. */
  readonly end?: End | undefined
}

export interface Trouble {
  readonly kind: keyof typeof patienceMs
  /** In the words of Kubernetes. */
  readonly message: string
}

export interface End {
  readonly exitCode: number | undefined
  readonly message: string
}

/** How long each is waited for while no other shard flies: registries and autoscalers may still come. */
export const patienceMs = {
  /** The image can't be what is meant. */
  hopeless: 0,
  container: 15_000,
  image: 60_000,
  /** Pods that may not even be made. */
  pods: 60_000,
  nodes: 300_000,
} as const

/** As the kubelet calls what a container waits for. */
const kinds: Readonly<Record<string, Trouble['kind']>> = {
  InvalidImageName: 'hopeless',
  ErrImageNeverPull: 'hopeless',
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  ImageInspectError: 'image',
  RegistryUnavailable: 'image',
  SignatureValidationFailed: 'image',
  CreateContainerConfigError: 'container',
  CreateContainerError: 'container',
  RunContainerError: 'container',
}

/** Undefined for pods that are on their way out: they say nothing about their shard any more. */
export function seenIn(pod: V1Pod): Seen | undefined {
  const { metadata, status } = pod
  const index = metadata?.annotations?.['batch.kubernetes.io/job-completion-index']
  if (metadata?.name === undefined || index === undefined) return undefined
  const told = { name: metadata.name, shard: Number(index) + 1 }
  if (status?.phase === 'Succeeded') return { ...told, phase: 'succeeded' }
  if (metadata.deletionTimestamp !== undefined) return undefined
  if (status?.phase === 'Failed') return { ...told, phase: 'failed', end: endOf(pod) }
  const isUp = status?.containerStatuses?.[0]?.state?.running !== undefined
  return isUp ? { ...told, phase: 'flies' } : { ...told, phase: 'waits', trouble: troubleOf(pod) }
}

function troubleOf({ status }: V1Pod): Trouble | undefined {
  const { reason = '', message } = status?.containerStatuses?.[0]?.state?.waiting ?? {}
  const kind = kinds[reason]
  if (kind) return { kind, message: joined(reason, message) }
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined
  return { kind: 'nodes', message: joined(scheduled.reason, scheduled.message) }
}

function endOf({ status }: V1Pod): End {
  const { exitCode, reason, message } = status?.containerStatuses?.[0]?.state?.terminated ?? {}
  // Evictions, lost nodes and the like are told of the pod, ends of the program of its container.
  const why = status?.reason ? joined(status.reason, status.message) : joined(reason ?? 'Error', message)
  return { exitCode, message: exitCode === undefined ? why : `${why} (exit code ${exitCode})` }
}

function joined(reason: string, message: string | undefined): string {
  return message === undefined || message === '' ? reason : `${reason}: ${message.trim()}`
}
