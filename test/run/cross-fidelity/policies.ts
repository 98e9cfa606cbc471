// Random policies: canaries with a router and without, and blue-green, with what they measure.
import { rollout } from '../plans.js'
import type { Dice } from './dice.js'

export type Kind = 'routed' | 'plain' | 'blue-green'

/** Its checks have a limit near an error ratio, so that it takes chance to pass or to fail. */
export function policyOf(dice: Dice, kind: Kind, canSeeHeaders: boolean, errorRatio: number): string {
  const analysis = templateOf(dice, kind, errorRatio)
  const hasAnalysis = dice.chance(0.85)
  const asked = '{templates: [{templateName: judge}], args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}]}'
  const replicas = dice.whole(2, 8)
  if (kind === 'blue-green') return `${blueGreen(dice, replicas, hasAnalysis ? asked : undefined)}${analysis}`
  const isInline = dice.chance(0.4)
  const steps: string[] = []
  if (canSeeHeaders && dice.chance(0.6)) {
    steps.push(
      '{setCanaryScale: {replicas: 1}}',
      '{setHeaderRoute: {name: beta, match: [{headerName: X-Plan, headerValue: {exact: paid}}]}}',
      `{pause: {duration: ${dice.seconds(30, 90)}}}`,
      '{setCanaryScale: {matchTrafficWeight: true}}',
    )
  }
  const weights = Array.from({ length: dice.whole(1, 3) }, () => dice.whole(3, 70)).sort((a, b) => a - b)
  for (const weight of weights) {
    steps.push(`{setWeight: ${weight}}`, `{pause: {duration: ${dice.seconds(60, 150)}}}`)
    if (hasAnalysis && isInline) steps.push(`{analysis: ${asked}}`)
  }
  const background =
    hasAnalysis && !isInline ? `analysis: ${asked.replace(/\}$/, `, startingStep: ${dice.whole(0, 2)}}`)}, ` : ''
  const written = rollout(replicas, `${background}steps: [${steps.join(', ')}]`, kind === 'routed')
  const managed = written.replace('trafficRouting: {', 'trafficRouting: {managedRoutes: [{name: beta}], ')
  return `${managed}${analysis.replace('COUNT', isInline ? `count: ${dice.whole(2, 4)}` : '')}`
}

function blueGreen(dice: Dice, replicas: number, analysis: string | undefined): string {
  const judged = analysis ? `, postPromotionAnalysis: ${analysis}` : ''
  const strategy = `blueGreen: {activeService: shop, autoPromotionSeconds: ${dice.whole(20, 90)}, scaleDownDelaySeconds: ${dice.whole(30, 300)}${judged}}`
  return rollout(replicas, '', false).replace(/canary: \{.*\}/, strategy)
}

function templateOf(dice: Dice, kind: Kind, errorRatio: number): string {
  const window = dice.among(['30s', '1m', '2m'])
  const times = `interval: ${dice.among(['10s', '20s', '30s'])}
      initialDelay: ${dice.among(['0s', '15s', '45s'])}
      failureLimit: ${dice.whole(0, 2)}
      ${kind === 'blue-green' ? `count: ${dice.whole(3, 8)}` : 'COUNT'}`
  const [requests, bucket, seconds, bad] =
    kind === 'routed'
      ? [
          'istio_requests_total{destination_service_name="shop-canary"',
          'istio_request_duration_milliseconds_bucket{destination_service_name="shop-canary"',
          1000,
          'response_code=~"5.*"',
        ]
      : [
          'http_requests_total{rollouts_pod_template_hash="{{args.hash}}"',
          'http_request_duration_seconds_bucket{rollouts_pod_template_hash="{{args.hash}}"',
          1,
          'code=~"5.."',
        ]
  const all = `sum(rate(${requests}}[${window}]))`
  const [query, limit] = dice.chance(0.65)
    ? [
        `(sum(rate(${requests},${bad}}[${window}])) or vector(0)) / ${all}`,
        Math.max(0.004, errorRatio * dice.between(0.75, 1.1)).toFixed(4),
      ]
    : [`histogram_quantile(0.99, sum(rate(${bucket}}[${window}])) by (le))`, dice.among([0.2, 0.4, 0.8, 1.2]) * seconds]
  return `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: judge}
spec:
  args: [{name: hash}]
  metrics:
    - name: judge
      ${times}
      successCondition: len(result) == 0 || isNaN(result[0]) || result[0] < ${limit}
      provider: {prometheus: {address: "http://prometheus:9090", query: ${JSON.stringify(query)}}}
`
}
