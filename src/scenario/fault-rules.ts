// What each effect of a fault goes with: whom it can be told to strike, whether it grows, and what else says more of it.
import type { FaultEffect } from './faults.js'

export interface EffectRules {
  /** How its `on` may select; without any, it strikes nobody in particular. */
  readonly selects: readonly SelectorKey[]
  /** Whether it can be there in part. */
  readonly grows?: true
  /** It is over as soon as it has begun. */
  readonly atOnce?: true
  /** Strikes one version, never both. */
  readonly oneVersion?: true
  /** Its time has to be known before the flight. */
  readonly fromRelease?: true
  /** Why it strikes only what it strikes. */
  readonly hint?: string
}

const selectorKeys = ['version', 'pods', 'zone', 'node', 'route', 'segment', 'dependency', 'share'] as const
export type SelectorKey = (typeof selectorKeys)[number]

const answers: EffectRules = { selects: selectorKeys, grows: true }
const pods: EffectRules = { selects: ['version', 'pods', 'zone', 'node'] }
const shared: EffectRules = { selects: ['version', 'route', 'segment', 'share'], oneVersion: true }
const nobody: EffectRules = { selects: [] }

export const effectRules = {
  errors: answers,
  latency: answers,
  hang: answers,
  noisyNeighbour: { ...pods, grows: true },
  crashLoop: pods,
  neverReady: pods,
  leak: pods,
  kill: { ...pods, atOnce: true },
  imagePullFails: { selects: ['version', 'zone', 'node'] },
  nodeLoss: { selects: ['zone', 'node'] },
  quotaExhausted: nobody,
  poison: shared,
  skew: shared,
  traffic: {
    ...nobody,
    grows: true,
    fromRelease: true,
    hint: 'There is more of all of it: `traffic.routes` and `traffic.segments` keep their parts.',
  },
  metrics: { selects: ['version'] },
  prometheus: nobody,
  controller: nobody,
  apiServer: nobody,
} as const satisfies Readonly<Record<string, EffectRules>>

export type EffectName = keyof typeof effectRules

export const effectNames = Object.keys(effectRules) as readonly EffectName[]

/** Fields that say more of an effect, and of which. */
export const modifiers: Readonly<Record<string, readonly EffectName[]>> = {
  status: ['errors', 'poison', 'skew'],
  above: ['errors', 'latency'],
  delay: ['metrics', 'controller', 'apiServer'],
}

/** How the file writes an effect. */
export const nameOfEffect: Readonly<Record<FaultEffect['kind'], EffectName>> = {
  errors: 'errors',
  latency: 'latency',
  hang: 'hang',
  'cpu-theft': 'noisyNeighbour',
  'crash-loop': 'crashLoop',
  'not-ready': 'neverReady',
  leak: 'leak',
  kill: 'kill',
  'image-pull': 'imagePullFails',
  'node-loss': 'nodeLoss',
  quota: 'quotaExhausted',
  poison: 'poison',
  skew: 'skew',
  traffic: 'traffic',
  metrics: 'metrics',
  prometheus: 'prometheus',
  controller: 'controller',
  'api-server': 'apiServer',
}
