// What an autoscaler remembers, and how it tempers what the metrics ask for: stabilisation windows and rates of change.
import type { AutoscalerSpec, Behavior, ScalingRules } from './autoscaler-spec.js'

interface Noted {
  readonly atMs: number
  readonly replicas: number
}

/** Without a behavior, sizes fall to the highest recommendation of so long only. */
const defaultWindowMs = 300_000

export class ScalingHistory {
  private recommendations: readonly Noted[] = []
  /** By how much the size was changed, when there are rules about that. */
  private added: readonly Noted[] = []
  private removed: readonly Noted[] = []

  /** The size there is when the controller first looks counts as its first recommendation. */
  begin(current: number, nowMs: number): void {
    if (this.recommendations.length === 0) this.recommendations = [{ atMs: nowMs, replicas: current }]
  }

  /** The size to be set, from the one there is and the one the metrics ask for. */
  temper(spec: AutoscalerSpec, current: number, wanted: number, nowMs: number): number {
    const { behavior } = spec
    return behavior
      ? this.limitRate(spec, behavior, current, this.stabilizeBoth(behavior, current, wanted, nowMs), nowMs)
      : limit(spec, current, this.stabilizeDown(wanted, nowMs))
  }

  /** Takes down a change of the size. */
  scaled({ behavior }: AutoscalerSpec, from: number, to: number, nowMs: number): void {
    if (!behavior) return
    if (to > from) this.added = [...this.added, { atMs: nowMs, replicas: to - from }]
    else this.removed = [...this.removed, { atMs: nowMs, replicas: from - to }]
  }

  private stabilizeDown(wanted: number, nowMs: number): number {
    const kept = this.recommendations.filter(({ atMs }) => atMs >= nowMs - defaultWindowMs)
    this.recommendations = [...kept, { atMs: nowMs, replicas: wanted }]
    return highest(this.recommendations, wanted)
  }

  private stabilizeBoth({ scaleUp, scaleDown }: Behavior, current: number, wanted: number, nowMs: number): number {
    const within = (windowMs: number) => this.recommendations.filter(({ atMs }) => atMs > nowMs - windowMs)
    const up = lowest(within(scaleUp.windowMs), wanted)
    const down = highest(within(scaleDown.windowMs), wanted)
    const kept = within(Math.max(scaleUp.windowMs, scaleDown.windowMs))
    this.recommendations = [...kept, { atMs: nowMs, replicas: wanted }]
    return Math.min(Math.max(current, up), down)
  }

  private limitRate(
    { minReplicas, maxReplicas }: AutoscalerSpec,
    { scaleUp, scaleDown }: Behavior,
    current: number,
    wanted: number,
    nowMs: number,
  ): number {
    if (wanted > current) {
      const rate = this.bound(scaleUp, current, nowMs, 1)
      return Math.min(wanted, maxReplicas, Math.max(current, rate))
    }
    if (wanted === current) return wanted
    const rate = this.bound(scaleDown, current, nowMs, -1)
    return Math.max(wanted, minReplicas, Math.min(current, rate))
  }

  /** How far the policies let the size go: the one that lets it go furthest, or least far. */
  private bound({ select, policies }: ScalingRules, current: number, nowMs: number, direction: 1 | -1): number {
    if (select === 'Disabled') return current
    const bounds = policies.map(({ type, value, periodMs }) => {
      const changeOf = (changes: readonly Noted[]) =>
        changes.reduce((sum, { atMs, replicas }) => (atMs > nowMs - periodMs ? sum + replicas : sum), 0)
      const before = current - changeOf(this.added) + changeOf(this.removed)
      if (type === 'Pods') return before + direction * value
      const scaled = before * (1 + (direction * value) / 100)
      return direction > 0 ? Math.ceil(scaled) : Math.trunc(scaled)
    })
    return (select === 'Max') === direction > 0 ? Math.max(...bounds) : Math.min(...bounds)
  }
}

/** No more than twice as many at once, or four. */
function limit({ minReplicas, maxReplicas }: AutoscalerSpec, current: number, wanted: number): number {
  const most = Math.min(maxReplicas, Math.max(2 * current, 4))
  return wanted < minReplicas ? minReplicas : Math.min(wanted, most)
}

function highest(noted: readonly Noted[], wanted: number): number {
  return noted.reduce((most, { replicas }) => Math.max(most, replicas), wanted)
}

function lowest(noted: readonly Noted[], wanted: number): number {
  return noted.reduce((least, { replicas }) => Math.min(least, replicas), wanted)
}
