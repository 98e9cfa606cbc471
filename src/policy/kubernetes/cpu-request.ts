// The CPU that a pod requests, as autoscalers count it: in thousandths of a core.
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
import { parseMilli } from '../api/quantity.js'
import type { ManifestTemplate } from '../pod-template.js'

/** Of the pod as a whole, or of all its containers; undefined unless each of them says. */
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
  return parseMilli(objectAt(resources, 'requests')['cpu'] ?? objectAt(resources, 'limits')['cpu'] ?? null)
}

function objectAt(value: Json, key: string): JsonObject {
  const found = isJsonObject(value) ? value[key] : undefined
  return isJsonObject(found) ? found : {}
}
