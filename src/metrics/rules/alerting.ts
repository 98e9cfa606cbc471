// An alerting rule at work: its alerts, with their templates filled in, and the series that tell of them.
import { type Labels, METRIC_NAME } from '../labels.js'
import { PromqlError } from '../promql/error.js'
import { compile } from '../promql/query.js'
import type { Sample } from '../promql/value.js'
import type { Series } from '../series.js'
import { type AlertData, expand } from '../template/expand.js'
import { type Alert, Alerts, type Found } from './alert.js'
import { ask, Evaluation, type Moment, type Recorder, RuleError, type Written } from './evaluation.js'
import { ALERTS, ALERTS_FOR_STATE, type AlertingRule } from './rule.js'

export class Alerting extends Evaluation {
  readonly alerts: Alerts
  readonly #seriesOf = new Map<Labels, AlertSeries>()

  constructor(
    readonly rule: AlertingRule,
    recorder: Recorder,
  ) {
    super(recorder)
    this.alerts = new Alerts(rule)
  }

  override reset(): void {
    super.reset()
    this.alerts.clear()
  }

  protected override samples({ timeMs, sampleMs, limit, tell }: Moment): readonly Written[] {
    const found = new Map<Labels, Found>()
    for (const sample of ask(this.rule.query, this.recorder.store, sampleMs)) {
      const alert = this.#alertOf(sample, timeMs)
      if (found.has(alert.labels)) {
        throw new RuleError('vector contains metrics with the same labelset after applying alert labels')
      }
      found.set(alert.labels, alert)
    }
    const active = this.alerts.update(found, timeMs, tell)
    if (limit > 0 && active.length > limit) {
      this.alerts.drop(tell)
      throw new RuleError(`exceeded limit of ${limit} with ${active.length} alerts`)
    }
    return active.flatMap((alert) => this.#writtenOf(alert))
  }

  #alertOf({ labels, value }: Sample, timeMs: number): Found {
    const { name, labels: own, annotations } = this.rule
    const { store } = this.recorder
    const record = labels.toRecord()
    const data: AlertData = { ...server, labels: record, value, timeMs, query: (text) => this.#answer(text, timeMs) }
    const { [METRIC_NAME]: _, ...unnamed } = record
    return {
      labels: store.labels.of({ ...unnamed, ...filled(name, own, data), alertname: name }),
      annotations: filled(name, annotations, data),
      value,
    }
  }

  /** What `query` in a template answers. */
  #answer(text: string, timeMs: number): ReturnType<AlertData['query']> {
    try {
      const samples = ask(compile(text), this.recorder.store, timeMs)
      return samples.map(({ labels, value }) => ({ labels: labels.toRecord(), value }))
    } catch (error) {
      if (error instanceof PromqlError) return { error: error.inQuery(text) }
      if (error instanceof RuleError) return { error: error.message }
      throw error
    }
  }

  #writtenOf(alert: Alert): readonly Written[] {
    let series = this.#seriesOf.get(alert.labels)
    if (series === undefined) {
      series = this.#makeSeries(alert.labels)
      this.#seriesOf.set(alert.labels, series)
    }
    const { forState } = series
    return [
      { series: series[alert.state === 'firing' ? 'firing' : 'pending'], value: 1 },
      { series: forState, value: Math.floor(alert.activeAtMs / 1000) },
    ]
  }

  /** A label of the rule that expands to nothing shows in these series as it is written. */
  #makeSeries(labels: Labels): AlertSeries {
    const { recorder, rule } = this
    const record = { ...rule.labels, ...labels.toRecord(), alertname: rule.name }
    const named = (name: string, more = {}) =>
      recorder.seriesOf(recorder.store.labels.of({ ...record, ...more, [METRIC_NAME]: name }))
    return {
      pending: named(ALERTS, { alertstate: 'pending' }),
      firing: named(ALERTS, { alertstate: 'firing' }),
      forState: named(ALERTS_FOR_STATE),
    }
  }
}

interface AlertSeries {
  readonly pending: Series | undefined
  readonly firing: Series | undefined
  readonly forState: Series | undefined
}

/** What templates see of the server beside the alert. */
const server = { externalLabels: {}, externalUrl: 'http://prometheus:9090' }

function filled(name: string, texts: Readonly<Record<string, string>>, data: AlertData): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, expand(name, text, data)]))
}
