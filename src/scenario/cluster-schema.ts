// The part of a scenario file about the cluster: where pods run, and how long things take there.
import { z } from 'zod'
import { type ClusterSpec, type MemorySpec, type NodeSpec, nodeNames } from './cluster-spec.js'
import { memoryGrowth } from './fault-units.js'
import { limits } from './limits.js'
import { type Percentiles, percentilesFrom } from './percentiles.js'
import { aDuration, quantity } from './quantity.js'
import { ALWAYS, checkPercentiles, complain, valueAt } from './schema-checks.js'
import { bytes } from './units.js'

const delay = (doc: string) =>
  z
    .union([
      aDuration('Always the same.'),
      z
        .strictObject({
          p50: aDuration('Half of them take at most this long.', { positive: true }).optional(),
          p99: aDuration('99 in 100 take at most this long.', { positive: true }).optional(),
        })
        .superRefine(checkPercentiles, ALWAYS)
        .describe('Drawn anew each time, log-normally (p99 five times p50).'),
    ])
    .describe(doc)
    .optional()

const podCount = (doc: string) => z.int().min(0).max(limits.replicas).describe(doc)

const node = z
  .strictObject({
    name: z.string().min(1).describe('Its name, as faults and metrics have it.'),
    zone: z.string().min(1).describe('The zone that it is in (default: none).').optional(),
    pods: podCount('How many pods of the workload it has room for (default 110).').optional(),
  })
  .describe('A machine that pods run on.')

export const cluster = z
  .strictObject({
    nodes: z
      .union([
        z.int().min(1).max(limits.scenarioListItems).describe('So many alike: node-1, node-2, …'),
        z
          .array(node)
          .min(1)
          .max(limits.scenarioListItems)
          .superRefine(checkNodes, ALWAYS)
          .describe('Each by its name.'),
      ])
      .describe('The machines that pods run on, spread over zones and nodes (default: nobody tells them apart).')
      .optional(),
    schedule: delay('How long it takes until a new pod has a node (default 0s).'),
    pull: delay('How long a node pulls an image that it does not have; without nodes every pod pulls (default 0s).'),
    endpoints: z
      .strictObject({
        add: delay('From the readiness of a pod until it is sent requests (default 0s).'),
        remove: delay('From the end of its readiness, or its deletion, until it is sent none (default 0s).'),
      })
      .describe('How soon those who send requests hear of pods.')
      .optional(),
    quota: z
      .strictObject({ pods: podCount('How many pods there may be at once, those that are ending included.') })
      .describe('What the namespace may have (default: anything).')
      .optional(),
    preStop: aDuration('How long preStop hooks take that do not just sleep (default 0s).').optional(),
  })
  .describe('The cluster that pods live in (default: one in which nothing takes time but the start of a pod).')

export const memory = z
  .union([
    quantity(bytes, { doc: 'Always the same.', positive: true }),
    z
      .strictObject({
        base: quantity(bytes, { doc: 'What it uses when it starts.', positive: true }),
        growth: quantity(memoryGrowth, { doc: 'How fast that grows from there (default: not).' }).optional(),
        perRequest: quantity(bytes, {
          doc: 'What each request that it serves leaves behind (default: nothing).',
        }).optional(),
        limit: quantity(bytes, {
          doc: 'Where the kernel kills it, and it starts anew (default: `resources.limits.memory` of the manifest).',
          positive: true,
        }).optional(),
      })
      .describe('What grows, and ends at a limit.'),
  ])
  .describe('Memory that a pod uses: what container_memory_working_set_bytes shows (default: unknown).')

type DelayFields = number | { readonly p50?: number | undefined; readonly p99?: number | undefined } | undefined

/** Room for so many pods is the kubelet's default (maxPods). */
const defaultRoom = 110

export function clusterFrom({
  nodes = [],
  schedule,
  pull,
  endpoints,
  quota,
  preStop,
}: z.output<typeof cluster>): ClusterSpec {
  const written: readonly z.output<typeof node>[] =
    typeof nodes === 'number' ? nodeNames(nodes).map((name) => ({ name })) : nodes
  return {
    nodes: written.map(({ name, zone, pods }): NodeSpec => ({ name, zone: zone ?? '', pods: pods ?? defaultRoom })),
    schedule: delayFrom(schedule),
    pull: delayFrom(pull),
    endpoints: {
      add: delayFrom(endpoints?.add),
      ...(endpoints?.remove === undefined ? {} : { remove: delayFrom(endpoints.remove) }),
    },
    mostPods: quota?.pods ?? Number.POSITIVE_INFINITY,
    preStopMs: preStop ?? 0,
  }
}

export function memoryFrom(fields: z.output<typeof memory> | undefined): MemorySpec | undefined {
  if (fields === undefined) return undefined
  if (typeof fields === 'number')
    return { baseBytes: fields, growthBytesPerMs: 0, limitBytes: Number.POSITIVE_INFINITY }
  const { base, growth, perRequest, limit } = fields
  return {
    baseBytes: base,
    growthBytesPerMs: growth ?? 0,
    ...(perRequest === undefined ? {} : { perRequestBytes: perRequest }),
    limitBytes: limit ?? Number.POSITIVE_INFINITY,
  }
}

function delayFrom(written: DelayFields): Percentiles {
  return percentilesFrom(written, { p50Ms: 0, p99Ms: 0 })
}

function checkNodes(nodes: unknown, context: z.core.$RefinementCtx<unknown>): void {
  if (!Array.isArray(nodes) || nodes.length > limits.scenarioListItems) return
  const names: unknown[] = nodes.map((each) => valueAt(each, 'name'))
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string' || names.indexOf(name) === index) continue
    complain(context, [index, 'name'], `there are two nodes ${name}`, 'Nodes are told apart by their names.')
  }
}
