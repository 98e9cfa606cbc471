// From a TraefikService that a Rollout manages to what it does with requests before the controller writes to it.
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import type { Destination } from '../../world/cluster/objects.js'
import { Fields } from '../fields.js'
import type { CanarySpec } from './rollout-spec.js'

export function readTraefikService(
  manifest: Manifest,
  { canaryService, stableService }: CanarySpec,
  problems: Problems,
): readonly Destination[] {
  const services = Fields.of(manifest, problems).fields('spec')?.fields('weighted')?.list('services') ?? []
  const destinations = services.map((service) => ({
    to: service.text('name') ?? '',
    hash: undefined,
    weight: service.integer('weight') ?? 1,
  }))
  const place = { file: manifest.file, ...manifest.positionOf(['spec']) }
  for (const [role, wanted] of [
    ['canary', canaryService],
    ['stable', stableService],
  ] as const) {
    if (wanted === undefined || destinations.some(({ to }) => to === wanted)) continue
    const hint = 'Without it every pass of the controller fails, from the first deployment on.'
    problems.error('invalid-spec', place, `traefik ${role} service was not found: ${wanted}`, { hint })
  }
  return destinations
}
