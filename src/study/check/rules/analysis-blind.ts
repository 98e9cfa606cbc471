// Analyses that can't judge: what they say is settled before they have measured anything.

import type { Condition } from '../../../policy/argo/condition/condition.js'
import { floats, type GoValue } from '../../../policy/argo/condition/value/value.js'
import type { Metric } from '../../../policy/argo/metric.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { abortWith } from './flown.js'
import { consequential, type JudgedMetric } from './judged-metrics.js'

export const blindAnalyses: readonly Rule[] = [
  {
    id: 'failure-limit-is-count',
    severity: 'error',
    title: 'A metric may fail as often as it is measured: it can never fail.',
    find: findGenerousLimits,
  },
  {
    id: 'failures-switched-off',
    severity: 'error',
    title: 'A metric without an end has its failures switched off: it can never fail.',
    find: findSwitchedOff,
  },
  {
    id: 'metric-without-condition',
    severity: 'warning',
    title: 'A metric without a condition is a success whatever it measures.',
    find: findUnjudged,
  },
  {
    id: 'nan-passes',
    severity: 'warning',
    title: 'A metric that knows its failure alone takes NaN for a success.',
    find: findPassingNaN,
  },
  {
    id: 'web-text-passes',
    severity: 'note',
    title: 'A web metric is a success if the answer is no JSON, or empty.',
    versions: 'argo-rollouts up to 1.10.2',
    find: findTrustingWeb,
  },
  {
    id: 'condition-always-error',
    severity: 'error',
    title: 'A condition does not fit what its provider answers: every measurement is an Error.',
    find: findUnfitConditions,
  },
  {
    id: 'json-path-is-text',
    severity: 'error',
    title: 'A jsonPath without braces is a text: the metric judges that text.',
    find: findTextPaths,
  },
]

/** Others judge for themselves. */
const judgedByConditions = ({ provider }: Metric) => !['job', 'kayenta', 'plugin'].includes(provider.kind)
const isJudged = (metric: Metric) =>
  !judgedByConditions(metric) || metric.success !== undefined || metric.failure !== undefined

function* findGenerousLimits(subject: Subject): Iterable<Found> {
  for (const { metric, written } of consequential(subject)) {
    const { name, failureLimit, count, consecutiveSuccessLimit } = metric
    if (count === undefined || consecutiveSuccessLimit > 0 || !isJudged(metric)) continue
    const measured = Math.max(1, count)
    if (failureLimit < measured) continue
    const times = measured === 1 ? 'once' : `${measured} times`
    yield {
      place: written.places.failureLimit,
      message: `${name} is measured ${times} and may fail ${failureLimit === 1 ? 'once' : `${failureLimit} times`}`,
      why: `It takes ${failureLimit + 1} failures to fail, and there are ${measured === 1 ? 'one measurement' : `${measured} measurements`}. If all of them fail, it is Successful.`,
      mend: `Write a failureLimit below ${measured}.`,
    }
  }
}

function* findSwitchedOff(subject: Subject): Iterable<Found> {
  for (const { metric, written } of consequential(subject)) {
    const { name, failureLimit, count, consecutiveSuccessLimit } = metric
    if (failureLimit !== -1 || count !== undefined) continue
    yield {
      place: written.places.failureLimit,
      message: `${name} has no count that could end it, and failureLimit -1`,
      why: `It goes on until ${consecutiveSuccessLimit} in a row are a success, or until the release is promoted; nothing that it measures stops it. Only at its count would a lack of them be a failure.`,
      mend: 'Write a count, or a failureLimit from 0.',
    }
  }
}

function* findUnjudged(subject: Subject): Iterable<Found> {
  for (const { metric, written } of consequential(subject)) {
    if (isJudged(metric)) continue
    yield {
      place: written.places.successCondition,
      message: `${metric.name} has neither a successCondition nor a failureCondition`,
      why: 'Whatever the provider answers is a success, an empty answer of Prometheus too; documented is Inconclusive. Only if it does not answer at all is the measurement an Error.',
      mend: 'Write a condition; to look on only, say so with dryRun.',
    }
  }
}

