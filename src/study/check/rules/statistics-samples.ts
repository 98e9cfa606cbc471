// Whether there are requests enough for a threshold: by closed forms, for a canary that is good and for one that isn't.
import { chanceOfFailure, chanceOfMoreFailures, meanChecksUntil, requestsToSee } from '../../../judge/polling.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { type AskedQuery, askedQueries, ratePerSecondIn } from './asked-queries.js'
import { percent } from './canary-of.js'
import { sharesOf } from './checks-of.js'
import { type JudgedRatio, judgedRatio } from './judged-ratio.js'
import { rateText } from './rate-text.js'

export const statisticsOfSamples: readonly Rule[] = [
  {
    id: 'too-few-requests',
    severity: 'warning',
    title: 'There are too few requests in a window for the threshold: chance decides.',
    find: findSmallSamples,
  },
]

/** More good releases than this may not be stopped by chance. */
const mostFalseAborts = 0.01
/** As sure as this a canary is to be stopped that is so many times as bad as is allowed. */
const confidence = 0.95
const badFactor = 2

function* findSmallSamples(subject: Subject): Iterable<Found> {
  const { plan } = subject
  if (!plan) return
  for (const asked of askedQueries(subject)) {
    const ratio = asked.sees === 'canary' ? judgedRatio(asked) : undefined
    if (!ratio?.isOfRequests || asked.metric.failureLimit < 0) continue
    const sampling = samplingOf(subject, asked, ratio)
    if (!sampling) continue
    const healthy = plan.scenario.service.canary.errorRatio
    const bad = badFactor * ratio.threshold.ratio
    const isRash = sampling.stopped(healthy) > mostFalseAborts
    const isBlind = bad < 1 && sampling.mayStop && sampling.stopped(bad) < confidence
    if (healthy < ratio.threshold.ratio && (isRash || isBlind)) yield found(subject, asked, ratio, sampling)
  }
}

/** So many requests in a window are enough for any threshold. */
const plenty = 1e7

interface Sampling {
  /** In the window, at the lowest weight that it is measured at. */
  readonly requests: number
  readonly share: number
  readonly checks: number
  /** Whether there are checks enough to stop anything. */
  readonly mayStop: boolean
  /** That the first check fails a canary with such errors. */
  readonly failed: (errorRatio: number) => number
  /** That the release is stopped by any of them. */
  readonly stopped: (errorRatio: number) => number
}

function samplingOf(
  subject: Subject,
  { metric, paths, windowMs, looked }: AskedQuery,
  ratio: JudgedRatio,
): Sampling | undefined {
  const { plan } = subject
  const runs = paths.map((path) => sharesOf(subject, metric, path, looked)?.filter((share) => share > 0))
  const shares = runs.flatMap((run) => run ?? [])
  if (shares.length === 0 || runs.includes(undefined)) return undefined
  // Of a window only what is between its first sample and its last is counted: one scrape less on average.
  const countedMs = windowMs - plan!.observation.scrape.intervalMs
  const perWindow = (ratePerSecondIn(plan!) * countedMs) / 1000
  if (countedMs <= 0 || perWindow > plenty) return undefined
  const failed = (errorRatio: number, share: number) =>
    chanceOfFailure(perWindow * share, errorRatio, ratio.threshold, ratio.failsWithout)
  const share = Math.min(...shares)
  const stopped = (errorRatio: number) => {
    const chances = new Map([...new Set(shares)].map((each) => [each, failed(errorRatio, each)]))
    const goesOn = runs.map(
      (run) =>
        1 -
        chanceOfMoreFailures(
          metric.failureLimit,
          run!.map((each) => chances.get(each)!),
        ),
    )
    return 1 - goesOn.reduce((product, each) => product * each, 1)
  }
  return {
    requests: perWindow * share,
    share,
    checks: shares.length,
    mayStop: runs.some((run) => run!.length > metric.failureLimit),
    failed: (errorRatio) => failed(errorRatio, share),
    stopped,
  }
}

function found(subject: Subject, asked: AskedQuery, { threshold, hidesFirst }: JudgedRatio, sampling: Sampling): Found {
  const { plan, isRateAssumed } = subject
  const { metric, written, windowMs } = asked
  const { requests, share, checks, failed, stopped } = sampling
  const healthy = plan!.scenario.service.canary.errorRatio
  const rate = ratePerSecondIn(plan!)
  const limit = percent(100 * threshold.ratio)
  // Checks that share requests fail together; and an error that begins a series counts in none.
  const atMost = hidesFirst || (checks > 1 && (metric.intervalMs ?? 0) < windowMs) ? 'at most ' : ''
  const smallest = smallestSeen(stopped)
  const seen =
    smallest === undefined
      ? `A canary that fails all of its requests is stopped with less than ${percent(100 * confidence)}.`
      : `The smallest error ratio that is stopped with ${percent(100 * confidence)} is ${percent(100 * smallest)}, after ${Number(meanChecksUntil(metric.failureLimit + 1, failed(smallest)).toPrecision(2))} checks on average.`
  return {
    place: written.places[metric.success ? 'successCondition' : 'failureCondition'],
    message: `${metric.name} judges ${limit} of errors by ${aboutText(requests)} in ${formatDuration(windowMs)}, at ${percent(100 * share)} of ${rateText(rate, isRateAssumed)}`,
    why: `One check of a good canary (${percent(100 * healthy)} of errors) fails with ${atMost}${chanceText(failed(healthy))}, and ${atMost}${chanceText(stopped(healthy))} of good releases are stopped by ${checks === 1 ? 'it' : `the ${checks} checks with failureLimit ${metric.failureLimit}`}. ${seen} To see one error of a canary that fails ${limit}, it takes ${requestsToSee(Math.max(threshold.ratio, 1e-6), confidence)} requests.`,
    mend: 'Give the step more weight, the query a longer window (and the step as long a pause), or the metric more checks; or allow what so few requests can tell.',
  }
}

/** To a tenth of a percent. */
function smallestSeen(stopped: (errorRatio: number) => number): number | undefined {
  const parts = 1000
  if (stopped(1) < confidence) return undefined
  let [low, high] = [0, parts]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (stopped(middle / parts) >= confidence) high = middle
    else low = middle
  }
  return high / parts
}

function aboutText(requests: number): string {
  return `some ${Number(requests.toPrecision(2))} requests`
}

function chanceText(chance: number): string {
  return `${Number((100 * chance).toPrecision(2))} %`
}
