// A recording rule at work: what its query finds, under the rule's name and labels.
import { type Labels, METRIC_NAME } from '../labels.js'
import type { Series } from '../series.js'
import { ask, Evaluation, type Moment, type Recorder, RuleError, type Written } from './evaluation.js'
import type { RecordingRule } from './rule.js'

export class Recording extends Evaluation {
  /** What each label set becomes. */
  readonly #outputs = new Map<Labels, Output>()

  constructor(
    readonly rule: RecordingRule,
    recorder: Recorder,
  ) {
    super(recorder)
  }

  protected override samples({ sampleMs, limit }: Moment): readonly Written[] {
    const found = ask(this.rule.query, this.recorder.store, sampleMs)
    const seen = new Set<Labels>()
    const written = found.map(({ labels, value }) => {
      const output = this.#outputOf(labels)
      seen.add(output.labels)
      return { series: output.series, value }
    })
    if (seen.size < found.length) {
      throw new RuleError('vector contains metrics with the same labelset after applying rule labels')
    }
    if (limit > 0 && found.length > limit) {
      throw new RuleError(`exceeded limit of ${limit} with ${found.length} series`)
    }
    return written
  }

  #outputOf(input: Labels): Output {
    let output = this.#outputs.get(input)
    if (output === undefined) {
      const { store } = this.recorder
      const labels = store.labels.of({ ...input.toRecord(), [METRIC_NAME]: this.rule.name, ...this.rule.labels })
      output = { labels, series: this.recorder.seriesOf(labels) }
      this.#outputs.set(input, output)
    }
    return output
  }
}

interface Output {
  readonly labels: Labels
  readonly series: Series | undefined
}
