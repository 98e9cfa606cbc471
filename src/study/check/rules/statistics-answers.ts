// What conditions make of queries that have no value.
import { assess, type MeasurementPhase } from '../../../policy/argo/condition/assess.js'
import { floats } from '../../../policy/argo/condition/value/value.js'
import type { Place } from '../../../scenario/problem.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { type AskedQuery, askedQueries, ratePerSecondIn } from './asked-queries.js'
import { percent } from './canary-of.js'
import { sharesOf } from './checks-of.js'
import { chanceOfNone, patienceMs, stretchesUntil } from './first-answer.js'
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
  {
    id: 'judged-without-requests',
    severity: 'error',
    title: 'An analysis judges answers of a version that nobody may have asked yet, and stops the release for it.',
    find: findUnasked,
  },
]

/** What a measurement is where not one of the series is there. */
function phaseOfNothing({ metric, ofNothing }: AskedQuery): MeasurementPhase | undefined {
  if (!metric.success && !metric.failure) return undefined
  return assess(typeof ofNothing === 'number' ? ofNothing : floats(ofNothing), metric.success, metric.failure).phase
}

function placeOfCondition({ metric, written }: AskedQuery): Place {
  return written.places[metric.success ? 'successCondition' : 'failureCondition']
}

function isOutagePassed(asked: AskedQuery): boolean {
  // What stable answers well is there, whatever the canary does.
  const ratio = asked.sees === 'canary' ? judgedRatio(asked) : undefined
  return ratio?.counts === 'successes' && !ratio.isAboveFilled && phaseOfNothing(asked) === 'Successful'
}

function* findPassingOutages(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    if (!isOutagePassed(asked)) continue
    const { metric } = asked
    yield {
      place: placeOfCondition(asked),
      message: `${metric.name} is a success when every request of the canary fails`,
      why: 'There is no series of good answers before the first of them: the share of nothing that is there is an empty list, not 0, and the condition takes an empty list for a success. A canary that fails half of its requests is caught, one that fails all of them is promoted.',
      mend: `Let what is above the line be 0 where it is missing: (${asked.ratio!.above} or vector(0)) / …; and let an empty list fail.`,
    }
  }
}

function* findPassingNothing(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    if (phaseOfNothing(asked) !== 'Successful' || isOutagePassed(asked)) continue
    const { metric } = asked
    yield {
      place: placeOfCondition(asked),
      message: `${metric.name} is a success where nothing is measured`,
      why: 'A canary whose metrics are lost, whose label is misspelt or that nobody reaches has no series, and passes every measurement like a good one.',
      mend: 'Let what may be missing be 0 in the query (… or vector(0)) and ask of the condition that there is a value: len(result) > 0 && …',
    }
  }
}

