// Windows, counts and limits that are longer than the time they have, and pauses without an end.
import type { AnalysisRequest } from '../../../policy/argo/analysis-template.js'
import type { Metric } from '../../../policy/argo/metric.js'
import { partOf } from '../../../policy/argo/step.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { type AskedQuery, askedQueries } from './asked-queries.js'
import { canaryOf, percent, shareOf } from './canary-of.js'
import { checksWithin, lengthOf, type Stage, sharesOf, stagesOf } from './checks-of.js'
import { measurementsOf } from './flown.js'
import { type JudgedMetric, judgedMetrics } from './judged-metrics.js'
import { stepPlace } from './written.js'

export const statisticsOfTime: readonly Rule[] = [
  {
    id: 'window-longer-than-step',
    severity: 'warning',
    title: 'The window of a query is longer than the steps with one weight: it judges the traffic before them, too.',
    find: findLongWindows,
  },
  {
    id: 'limit-beyond-steps',
    severity: 'error',
    title: 'The steps, or an experiment, are over before a metric that they don’t wait for could fail often enough.',
    find: findLimitsBeyond,
  },
  {
    id: 'count-beyond-steps',
    severity: 'warning',
    title:
      'The steps, or an experiment, are over before a metric that they don’t wait for has been measured as often as it says.',
    find: findCountsBeyond,
  },
  {
    id: 'pause-without-end',
    severity: 'note',
    title: 'A pause ends only when a person promotes.',
    find: findEndlessPauses,
  },
]

interface Look {
  /** How long the weight has been there. */
  readonly afterMs: number
  /** The step to blame. */
  readonly step: number
  readonly isInBackground: boolean
}

function* findLongWindows(subject: Subject): Iterable<Found> {
  const stages = stagesOf(subject)
  for (const asked of askedQueries(subject)) {
    if (asked.sees === null || asked.sees === 'stable') continue
    for (const [index, stage] of stages.entries()) {
      const before = stages[index - 1]?.share ?? 0
      // Of a canary that had no requests there is nothing old to see.
      if (stage.share === 0 || (asked.sees === 'canary' && before === 0)) continue
      const look = looksIn(subject, asked, stage).find(({ afterMs }) => afterMs < asked.windowMs)
      if (!look) continue
      yield longWindow(subject, asked, look, asked.sees === 'canary' ? before / stage.share : 1)
      break
    }
  }
}

/** The first look of each analysis that is a step, and the last of one in the background. */
function looksIn(subject: Subject, { metric, paths }: AskedQuery, stage: Stage): readonly Look[] {
  const startingStep = subject.policy?.rollout.canary.background?.startingStep ?? 0
  return paths.flatMap(([strategy, place, index]): readonly Look[] => {
    if (strategy !== 'canary') return []
    if (place === 'analysis') {
      const pause = indicesOf(stage).find((step) => partOf(canaryOf(subject).steps[step], 'pause'))
      const isThere = startingStep <= stage.from && stage.lastsMs > 0
      return isThere && pause !== undefined ? [{ afterMs: stage.lastsMs, step: pause, isInBackground: true }] : []
    }
    if (typeof index !== 'number' || index < stage.from || index >= stage.until) return []
    const beforeMs = indicesOf(stage)
      .filter((step) => step < index)
      .reduce((sum, step) => sum + lengthOf(subject, step), 0)
    return [{ afterMs: beforeMs + (metric.initialDelayMs ?? 0), step: index, isInBackground: false }]
  })
}

function indicesOf({ from, until }: Stage): readonly number[] {
  return Array.from({ length: until - from }, (_, index) => from + index)
}

/** `weighed` is how much a second before counts, of one after. */
function longWindow(
  subject: Subject,
  { metric, sees, windowMs }: AskedQuery,
  { afterMs, step, isInBackground }: Look,
  weighed: number,
): Found {
  const old = weighed * (windowMs - afterMs)
  const share = percent((100 * old) / (old + afterMs))
  const [window, after] = [formatDuration(windowMs), formatDuration(afterMs)]
  const what = sees === 'canary' ? 'at the weight before' : 'before this weight'
  const longer = formatDuration(windowMs - afterMs)
  return {
    place: stepPlace(subject, step, isInBackground ? 'pause' : 'analysis'),
    message: isInBackground
      ? `the weight stays for ${after}, which is shorter than the ${window} window of ${metric.name}`
      : `${metric.name} looks back ${window}, and the weight is there for ${after} when it is first measured`,
    why: `${isInBackground ? 'Even the last verdict on it' : 'Its first verdict'} is ${share} old traffic: what was answered ${what}. What breaks only under more load is diluted by as much, or judged when the next weight is there.`,
    mend: `Take a window of ${afterMs > 0 ? `at most ${after}` : 'less'}, or ${isInBackground ? `pause ${longer} longer` : `wait ${longer} longer, by a pause before or an initialDelay`}.`,
  }
}

/** An analysis whose end nobody waits for. */
interface Unwaited {
  /** How often it measures at most. */
  readonly times: number
  readonly lasting: string
  readonly whatEnds: string
  readonly notWaiting: string
}

