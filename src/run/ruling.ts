// Rules in a flight: when their groups are evaluated, and who hears of their alerts.
import type { Loop } from '../kernel/loop.js'
import type { Tape } from '../kernel/random.js'
import { formatJsonFloat } from '../metrics/float.js'
import type { Alert, TellAlert } from '../metrics/rules/alert.js'
import type { Evaluation } from '../metrics/rules/evaluation.js'
import type { AlertingRule } from '../metrics/rules/rule.js'
import type { GroupState, Ruler } from '../metrics/rules/ruler.js'
import type { Page } from '../scenario/people.js'
import type { RulingEntry } from './timeline.js'

/** Who wants to know of alerts. */
export interface Listener {
  /** Some have begun to fire, or ceased. */
  alerted(): void
  told(entry: RulingEntry): void
}

/** What a scrape of the same instant has brought is seen. */
const evaluationPriority = 31

export class Ruling {
  private isNews = false
  /** Rules whose failure has been told. */
  private readonly failed = new Set<Evaluation>()

  constructor(
    private readonly ruler: Ruler,
    private readonly loop: Loop,
    private readonly listener: Listener,
    /** Whether Prometheus evaluates anything now; alerts stay as they are meanwhile. */
    private readonly isUp: () => boolean,
  ) {}

  /**
   * Prometheus spreads its groups over their intervals by a hash of file and name: when a release comes in between is
   * chance.
   */
  begin(tape: Tape, clockAt: (timeMs: number) => number): void {
    const { ruler, loop } = this
    const evaluate = loop.handler((index) => {
      const group = ruler.groups[index]!
      if (this.isUp()) {
        group.evaluate(clockAt(loop.now), this.tell)
        this.tellFailures(group)
      }
      loop.at(loop.now + group.intervalMs, evaluationPriority, evaluate, index)
      if (!this.isNews) return
      this.isNews = false
      this.listener.alerted()
    })
    for (const [index, { group, intervalMs }] of ruler.groups.entries()) {
      const phase = tape.stream('rules', `${group.file};${group.name}`).uniform()
      const firstMs = Math.floor(phase * intervalMs)
      const missed = Math.max(0, Math.ceil((loop.now - firstMs) / intervalMs))
      loop.at(firstMs + missed * intervalMs, evaluationPriority, evaluate, index)
    }
  }

  /** What has come before it nobody was told: alerts that fire, and rules whose last evaluation failed. */
  released(): void {
    const { ruler } = this
    for (const { rule, alerts } of ruler.alerting) {
      for (const alert of alerts.firing) this.listener.told(entryOf(rule, alert, 'standing'))
    }
    this.failed.clear()
    for (const group of ruler.groups) this.tellFailures(group)
  }

  /** Pending or firing. */
  get active(): readonly Alert[] {
    const alerts = this.ruler.alerting.flatMap((rule) => [...rule.alerts.all])
    return alerts.filter(({ state }) => state !== 'inactive')
  }

  isFiring({ alert, labels }: Page): boolean {
    return this.ruler.alerting.some(
      ({ rule, alerts }) => rule.name === alert && alerts.firing.some((each) => hasAll(each, labels)),
    )
  }

  private readonly tell: TellAlert = (rule, alert, change) => {
    if (change === 'firing' || change === 'resolved') this.isNews = true
    this.listener.told(entryOf(rule, alert, change))
  }

  /** Once a rule: most of those that fail do so every time. */
  private tellFailures({ group, rules }: GroupState): void {
    for (const each of rules) {
      if (each.health !== 'err' || this.failed.has(each)) continue
      this.failed.add(each)
      this.listener.told({ what: 'rule', rule: each.rule.name, group: group.name, error: each.lastError })
    }
  }
}

type AlertEntry = Extract<RulingEntry, { what: 'alert' }>

function entryOf({ name }: AlertingRule, { labels, value }: Alert, change: AlertEntry['change']): RulingEntry {
  const { alertname: _, ...others } = labels.toRecord()
  return { what: 'alert', alert: name, change, labels: others, value: formatJsonFloat(value) }
}

function hasAll(alert: Alert, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => alert.labels.get(name) === value)
}
