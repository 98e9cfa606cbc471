// A fault in plain words.
import { expect, test } from 'vitest'
import { faultWords, struckBy } from '../../src/run/fault-words.js'
import type { FaultEffect, FaultSelector } from '../../src/scenario/faults.js'

const when = { after: 'release', onsetMs: 0, rampMs: 0 } as const
const both: FaultSelector = { version: 'both' }

test.each<[FaultSelector, FaultEffect, string]>([
  [
    { version: 'canary', pods: { count: 1 }, node: 'n1', zone: 'a' },
    { kind: 'errors', ratio: 0.05, status: 502, abovePerSecond: 80 },
    '1 pod of canary on node n1 in zone a: 5% errors (502) above 80/s a pod',
  ],
  [
    { version: 'both', route: 'checkout', segment: { plan: 'paid' }, shareRatio: 0.1 },
    { kind: 'hang', ratio: 1 },
    'both versions on route checkout for plan paid in 10% of requests: no answers',
  ],
  [
    { version: 'stable', dependency: 'payments' },
    { kind: 'latency', change: { kind: 'add', ms: 200 } },
    'stable when calling payments: latency +200ms',
  ],
  [
    { version: 'canary', pods: { ratio: 0.3 } },
    { kind: 'cpu-theft', ratio: 0.6 },
    '30% of the pods of canary: a noisy neighbour takes 60% of the CPU',
  ],
  [
    { version: 'canary' },
    { kind: 'leak', bytesPerMs: (5 * 2 ** 20) / 60_000, limitBytes: 2 ** 29 },
    'canary: memory leaks 5Mi a minute up to 512Mi',
  ],
  [
    { version: 'canary' },
    { kind: 'leak', bytesPerMs: 1e5 / 60_000, limitBytes: 5e8 },
    'canary: memory leaks 97.7Ki a minute up to 476.8Mi',
  ],
  [
    { version: 'canary' },
    { kind: 'leak', bytesPerMs: 600_000, mostBytes: 6e8, endsWithContainer: true },
    'canary: takes 572.2Mi of memory',
  ],
  [{ version: 'canary' }, { kind: 'kill', what: 'container', graceMs: 0 }, 'canary: containers are killed'],
  [{ version: 'both', zone: 'a' }, { kind: 'node-loss' }, 'zone a: nodes are lost'],
  [both, { kind: 'quota' }, 'the namespace: quota exhausted'],
  [
    { version: 'canary' },
    { kind: 'poison', records: 50_000, status: 500, recoveryMs: 600_000 },
    'canary: poisons 50k shared records, well again after 10m on average',
  ],
  [
    { version: 'stable' },
    { kind: 'skew', ratio: 0.3, status: 500, while: 'mixed' },
    "stable: 30% errors from the other version's schema while both versions serve",
  ],
  [{ version: 'both', route: 'checkout' }, { kind: 'traffic', factor: 3 }, 'traffic on route checkout: x3'],
  [{ version: 'gateway' }, { kind: 'metrics', how: 'delayed', delayMs: 120_000 }, 'gateway: metrics late by 2m'],
  [both, { kind: 'prometheus', how: 'down' }, 'Prometheus: down'],
  [both, { kind: 'controller', how: 'slow', delayMs: 30_000 }, 'the controller: slow by 30s'],
  [both, { kind: 'api-server', how: 'down', delayMs: 0 }, 'the API server: down'],
])('%j %j', (on, effect, words) => {
  const fault = { on, when, effect }
  expect(`${struckBy(fault)}: ${faultWords(fault)}`).toBe(words)
})
