// Reads from a pod template what the kubelet makes of it.
import { defined } from '../scenario/defined.js'
import { isJsonObject, type Json, type JsonObject } from '../scenario/json.js'
import { type PodSpec, type ProbeSpec, type PullPolicy, plainPodSpec } from '../world/cluster/pod-spec.js'
import { parseQuantity } from './api/quantity.js'

/** Of the first container. What isn't there, or isn't what the API server would take, is as if nobody had said it. */
export function podSpecOf(template: Json): PodSpec {
  const spec = objectAt(template, 'spec')
  const containers = spec['containers']
  const container = objectOf(Array.isArray(containers) ? (containers as readonly Json[])[0] : undefined)
  const memoryLimitBytes = parseQuantity(objectAt(objectAt(container, 'resources'), 'limits')['memory'] ?? null)
  const preStop = preStopOf(objectAt(objectAt(container, 'lifecycle'), 'preStop'))
  return {
    ...defined({
      startup: probeOf(container['startupProbe']),
      readiness: probeOf(container['readinessProbe']),
      liveness: probeOf(container['livenessProbe']),
      preStop,
      memoryLimitBytes,
    }),
    graceMs: secondsAt(spec, 'terminationGracePeriodSeconds') ?? plainPodSpec.graceMs,
    pullPolicy: pullPolicyOf(container),
    tolerationMs: tolerationOf(spec['tolerations']),
  }
}

/** Defaults as in pkg/apis/core/v1/defaults.go. */
function probeOf(value: Json | undefined): ProbeSpec | undefined {
  if (!isJsonObject(value)) return undefined
  return {
    initialDelayMs: secondsAt(value, 'initialDelaySeconds') ?? 0,
    periodMs: (secondsAt(value, 'periodSeconds') ?? 0) || 10_000,
    timeoutMs: (secondsAt(value, 'timeoutSeconds') ?? 0) || 1_000,
    failureThreshold: (numberAt(value, 'failureThreshold') ?? 0) || 3,
    successThreshold: (numberAt(value, 'successThreshold') ?? 0) || 1,
    ...defined({ graceMs: secondsAt(value, 'terminationGracePeriodSeconds') }),
  }
}

/** Only of what sleeps the manifest says how long it takes. */
function preStopOf(hook: JsonObject): PodSpec['preStop'] {
  const sleepMs = secondsAt(objectAt(hook, 'sleep'), 'seconds')
  if (sleepMs !== undefined) return sleepMs
  const command = objectAt(hook, 'exec')['command']
  const words = Array.isArray(command) ? (command as readonly Json[]).map(String) : []
  const seconds = /(?:^|[ /])sleep (\d+(?:\.\d+)?)s?$/.exec(words.join(' '))?.[1]
  if (seconds !== undefined) return Number(seconds) * 1000
  return Object.keys(hook).length > 0 ? 'hook' : undefined
}

/** The API server pulls `latest` and images without a tag always, others only where they aren't there. */
function pullPolicyOf({ image, imagePullPolicy }: JsonObject): PullPolicy {
  const policies: readonly PullPolicy[] = ['Always', 'IfNotPresent', 'Never']
  const written = policies.find((policy) => policy === imagePullPolicy)
  if (written !== undefined) return written
  const name = typeof image === 'string' ? image.slice(image.lastIndexOf('/') + 1) : ''
  const isPinned = name.includes('@') || (name.includes(':') && !name.endsWith(':latest'))
  return isPinned ? 'IfNotPresent' : 'Always'
}

/** On a node that doesn't answer: the smallest time that is written, for ever where a toleration has none. */
function tolerationOf(tolerations: Json | undefined): number {
  const fitting = (Array.isArray(tolerations) ? (tolerations as readonly Json[]) : [])
    .filter(isJsonObject)
    .filter(({ key, effect }) => isOneOf(key, ['node.kubernetes.io/unreachable']) && isOneOf(effect, ['NoExecute']))
  if (fitting.length === 0) return plainPodSpec.tolerationMs
  const timesMs = fitting.map((each) => secondsAt(each, 'tolerationSeconds') ?? Number.POSITIVE_INFINITY)
  return Math.max(0, Math.min(...timesMs))
}

/** What is left out fits everything. */
function isOneOf(value: Json | undefined, fitting: readonly string[]): boolean {
  return value === undefined || value === '' || (typeof value === 'string' && fitting.includes(value))
}

function objectAt(value: Json, key: string): JsonObject {
  return objectOf(isJsonObject(value) ? value[key] : undefined)
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

function secondsAt(value: JsonObject, key: string): number | undefined {
  const seconds = numberAt(value, key)
  return seconds === undefined ? undefined : 1000 * seconds
}

function numberAt(value: JsonObject, key: string): number | undefined {
  const number = value[key]
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