function* findErrorsOfNone(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    const { metric, sees } = asked
    // Of the whole service there are errors from before the release, until its last pods go.
    const ratio = sees === 'canary' ? judgedRatio(asked) : undefined
    if (ratio?.counts !== 'errors' || ratio.isFilled || !ratio.comesWithFirst) continue
    if (phaseOfNothing(asked) !== 'Error' || isUnasked(subject, asked)) continue
    const wait = waitForFirst(subject, asked)
    if (wait && wait.stillNone < leastStillNone) continue
    yield {
      place: placeOfCondition(asked),
      message: `${metric.name} is an Error as long as the canary has made no error`,
      why: `There is no series of errors before the first of them, and nothing by something is an empty list, of which result[0] is an Error. ${wait?.text ?? ''}${metric.consecutiveErrorLimit + 1} in a row abort a release that is too good.`,
      mend: `Let what is above the line be 0 where it is missing: (${ratio.above} or vector(0)) / …`,
      ...flownErrors(subject, metric.name, 'Error'),
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
function waitForFirst(subject: Subject, asked: AskedQuery): Wait | undefined {
  const { plan, isRateAssumed } = subject
  const { metric, paths, looked } = asked
  const [share] = paths.flatMap((path) => sharesOf(subject, metric, path, looked) ?? []).filter((each) => each > 0)
  const ratio = plan!.scenario.service.canary.errorRatio
  const rate = ratePerSecondIn(plan!)
  const perSecond = ratio * rate * (share ?? 0)
  if (share === undefined || perSecond === 0) return undefined
  const untilMs = patienceMs(metric, 'Error')
  const stillNone = Math.max(
    ...paths.map((path) => chanceOfNone(subject, ratio, stretchesUntil(subject, asked, path, untilMs))),
  )
  const meanText = formatDuration(1000 * Math.max(1, Math.round(1 / perSecond)))
  const text = `With ${percent(100 * ratio)} of errors and ${percent(100 * share)} of ${rateText(rate, isRateAssumed)} the first comes after ${meanText} on average; after ${formatDuration(untilMs)} ${percent(100 * stillNone)} of good releases still have none. `
  return { stillNone, text }
}

function* findUnasked(subject: Subject): Iterable<Found> {
  for (const asked of askedQueries(subject)) {
    const worst = unaskedFor(subject, asked)
    if (!worst) continue
    const { metric } = asked
    const { phase, none, untilMs, isNobodySent } = worst
    const what = phase === 'Error' ? 'an Error' : 'a failure'
    const often =
      phase === 'Error' ? `${metric.consecutiveErrorLimit + 1} Errors in a row` : `${metric.failureLimit + 1} failures`
    const why = isNobodySent
      ? `No request is sent there while it looks on: there are no series, which is ${what} here. ${often} abort every release.`
      : `Until somebody has come, and two scrapes have seen it, there is no rate, which is ${what} here; ${often} abort the release ${formatDuration(untilMs)} after the analysis began. By then ${percent(100 * none)} of good releases have no value.`
    yield {
      place: placeOfCondition(asked),
      message: `${metric.name} is ${what} as long as nobody has asked the new version anything`,
      why,
      mend: isNobodySent
        ? 'Judge answers where requests go: behind a setWeight, after the cutover, in an experiment whose templates have a weight; before that, let a Job send some of its own.'
        : 'Give the metric an initialDelay of the window of its query and two scrapes, or more weight before it.',
      ...flownErrors(subject, metric.name, phase),
    }
  }
}

interface Unasked {
  readonly phase: 'Error' | 'Failed'
  /** The share of good releases that have no value when it is too late. */
  readonly none: number
  readonly untilMs: number
  readonly isNobodySent: boolean
}

function isUnasked(subject: Subject, asked: AskedQuery): boolean {
  return unaskedFor(subject, asked) !== undefined
}

/** By the analysis for which it is worst; undefined where that is nothing to talk of. */
function unaskedFor(subject: Subject, asked: AskedQuery): Unasked | undefined {
  const { metric, sees, stacks, windowMs, paths } = asked
  const phase = phaseOfNothing(asked)
  if (sees !== 'canary' || stacks.length === 0 || windowMs === 0 || (phase !== 'Error' && phase !== 'Failed'))
    return undefined
  const untilMs = patienceMs(metric, phase)
  const each = paths.flatMap((path): readonly Unasked[] => {
    const stretches = stretchesUntil(subject, asked, path, untilMs)
    const isNobodySent = stretches.every(({ share, lastsMs }) => share === 0 || lastsMs === 0)
    return untilMs === Number.POSITIVE_INFINITY
      ? []
      : [{ phase, none: chanceOfNone(subject, 1, stretches), untilMs, isNobodySent }]
  })
  const [worst] = each.sort((one, other) => other.none - one.none)
  return worst && worst.none >= leastStillNone ? worst : undefined
}

function flownErrors({ healthy }: Subject, metric: string, phase: 'Error' | 'Failed'): Pick<Found, 'flown'> {
  const count = measurementsOf(healthy, metric).filter((each) => each.phase === phase).length
  if (count === 0) return {}
  const [one, many] = phase === 'Error' ? ['an Error', 'Errors'] : ['a failure', 'failures']
  const what =
    count === 1 ? `One measurement of a good release is ${one}` : `${count} measurements of a good release are ${many}`
  return { flown: `${what}${healthy?.verdict === 'aborted' ? '; it is aborted' : ''}.` }
}
