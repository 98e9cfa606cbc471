// Alerts of one rule: from the first time its query finds something until long after it no longer does.
import type { Labels } from '../labels.js'
import type { AlertingRule } from './rule.js'

export type AlertState = 'inactive' | 'pending' | 'firing'

/** Times are what Prometheus' clock shows. */
export interface Alert {
  /** With `alertname`, without the name of the series it came from. */
  readonly labels: Labels
  annotations: Readonly<Record<string, string>>
  /** Of the query, when it last found the alert. */
  value: number
  state: AlertState
  readonly activeAtMs: number
  firedAtMs: number | undefined
  resolvedAtMs: number | undefined
  /** Since when only keep_firing_for holds it. */
  keepFiringSinceMs: number | undefined
}

/** What an alert has come to: `resolved` after it fired, `gone` after it had been pending only. */
export type AlertChange = 'pending' | 'firing' | 'resolved' | 'gone'

export type TellAlert = (rule: AlertingRule, alert: Alert, change: AlertChange) => void

/** What the query finds: an alert to be, or the newest of one that is. */
export type Found = Pick<Alert, 'labels' | 'annotations' | 'value'>

/** So long a resolved alert is kept, for an Alertmanager that was not listening. */
const RESOLVED_RETENTION_MS = 15 * 60_000

export class Alerts {
  /** By label set; the resolved ones too, for a while. */
  readonly #known = new Map<Labels, Alert>()

  constructor(private readonly rule: AlertingRule) {}

  /** Pending and firing ones, and those that resolved less than 15 minutes ago. */
  get all(): Iterable<Alert> {
    return this.#known.values()
  }

  get firing(): readonly Alert[] {
    return [...this.#known.values()].filter(({ state }) => state === 'firing')
  }

  clear(): void {
    this.#known.clear()
  }

  /** Those that are active after an evaluation that found these. */
  update(found: ReadonlyMap<Labels, Found>, timeMs: number, tell: TellAlert): readonly Alert[] {
    for (const each of found.values()) this.#meet(each, timeMs)
    const active: Alert[] = []
    for (const alert of [...this.#known.values()]) {
      const before = alert.firedAtMs === undefined && alert.activeAtMs === timeMs ? 'inactive' : alert.state
      const isActive = this.#advance(alert, found.has(alert.labels), timeMs)
      if (isActive) active.push(alert)
      if (alert.state !== before) tell(this.rule, alert, changeOf(before, alert.state))
    }
    return active
  }

  /** Forgets all, as Prometheus does when there are more than the group's limit. */
  drop(tell: TellAlert): void {
    for (const alert of this.#known.values()) {
      if (alert.state !== 'inactive') tell(this.rule, alert, changeOf(alert.state, 'inactive'))
    }
    this.#known.clear()
  }

  #meet({ labels, annotations, value }: Found, timeMs: number): void {
    const known = this.#known.get(labels)
    if (known !== undefined && known.state !== 'inactive') {
      known.annotations = annotations
      known.value = value
      return
    }
    this.#known.set(labels, {
      labels,
      annotations,
      value,
      state: 'pending',
      activeAtMs: timeMs,
      firedAtMs: undefined,
      resolvedAtMs: undefined,
      keepFiringSinceMs: undefined,
    })
  }

  /** False once it is neither pending nor firing. */
  #advance(alert: Alert, isFound: boolean, timeMs: number): boolean {
    const { forMs } = this.rule
    if (isFound) alert.keepFiringSinceMs = undefined
    else if (!this.#keepsFiring(alert, timeMs)) {
      const { state, resolvedAtMs } = alert
      const isOld = resolvedAtMs !== undefined && timeMs - resolvedAtMs > RESOLVED_RETENTION_MS
      if (state === 'pending' || isOld) this.#known.delete(alert.labels)
      if (state !== 'inactive') {
        alert.state = 'inactive'
        alert.resolvedAtMs = timeMs
      }
      return false
    }
    if (alert.state === 'pending' && timeMs - alert.activeAtMs >= forMs) {
      alert.state = 'firing'
      alert.firedAtMs = timeMs
    }
    return true
  }

  #keepsFiring(alert: Alert, timeMs: number): boolean {
    const { keepFiringForMs } = this.rule
    if (alert.state !== 'firing' || keepFiringForMs === 0) return false
    alert.keepFiringSinceMs ??= timeMs
    return timeMs - alert.keepFiringSinceMs < keepFiringForMs
  }
}

function changeOf(before: AlertState, after: AlertState): AlertChange {
  if (after !== 'inactive') return after
  return before === 'firing' ? 'resolved' : 'gone'
}
