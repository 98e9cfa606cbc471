// Quantities of Kubernetes, such as `250m`, `1.5` or `2k`, in thousandths.
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
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
  const [, digits, suffix] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|[eE][+-]?\d+)?$/.exec(String(value)) ?? []
  if (digits === undefined) return undefined
  const exponent = /^[eE][+-]?\d+$/.test(suffix ?? '') ? Number(suffix!.slice(1)) : undefined
  const scale = exponent === undefined ? scales[suffix ?? '']! : 10 ** exponent
  return Math.ceil(Number((Number(digits) * scale * 1000).toPrecision(12)))
}

const scales: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}
