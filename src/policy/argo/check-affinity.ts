// What a strategy adds to its pods, which no decision depends on: it is looked at as the controller looks at it, and left.
import type { Fields } from '../fields.js'
import { tellInvalid } from './refusal.js'

const kinds = ['preferredDuringSchedulingIgnoredDuringExecution', 'requiredDuringSchedulingIgnoredDuringExecution']

export function checkAffinity(strategy: Fields): void {
  const affinity = strategy.fields('antiAffinity')
  if (!affinity) return
  if (kinds.filter((kind) => affinity.has(kind)).length !== 1) {
    const given = kinds.map((kind) => `antiAffinity.${kind[0]!.toUpperCase()}${kind.slice(1)}: ${affinity.has(kind)}`)
    tellInvalid(strategy, 'antiAffinity', given.join(' '), {
      detail: 'AntiAffinity must have exactly one strategy listed',
    })
  }
  const preferred = affinity.fields(kinds[0]!)
  const weight = preferred?.integer('weight') ?? 0
  if (preferred && (weight < 1 || weight > 100)) {
    const path = 'spec.strategy.antiAffinity.weight'
    tellInvalid(preferred, 'weight', weight, { path, detail: 'AntiAffinity weight must be between 1-100' })
  }
  preferred?.end()
  affinity.end()
}
