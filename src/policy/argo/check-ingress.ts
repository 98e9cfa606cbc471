// An Ingress that a Rollout manages must send requests to the stable Service: the canary's Ingress is a copy of it.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { Fields } from '../fields.js'
import type { Found } from './find-references.js'
import { invalidValue } from './refusal.js'

export function checkIngress({ manifest, path }: Found, stableService: string, problems: Problems): void {
  const spec = Fields.of(manifest, problems).fields('spec')
  const backends = (spec?.list('rules') ?? [])
    .flatMap((rule) => rule.fields('http')?.list('paths') ?? [])
    .map((backend) => backend.fields('backend')?.fields('service')?.text('name'))
  if (backends.includes(stableService)) return
  const place = placeOf(manifest, ['spec', 'rules'])
  const message = `ingress \`${manifest.name}\` has no rules using service ${stableService} backend`
  problems.error('ingress-unfit', place, message, {
    hint: 'A default backend alone is not enough.',
    verbatim: invalidValue(path, manifest.name, message),
  })
}

/** Routes that steps add are annotations, which the controller can't add where there are none (argo-rollouts 1.10.1). */
export function checkAlbAnnotations(manifest: Manifest, problems: Problems): void {
  const annotations = Fields.of(manifest, problems).fields('metadata')?.fields('annotations')
  if (annotations && annotations.keys().length > 0) return
  const place = placeOf(manifest, ['metadata'])
  const message = `ingress ${manifest.name} has no annotations: with managedRoutes the controller panics in every pass`
  problems.error('alb-without-annotations', place, message, {
    hint: 'Give it one, such as kubernetes.io/ingress.class: alb.',
  })
}
