// The course of a traffic-routed canary as the reference of Argo Rollouts 1.10.1 tells it (section 5.5): ten replicas,
// setWeight 20, a pause of five minutes, setWeight 50, an analysis; pods start in 20 s, the old ones stay for 30 s.
import { describe, expect, it } from 'vitest'
import { parseCase } from './case.js'
import { play } from './play.js'

const podStartSeconds = 20
const oldPodsStaySeconds = 30

const text = (actions: string, end: string) => `
about: The preconditions of each transition
manifests: |
  apiVersion: v1
  kind: Service
  metadata: {name: stable}
  spec: {selector: {app: demo}}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: canary}
  spec: {selector: {app: demo}}
  ---
  apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata: {name: web}
  spec: {rules: [{http: {paths: [{pathType: Prefix, backend: {service: {name: stable}}}]}}]}
  ---
  apiVersion: argoproj.io/v1alpha1
  kind: AnalysisTemplate
  metadata: {name: check}
  spec: {metrics: [{name: errors, successCondition: "result[0] < 0.3", provider: {prometheus: {address: $METRICS, query: errors}}}]}
  ---
  apiVersion: argoproj.io/v1alpha1
  kind: Rollout
  metadata: {name: demo}
  spec:
    replicas: 10
    selector: {matchLabels: {app: demo}}
    template: {metadata: {labels: {app: demo}}, spec: {containers: [{name: app, image: "demo:v1"}]}}
    strategy:
      canary:
        canaryService: canary
        stableService: stable
        trafficRouting: {nginx: {stableIngress: web}}
        steps: [{setWeight: 20}, {pause: {duration: 5m}}, {setWeight: 50}, {analysis: {templates: [{templateName: check}]}}]
pods: {v1: {ready: 1s}, v2: {ready: ${podStartSeconds}s}}
metrics: [{query: errors, values: [{at: -60s, value: 0.1}]}]
do: [{at: 0s, image: v2}${actions}]
end: ${end}
`

type Line = Record<string, unknown> & { t: number }

describe('A traffic-routed canary', () => {
  const lines = played(text('', '420s'))
  const first = (wanted: Record<string, unknown>, after = 0) => firstOf(lines, wanted, after)

  const t1 = podStartSeconds
  const pauseEnds = t1 + 300
  const t2 = pauseEnds + podStartSeconds
  const t4 = t2 + podStartSeconds

  it('begins with an empty ReplicaSet, step 0 and no weight', () => {
    expect(first({ ReplicaSet: 'demo-r2', spec: 0 })).toBeCloseTo(0, 0)
    expect(first({ Rollout: 'demo', step: 0 })).toBeCloseTo(0, 0)
    expect(first({ ReplicaSet: 'demo-r2', spec: 2 })).toBeCloseTo(0, 0)
  })

  it('sets 20 % once both pods are available, and then pauses', () => {
    expect(first({ Ingress: 'demo-web-canary', canary: { canary: 'true', 'canary-weight': '20' } })).toBeCloseTo(t1, 0)
    expect(first({ Rollout: 'demo', step: 1 })).toBeCloseTo(t1, 0)
    expect(
      first({ Rollout: 'demo', message: 'CanaryPauseStep', pauses: [{ reason: 'CanaryPauseStep', start: t1 }] }),
    ).toBeCloseTo(t1, 0)
  })

  it('ends the pause 300 s after the whole second in which it began; traffic stays at 20 %', () => {
    expect(first({ Rollout: 'demo', step: 2 })).toBeCloseTo(pauseEnds, 0)
    expect(first({ ReplicaSet: 'demo-r2', spec: 5 })).toBeCloseTo(pauseEnds, 0)
    expect(first({ Rollout: 'demo', weights: { canary: 50, stable: 50 } })).toBeCloseTo(t2, 0)
  })

  it('measures at once when the weight is 50 %, and goes on with traffic as it is', () => {
    expect(first({ query: 'errors' })).toBeCloseTo(t2, 0)
    expect(first({ Rollout: 'demo', step: 4 }, t2)).toBeCloseTo(t2, 0)
    expect(first({ ReplicaSet: 'demo-r2', spec: 10 })).toBeCloseTo(t2, 0)
  })

  it('promotes in the write that sets 100 %, when all ten pods are available', () => {
    const promoted = lines.find((line) => line['Rollout'] === 'demo' && line['stable'] === 'r2')!
    expect(promoted.t).toBeCloseTo(t4, 0)
    expect(promoted['weights']).toEqual({ canary: 100, stable: 0 })
  })

  it('then points the stable Service at the new version, and the weight is 0 again', () => {
    expect(first({ Service: 'stable', selects: 'r2' })).toBeCloseTo(t4, 0)
    expect(first({ Rollout: 'demo', weights: { canary: 0, stable: 100 } }, t4)).toBeCloseTo(t4, 0)
    expect(first({ Rollout: 'demo', phase: 'Healthy' }, t4)).toBeCloseTo(t4, 0)
  })

  it('keeps the old pods for 30 s, and is condition Healthy only when they are gone', () => {
    expect(first({ ReplicaSet: 'demo-r1', spec: 0 })).toBeCloseTo(t4 + oldPodsStaySeconds, 0)
    const healthy = lines.find(
      (line) =>
        line.t > t4 - 1 &&
        (line['conditions'] as string[] | undefined)?.includes('Healthy | True | RolloutHealthy | Rollout is healthy'),
    )
    expect(healthy?.t).toBeCloseTo(t4 + oldPodsStaySeconds, 0)
  })
})

describe('An abort while it pauses', () => {
  const lines = played(text(', {at: 100s, argo: abort demo}', '140s'))

  it('sets the weight to 0 in the same pass, and removes the canary 30 s later', () => {
    const aborted = lines.find((line) => line['Rollout'] === 'demo' && line['phase'] === 'Degraded')!
    expect(aborted).toMatchObject({ step: 0, weights: { canary: 0, stable: 100 } })
    expect(aborted.t).toBeCloseTo(100, 0)
    expect(firstOf(lines, { ReplicaSet: 'demo-r2', spec: 0 }, 1)).toBeCloseTo(130, 0)
  })
})

function played(caseText: string): readonly Line[] {
  const [, ...lines] = play('routed-canary', parseCase(caseText)).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Line)
}

/** When a line first says all that is wanted. */
function firstOf(lines: readonly Line[], wanted: Record<string, unknown>, after: number): number | undefined {
  const says = (line: Line) =>
    Object.entries(wanted).every(([key, value]) => JSON.stringify(line[key]) === JSON.stringify(value))
  return lines.find((line) => line.t >= Math.max(0, after - 0.5) && says(line))?.t
}
