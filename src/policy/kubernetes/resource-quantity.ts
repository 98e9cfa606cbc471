// Quantities of Kubernetes in thousandths, as autoscalers count, and the CPU that pods request.
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
import { parseQuantity } from '../api/quantity.js'
import type { ManifestTemplate } from '../pod-template.js'

/** CPU that a pod requests: of the pod as a whole, or of all its containers; undefined unless each of them says. */
export function cpuRequestOf({ value }: ManifestTemplate): number | undefined {
  const pod = objectAt(value, 'spec')
  const ofPod = cpuIn(pod)
  if (ofPod !== undefined) return ofPod
  const containers = pod['containers']
  const requests = Array.isArray(containers) ? (containers as readonly Json[]).map(cpuIn) : []
  return requests.reduce<number | undefined>(
    (sum, request) => (sum === undefined || request === undefined ? undefined : sum + request),
    requests.length === 0 ? undefined : 0,
  )
}

/** A limit alone is a request, too. */
function cpuIn(owner: Json): number | undefined {
  const resources = objectAt(owner, 'resources')
  const cpu = objectAt(resources, 'requests')['cpu'] ?? objectAt(resources, 'limits')['cpu']
  return typeof cpu === 'number' || typeof cpu === 'string' ? milliOf(cpu) : undefined
}

function objectAt(value: Json, key: string): JsonObject {
  const found = isJsonObject(value) ? value[key] : undefined
  return isJsonObject(found) ? found : {}
}

/** Rounded up, as the API rounds them; undefined for what is no quantity. */
export function milliOf(value: string | number): number | undefined {
  const amount = parseQuantity(value)
  // Floating point makes 250.00000000000003 of 250m.
  return amount === undefined ? undefined : Math.ceil(Number((amount * 1000).toPrecision(12)))
}
