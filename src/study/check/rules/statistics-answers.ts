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
  const ratio = judgedRatio(asked)
  return ratio?.counts === 'successes' && !ratio.isAboveFilled && phaseOfNothing(asked) === 'Successful'
}

function* findPassingOutages(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    if (!isOutagePassed(asked)) continue
    const { metric, written } = asked
    yield {
      place: written.places[metric.success ? 'successCondition' : 'failureCondition'],
      message: `${metric.name} is a success when every request of the canary fails`,
      why: 'There is no series of good answers before the first of them: the share of nothing that is there is an empty list, not 0, and the condition takes an empty list for a success. The better half of an outage is caught, the whole one is promoted.',
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
    const { metric, written, paths, sees } = asked
    const ratio = judgedRatio(asked)
    if (ratio?.counts !== 'errors' || ratio.isFilled || !ratio.comesWithFirst) continue
    if (sees === 'stable' || phaseOfNothing(asked) !== 'Error') continue
    const errors = measurementsOf(subject.healthy, metric.name).filter(({ phase }) => phase === 'Error').length
    const [share] = paths.flatMap((path) => sharesOf(subject, metric, path) ?? []).filter((each) => each > 0)
    yield {
      place: written.places[metric.success ? 'successCondition' : 'failureCondition'],
      message: `${metric.name} is an Error as long as the canary has made no error`,
      why: `There is no series of errors before the first of them, and nothing by something is an empty list, of which result[0] is an Error. ${share === undefined ? '' : whenFirst(subject, asked, sees === 'both' ? 1 : share)}${metric.consecutiveErrorLimit + 1} in a row abort a release that is too good.`,
      mend: `Let what is above the line be 0 where it is missing: (${ratio.above} or vector(0)) / …`,
      ...(errors > 0 && {
        flown: `${errors === 1 ? 'One measurement' : `${errors} measurements`} of a good release ${errors === 1 ? 'is an Error' : 'are Errors'}${subject.healthy?.verdict === 'aborted' ? '; it is aborted' : ''}.`,
      }),
    }
  }
}

function whenFirst({ plan, isRateAssumed }: Subject, { metric }: AskedQuery, share: number): string {
  const ratio = plan!.scenario.service.canary.errorRatio
  const rate = ratePerSecondIn(plan!)
  if (ratio === 0 || rate === 0) return 'Here nothing fails at all. '
  const meanMs = 1000 * Math.max(1, Math.round(1 / (ratio * share * rate)))
  const patienceMs = (metric.initialDelayMs ?? 0) + retryMs * metric.consecutiveErrorLimit
  const still = exp((-ratio * share * rate * patienceMs) / 1000)
  const after = `With ${percent(100 * ratio)} of errors and ${percent(100 * share)} of ${rateText(rate, isRateAssumed)} the first comes after ${formatDuration(meanMs)} on average`
  return `${after}; after ${formatDuration(patienceMs)} ${percent(100 * still)} of good releases still have none. `
}

/** After an Error the controller measures again this soon. */
const retryMs = 10_000
