// The blueGreen strategy of a Rollout's manifest.
import type { Fields } from '../fields.js'
import { checkAffinity } from './check-affinity.js'
import { readAnalysisRequest } from './read-analysis.js'
import { atLeastZero, defaultDelaySeconds, stuckBelowZero } from './read-number.js'
import { tellInvalid } from './refusal.js'
import type { BlueGreenSpec } from './rollout-spec.js'

export function readBlueGreen(strategy: Fields, revisionHistoryLimit: number): BlueGreenSpec | undefined {
  const fields = strategy.fields('blueGreen')
  if (!fields) return undefined
  const pre = fields.fields('prePromotionAnalysis')
  const post = fields.fields('postPromotionAnalysis')
  const abortDelaySeconds = atLeastZero(fields, 'abortScaleDownDelaySeconds') ?? defaultDelaySeconds
  const spec: BlueGreenSpec = {
    activeService: fields.text('activeService') ?? '',
    previewService: fields.text('previewService') || undefined,
    previewReplicaCount: stuckBelowZero(fields, 'previewReplicaCount'),
    maxUnavailable: fields.intOrText('maxUnavailable'),
    autoPromotes: fields.flag('autoPromotionEnabled') ?? true,
    autoPromotionMs: (stuckBelowZero(fields, 'autoPromotionSeconds') ?? 0) * 1000,
    prePromotion: pre && readAnalysisRequest(pre),
    postPromotion: post && readAnalysisRequest(post),
    scaleDownDelayMs: (atLeastZero(fields, 'scaleDownDelaySeconds') ?? defaultDelaySeconds) * 1000,
    isScaleDownDelayWritten: fields.has('scaleDownDelaySeconds'),
    scaleDownDelayRevisionLimit: fields.integer('scaleDownDelayRevisionLimit') ?? Number.POSITIVE_INFINITY,
    abortScaleDownDelayMs: abortDelaySeconds * 1000 || undefined,
  }
  if (fields.has('activeService')) checkActiveService(fields, spec)
  if (spec.scaleDownDelayRevisionLimit > revisionHistoryLimit && fields.has('scaleDownDelayRevisionLimit')) {
    const detail = "This rollout's revision history limit can not be smaller than the rollout's scale down limit"
    tellInvalid(fields, 'scaleDownDelayRevisionLimit', spec.scaleDownDelayRevisionLimit, { detail })
  }
  checkAffinity(fields)
  fields.irrelevant('activeMetadata', 'previewMetadata')
  fields.end()
  return spec
}

function checkActiveService(fields: Fields, { activeService, previewService = '' }: BlueGreenSpec): void {
  if (activeService === previewService) {
    const detail =
      'This rollout uses the same service for the active and preview services, but two different services are required.'
    tellInvalid(fields, 'activeService', activeService, { detail })
  } else if (activeService === '') {
    const hint = 'A real rollout hangs without a status here; only the log of the controller tells.'
    fields.error('activeService', 'empty-active-service', 'service "" not found', { hint, verbatim: '' })
  }
}
