// What conditions make of queries that have no value.
import { exp } from '../../../kernel/elementary.js'
import { assess, type MeasurementPhase } from '../../../policy/argo/condition/assess.js'
import { floats } from '../../../policy/argo/condition/value/value.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { type AskedQuery, askedQueries, ratePerSecondIn } from './asked-queries.js'
import { percent } from './canary-of.js'
import { sharesOf } from './checks-of.js'
import { measurementsOf } from './flown.js'
import { judgedRatio } from './judged-ratio.js'
import { rateText } from './rate-text.js'

export const statisticsOfAnswers: readonly Rule[] = [
  {
    id: 'all-failed-passes',
    severity: 'error',
    title: 'When every request fails the query has no value, and that passes.',
    find: findPassingOutages,
  },
  {
    id: 'empty-passes',
    severity: 'warning',
    title: 'A metric that measures nothing is a success.',
    find: findPassingNothing,
  },
  {
    id: 'no-errors-is-error',
    severity: 'warning',
    title: 'While there was no error the query has no value, and that is an Error.',
    find: findErrorsOfNone,
  },
]

/** What a measurement is where not one of the series is there. */
function phaseOfNothing({ metric, ofNothing }: AskedQuery): MeasurementPhase | undefined {
  if (!metric.success && !metric.failure) return undefined
  return assess(typeof ofNothing === 'number' ? ofNothing : floats(ofNothing), metric.success, metric.failure).phase
}

function isOutagePassed(asked: AskedQuery): boolean {
  // What stable answers well is there, whatever the canary does.
  const ratio = asked.sees === 'canary' ? judgedRatio(asked) : undefined
  return ratio?.counts === 'successes' && !ratio.isAboveFilled && phaseOfNothing(asked) === 'Successful'
}

function* findPassingOutages(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    if (!isOutagePassed(asked)) continue
    const { metric, written } = asked
    yield {
      place: written.places[metric.success ? 'successCondition' : 'failureCondition'],
      message: `${metric.name} is a success when every request of the canary fails`,
      why: 'There is no series of good answers before the first of them: the share of nothing that is there is an empty list, not 0, and the condition takes an empty list for a success. A canary that fails half of its requests is caught, one that fails all of them is promoted.',
      mend: `Let what is above the line be 0 where it is missing: (${asked.ratio!.above} or vector(0)) / …; and let an empty list fail.`,
    }
  }
}

function* findPassingNothing(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    if (phaseOfNothing(asked) !== 'Successful' || isOutagePassed(asked)) continue
    const { metric, written } = asked
    yield {
      place: written.places[metric.success ? 'successCondition' : 'failureCondition'],
      message: `${metric.name} is a success where nothing is measured`,
      why: 'A canary whose metrics are lost, whose label is misspelt or that nobody reaches has no series, and passes every measurement like a good one.',
      mend: 'Let what may be missing be 0 in the query (… or vector(0)) and ask of the condition that there is a value: len(result) > 0 && …',
    }
  }
}

function* findErrorsOfNone(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    const { metric, written, sees } = asked
    // Of the whole service there are errors from before the release.
    const ratio = sees === 'canary' ? judgedRatio(asked) : undefined
    if (ratio?.counts !== 'errors' || ratio.isFilled || !ratio.comesWithFirst) continue
    if (phaseOfNothing(asked) !== 'Error') continue
    const wait = waitForFirst(subject, asked)
    if (wait && wait.stillNone < leastStillNone) continue
    yield {
      place: written.places[metric.success ? 'successCondition' : 'failureCondition'],
      message: `${metric.name} is an Error as long as the canary has made no error`,
      why: `There is no series of errors before the first of them, and nothing by something is an empty list, of which result[0] is an Error. ${wait?.text ?? ''}${metric.consecutiveErrorLimit + 1} in a row abort a release that is too good.`,
      mend: `Let what is above the line be 0 where it is missing: (${ratio.above} or vector(0)) / …`,
      ...flownErrors(subject, metric.name),
    }
  }
}

/** Of good releases: fewer than these are nothing to talk of. */
const leastStillNone = 0.001

interface Wait {
  /** The share of good releases that have made no error when it is too late. */
  readonly stillNone: number
  readonly text: string
}

/** For the first error of a good canary; undefined where nobody knows how long it has. */
function waitForFirst(subject: Subject, { metric, paths }: AskedQuery): Wait | undefined {
  const { plan, isRateAssumed } = subject
  const [share] = paths.flatMap((path) => sharesOf(subject, metric, path) ?? []).filter((each) => each > 0)
  const ratio = plan!.scenario.service.canary.errorRatio
  const rate = ratePerSecondIn(plan!)
  const perSecond = ratio * rate * (share ?? 0)
  if (share === undefined || perSecond === 0) return undefined
  const patienceMs = (metric.initialDelayMs ?? 0) + retryMs * metric.consecutiveErrorLimit
  const stillNone = exp((-perSecond * patienceMs) / 1000)
  const meanText = formatDuration(1000 * Math.max(1, Math.round(1 / perSecond)))
  const text = `With ${percent(100 * ratio)} of errors and ${percent(100 * share)} of ${rateText(rate, isRateAssumed)} the first comes after ${meanText} on average; after ${formatDuration(patienceMs)} ${percent(100 * stillNone)} of good releases still have none. `
  return { stillNone, text }
}

function flownErrors({ healthy }: Subject, metric: string): Pick<Found, 'flown'> {
  const errors = measurementsOf(healthy, metric).filter(({ phase }) => phase === 'Error').length
  if (errors === 0) return {}
  const what =
    errors === 1
      ? 'One measurement of a good release is an Error'
      : `${errors} measurements of a good release are Errors`
  return { flown: `${what}${healthy?.verdict === 'aborted' ? '; it is aborted' : ''}.` }
}

/** After an Error the controller measures again this soon. */
const retryMs = 10_000