function* findPassingNaN(subject: Subject): Iterable<Found> {
  for (const judged of consequential(subject)) {
    const { metric, written, answer } = judged
    const { name, success, failure } = metric
    if (success || !failure || !answer?.mayBeNaN) continue
    const [nothing] = answersOf(judged, [Number.NaN])
    const verdict = failure.evaluate(nothing!)
    if ('error' in verdict || verdict.value) continue
    yield {
      place: written.places.failureCondition,
      message: `${name} is a success if the value is NaN`,
      why: 'A ratio of no requests is NaN, and no comparison with NaN is true: a canary that nobody reaches, or that answers nobody, does not fail.',
      mend: `Say what is to become of it: isNaN(result[0]) || ${failure.text}, or judge by a successCondition.`,
    }
  }
}

function* findTrustingWeb(subject: Subject): Iterable<Found> {
  for (const { metric, written } of consequential(subject)) {
    if (metric.provider.kind !== 'web' || !isJudged(metric)) continue
    yield {
      place: written.places.provider,
      message: `${metric.name} is a success if ${metric.provider.url} answers 200 and no JSON`,
      why: 'The conditions are not looked at then: a page that says that something is wrong, or nothing at all, passes as long as its status is from 200 to 299.',
      mend: 'Have it answer with another status where it has nothing to say; a job judges by its exit code.',
    }
  }
}

function* findUnfitConditions(subject: Subject): Iterable<Found> {
  for (const judged of consequential(subject)) {
    const { metric, written } = judged
    const answers = answersOf(judged, [0, 0.5, 1, 100])
    if (answers.length === 0) continue
    for (const field of ['success', 'failure'] as const) {
      const condition = metric[field]
      const error = condition && errorForAll(condition, answers)
      if (error === undefined) continue
      const tries = metric.consecutiveErrorLimit + 1
      const flown = abortWith(subject.healthy, `"${metric.name}" assessed Error`)
      yield {
        place: written.places[`${field}Condition`],
        message: `${condition!.text} is an Error for whatever ${metric.provider.kind} answers`,
        why: `${metric.name} gets ${shapeOf(judged) === 'list' ? 'a list of numbers' : 'a number'}, and for each that is: ${error} After ${tries} Errors in a row, ${formatDuration(10_000 * (tries - 1))}, every release is aborted.`,
        mend: 'Ask about one of the numbers, such as result[0]; default() and isNil() look at result itself, whatever they are given.',
        ...(flown && { flown }),
      }
    }
  }
}

function errorForAll(condition: Condition, answers: readonly GoValue[]): string | undefined {
  // What no answer could mend is told when it is read.
  if (condition.syntaxProblem) return undefined
  const verdicts = answers.map((answer) => condition.evaluate(answer))
  const errors = verdicts.flatMap((verdict) => ('error' in verdict ? [verdict.error] : []))
  return errors.length < verdicts.length ? undefined : `${errors[0]!.split('\n')[0]!.trimEnd().replace(/\.$/, '')}.`
}

function* findTextPaths(subject: Subject): Iterable<Found> {
  for (const { metric, filled, written } of consequential(subject)) {
    const { provider } = filled
    if (provider?.kind !== 'web' || provider.jsonPath === '' || provider.jsonPath.includes('{')) continue
    yield {
      place: written.places.provider,
      message: `${metric.name} judges the text "${provider.jsonPath}", and not what the server answers`,
      why: `A path stands in braces; what stands outside is itself. The result is "${provider.jsonPath}" each time, whatever is answered.`,
      mend: `Write "{${provider.jsonPath}}".`,
    }
  }
}

/** As the controller hands it to conditions; none where the shape is up to whoever answers. */
function answersOf(judged: JudgedMetric, numbers: readonly number[]): readonly GoValue[] {
  switch (shapeOf(judged)) {
    case 'number':
      return numbers
    case 'list':
      return numbers.flatMap((each) => [floats([each]), floats([each, each])])
    default:
      return []
  }
}

function shapeOf({ metric: { provider }, answer }: JudgedMetric): 'number' | 'list' | undefined {
  if (provider.kind === 'datadog') return 'number'
  if (provider.kind === 'graphite' || (provider.kind === 'prometheus' && provider.range)) return 'list'
  return answer && (answer.isList ? 'list' : 'number')
}