const ofBackground = {
  lasting: 'the steps last',
  whatEnds: 'the last step is over',
  notWaiting: 'nothing waits for the background',
}
const ofExperiment = {
  lasting: 'the experiment lasts',
  whatEnds: 'its duration is over',
  notWaiting: 'without requiredForCompletion it does not wait for the analysis',
}

/** Undefined where anything waits for it, or nobody knows how often it measures. */
function unwaited(subject: Subject, judged: JudgedMetric): Unwaited | undefined {
  const times = timesInBackground(subject, judged)
  if (times !== undefined) return { ...ofBackground, times }
  const ofEach = judged.requests.map((request) => timesInExperiment(subject, judged.metric, request))
  const known = ofEach.filter((each) => each !== undefined)
  return known.length < ofEach.length ? undefined : { ...ofExperiment, times: Math.max(...known) }
}

function timesInExperiment(subject: Subject, metric: Metric, request: AnalysisRequest): number | undefined {
  for (const step of canaryOf(subject).steps) {
    const { analyses = [], durationMs } = partOf(step, 'experiment')?.experiment ?? {}
    const analysis = analyses.find((each) => each.request === request)
    if (analysis) return analysis.isRequired || durationMs === undefined ? undefined : checksWithin(metric, durationMs)
  }
  return undefined
}

function timesInBackground(subject: Subject, { metric, requests }: JudgedMetric): number | undefined {
  const { background } = subject.policy!.rollout.canary
  if (!background || requests.some((request) => request !== background)) return undefined
  const planned = sharesOf(subject, { ...metric, count: undefined }, ['canary', 'analysis'])?.length
  const measured = subject.healthy?.verdict === 'promoted' ? measurementsOf(subject.healthy, metric.name).length : 0
  return planned === undefined && measured === 0 ? undefined : Math.max(planned ?? 0, measured)
}

function* allUnwaited(subject: Subject): Generator<JudgedMetric & Unwaited> {
  if (!subject.policy) return
  for (const judged of judgedMetrics(subject.policy)) {
    const { metric, isDryRun } = judged
    const found = isDryRun || metric.intervalMs === undefined ? undefined : unwaited(subject, judged)
    // That it is never measured is another rule's.
    if (found !== undefined && found.times > 0) yield { ...judged, ...found }
  }
}

function* findLimitsBeyond(subject: Subject): Iterable<Found> {
  for (const { metric, written, times, lasting, whatEnds, notWaiting } of allUnwaited(subject)) {
    const { name, failureLimit, intervalMs, count = Number.POSITIVE_INFINITY } = metric
    if (failureLimit < times || failureLimit >= Math.max(1, count)) continue
    yield {
      place: written.places.failureLimit,
      message: `${name} may fail ${timesText(failureLimit)}, and ${lasting} for ${measurements(times)}`,
      why: `It stops the release with failure ${failureLimit + 1}; at one every ${formatDuration(intervalMs!)} ${whatEnds} after ${times}, and ${notWaiting}. If all of them fail, the release goes on.`,
      mend: `Write a failureLimit below ${times}, measure more often, or give it ${formatDuration(intervalMs! * (failureLimit + 1 - times))} longer.`,
      ...flownTimes(subject, metric),
    }
  }
}

function* findCountsBeyond(subject: Subject): Iterable<Found> {
  for (const { metric, written, times, lasting, whatEnds, notWaiting } of allUnwaited(subject)) {
    const { name, count, intervalMs } = metric
    if (count === undefined || count <= times) continue
    yield {
      place: written.places.count,
      message: `${name} is to be measured ${timesText(count)}, and ${lasting} for ${measurements(times)}`,
      why: `When ${whatEnds} the analysis is ended as a success, after ${formatDuration(intervalMs! * (times - 1))} instead of ${formatDuration(intervalMs! * (count - 1))}: ${notWaiting}.`,
      mend: 'Make it a step, or requiredForCompletion in an experiment: these are waited for; or leave count out, and it goes on for as long as there is time.',
      ...flownTimes(subject, metric),
    }
  }
}

function flownTimes({ healthy }: Subject, { name }: Metric): Pick<Found, 'flown'> {
  if (healthy?.verdict !== 'promoted') return {}
  return { flown: `A good release is promoted after ${measurements(measurementsOf(healthy, name).length)} of ${name}.` }
}

function timesText(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function measurements(count: number): string {
  return count === 1 ? '1 measurement' : `${count} measurements`
}

function* findEndlessPauses(subject: Subject): Iterable<Found> {
  const { steps, settings, maxWeight } = canaryOf(subject)
  for (const [index, step] of steps.entries()) {
    const pause = partOf(step, 'pause')
    if (!pause || pause.durationMs !== undefined) continue
    const { weight } = settings[index]!
    const who = weight === 0 ? 'nobody' : `${shareOf(weight, maxWeight)} of the requests`
    yield {
      place: stepPlace(subject, index, 'pause'),
      message: `step ${index + 1} of ${steps.length} waits for a person`,
      why: `Until somebody promotes, ${who} ${weight === 0 ? 'has' : 'go to'} the new version, and the progress deadline does not count: nothing reminds anybody. The next release replaces this one half-way.`,
      mend: 'If nobody is to look here, write a duration, with an analysis that does.',
    }
  }
}
