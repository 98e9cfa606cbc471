// Kayenta: judges on its own and gives a score; the conditions of the metric have no say.
import { goDurationError } from '../../../scenario/go-duration.js'
import type { KayentaTemplate } from './provider.js'

export function phaseOfScore({ pass, marginal }: KayentaTemplate, score: number) {
  if (score >= pass) return 'Successful'
  return score >= marginal ? 'Inconclusive' : 'Failed'
}

export function kayentaComplaint(kayenta: KayentaTemplate, interval: string): string | undefined {
  for (const { control, experiment } of kayenta.scopes) {
    for (const end of ['start', 'end'] as const) {
      if ((control[end] === '') === (experiment[end] === '')) continue
      return `controlScope.${end} and experimentScope.${end} must both be set or be empty`
    }
    if (control.start !== '' || kayenta.isLookingBack) continue
    const error = goDurationError(interval)
    if (error !== undefined) return `Invalid duration ${JSON.stringify(interval)}: ${error}`
  }
  return undefined
}
