// Answers of monitoring systems, web servers and Jobs in a flight: what the scenario scripts, or reads off the world.
import type { Loop } from '../../kernel/loop.js'
import type { JobCourse, JobRequest, MetricSource, View, WebAnswer } from '../../policy/view.js'
import { type Reading, type ScriptedAnswer, signalUnits } from '../../scenario/signals.js'
import type { Observatory } from '../observatory.js'
import type { Plan } from '../plan.js'
import { Jobs } from './jobs.js'
import { bodyOf, placed } from './placed-value.js'
import type { BoundSignal, SignalBook } from './signal-book.js'

export function signalsOf(
  { signals: book, scenario: { releaseAtMs, observability } }: Plan,
  observatory: Observatory,
  loop: Loop,
): Required<Pick<View, 'web' | 'runJob' | 'read'>> {
  const signals = new Signals(book, observatory, loop, releaseAtMs, observability.scrape.delayMs)
  return {
    web: ({ source }) => signals.reply(source),
    runJob: (request, ended) => signals.runJob(request, ended),
    read: (source) => signals.read(source),
  }
}

class Signals {
  private readonly jobs: Jobs

  constructor(
    private readonly book: SignalBook,
    private readonly observatory: Observatory,
    private readonly loop: Loop,
    private readonly releaseAtMs: number,
    private readonly scrapeDelayMs: number,
  ) {
    this.jobs = new Jobs(loop)
  }

  read(source: MetricSource): Reading {
    const bound = this.book.answering(source)
    const answer = this.says(bound)
    if (answer.kind === 'reply') throw new Error(`a signal for ${source.metric} replies as a web server does`)
    if (bound.shape === undefined || (answer.kind !== 'numbers' && answer.kind !== 'null')) return answer
    return { kind: 'json', value: placed(answer, bound.shape) }
  }

  reply(source: MetricSource): WebAnswer {
    const bound = this.book.answering(source)
    const answer = this.says(bound)
    if (answer.kind === 'error') return { latencyMs: 0, error: answer.message }
    return { latencyMs: 0, ...bodyOf(answer, bound.shape) }
  }

  runJob(request: JobRequest, ended: () => void): JobCourse {
    const bound = this.book.answering(request.source)
    return this.jobs.start(request, bound.signal.takesMs ?? defaultJobMs, () => this.isFailure(bound), ended)
  }

  /** A Job about which nothing is known, as when no request came, has nothing to fail of. */
  private isFailure(bound: BoundSignal): boolean {
    const answer = this.says(bound)
    const value = answer.kind === 'numbers' ? answer.values[0]! : 0
    const { failsAbove } = bound.signal
    return answer.kind === 'error' || (failsAbove === undefined ? value !== 0 : value > failsAbove)
  }

  private says({ signal, query }: BoundSignal): ScriptedAnswer {
    const { source } = signal
    const { now } = this.loop
    if (source.kind === 'script') {
      const sinceMs = now - this.releaseAtMs
      return source.points.findLast(({ atMs }) => atMs <= sinceMs)?.says ?? nothing
    }
    const knownMs = now - this.scrapeDelayMs - source.delayMs
    const { resolutionMs } = source
    const atMs = resolutionMs > 0 ? Math.floor(knownMs / resolutionMs) * resolutionMs : knownMs
    const value = this.observatory.numberAt(query!, atMs)
    return Number.isNaN(value) ? nothing : { kind: 'numbers', values: [value * signalUnits[source.unit]] }
  }
}

const nothing: ScriptedAnswer = { kind: 'empty' }
const defaultJobMs = 10_000
