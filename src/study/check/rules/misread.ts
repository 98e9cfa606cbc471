// What an analysis reads otherwise than it is written, or drops, without a word.
import { intOf } from '../../../policy/argo/metric.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { measurementsOf } from './flown.js'
import { judgedMetrics, requestsIn } from './judged-metrics.js'
import { strategyPlace } from './written.js'

export const misread: readonly Rule[] = [
  {
    id: 'limit-not-a-number',
    severity: 'error',
    title: 'A count or a limit is no number and counts as 0.',
    find: findWords,
  },
  {
    id: 'count-below-zero',
    severity: 'warning',
    title: 'A count below 0 is one measurement.',
    find: findNegativeCounts,
  },
  {
    id: 'interval-below-second',
    severity: 'error',
    title: 'An interval below a second lets a metric be measured in bursts.',
    find: findBursts,
  },
  {
    id: 'interval-in-parts-of-seconds',
    severity: 'note',
    title: 'Of an interval only the whole seconds count.',
    find: findPartSeconds,
  },
  {
    id: 'argument-empty',
    severity: 'warning',
    title: 'An argument has a name alone: it is the empty text, whatever the default.',
    find: findEmptyArguments,
  },
  {
    id: 'invalid-hash-value',
    severity: 'warning',
    title: 'podTemplateHashValue is a word that is not known: the argument is the empty text.',
  },
  {
    id: 'argument-dropped',
    severity: 'warning',
    title: 'An argument that no template declares is dropped.',
    find: findDroppedArguments,
  },
]

const limits = [
  'count',
  'failureLimit',
  'inconclusiveLimit',
  'consecutiveErrorLimit',
  'consecutiveSuccessLimit',
] as const

function* findWords(subject: Subject): Iterable<Found> {
  for (const { filled, written, metric } of subject.policy ? judgedMetrics(subject.policy) : []) {
    for (const field of limits) {
      const value = filled[field]
      if (typeof value !== 'string' || intOf(value) !== 0 || /^[+-]?0+$/.test(value)) continue
      const endless = field === 'count' && metric.intervalMs !== undefined
      yield {
        place: written.places[field],
        message: `${field} of ${metric.name} is ${JSON.stringify(value)}, which counts as 0`,
        why: endless
          ? `A count of 0 is none: with an interval of ${formatDuration(metric.intervalMs!)} the metric is measured until somebody ends it.`
          : `Nothing tells of it: the metric runs with a ${field} of 0${field === 'count' ? ', which is one measurement' : ''}.`,
        mend: 'Give it a whole number.',
      }
    }
  }
}

function* findNegativeCounts(subject: Subject): Iterable<Found> {
  for (const { written, metric } of subject.policy ? judgedMetrics(subject.policy) : []) {
    if (metric.count === undefined || metric.count >= 0) continue
    yield {
      place: written.places.count,
      message: `${metric.name} has a count of ${metric.count} and is measured once`,
      why: 'After the first measurement the count is reached, as 1 is more; it is not endless.',
      mend: 'Write how often it is to be measured; without a count an interval goes on for ever.',
      ...(measurementsOf(subject.healthy, metric.name).length === 1 && {
        flown: 'It is measured once in a good release.',
      }),
    }
  }
}

function* findBursts(subject: Subject): Iterable<Found> {
  for (const { written, metric } of subject.policy ? judgedMetrics(subject.policy) : []) {
    const { name, intervalMs, count } = metric
    if (intervalMs === undefined || intervalMs >= 1000 || (count !== undefined && count <= 1)) continue
    const times = count === undefined ? 'without an end' : `all ${count} times within a second or two`
    yield {
      place: written.places.interval,
      message: `an interval of ${written.interval} has ${name} measured as fast as passes go, ${times}`,
      why: 'The end of a measurement is kept in whole seconds, rounded down, and the next one is due so long after that: mostly it is past already. Whoever answers is asked many times a second for one and the same value.',
      mend: 'Write an interval of whole seconds, no shorter than the scrape interval.',
      ...flownBurst(subject, name),
    }
  }
}

function flownBurst({ healthy }: Subject, name: string): Pick<Found, 'flown'> {
  const times = measurementsOf(healthy, name).map(({ atMs }) => atMs)
  const within = times.filter((atMs) => atMs < times[0]! + 1000).length
  return within > 1 ? { flown: `In the first second ${name} is measured ${within} times.` } : {}
}

function* findPartSeconds(subject: Subject): Iterable<Found> {
  for (const { written, metric } of subject.policy ? judgedMetrics(subject.policy) : []) {
    const { name, intervalMs = 0 } = metric
    if (intervalMs < 1000 || intervalMs % 1000 === 0) continue
    const real = formatDuration(Math.floor(intervalMs / 1000) * 1000)
    yield {
      place: written.places.interval,
      message: `${name} is measured every ${real}, not every ${formatDuration(intervalMs)}`,
      why: 'The end of a measurement is kept in whole seconds, rounded down, and the interval counts from that: from the second measurement on the part of a second is lost each time.',
      mend: `Write ${real}.`,
    }
  }
}

function* findEmptyArguments(subject: Subject): Iterable<Found> {
  const { policy } = subject
  for (const { request, path } of policy ? requestsIn(policy) : []) {
    const { templates } = policy!.catalogue.resolve(request, () => '')
    const declared = templates.flatMap(({ args }) => args)
    for (const [index, { name, value, valueFrom }] of request.args.entries()) {
      if (value !== undefined || valueFrom !== undefined) continue
      const standard = declared.find((arg) => arg.name === name)
      if (standard === undefined) continue
      const butNot = standard.value === undefined ? '' : `, and not ${JSON.stringify(standard.value)}`
      yield {
        place: strategyPlace(subject, ...path, 'args', index),
        message: `${name} is the empty text here${butNot}`,
        why: `An argument that is given without a value is given all the same, and goes before the default of the template: {{args.${name}}} becomes nothing.`,
        mend: 'Give it a value, or leave the argument out.',
      }
    }
  }
}

function* findDroppedArguments(subject: Subject): Iterable<Found> {
  const { policy } = subject
  for (const { request, path } of policy ? requestsIn(policy) : []) {
    const { templates } = policy!.catalogue.resolve(request, () => '')
    const declared = new Set(templates.flatMap(({ args }) => args.map(({ name }) => name)))
    for (const [index, { name }] of request.args.entries()) {
      if (declared.has(name)) continue
      yield {
        place: strategyPlace(subject, ...path, 'args', index),
        message: `no template declares ${name}: it is dropped`,
        why: `Of what the Rollout gives only those that are among the args of a template get there: ${declared.size === 0 ? 'none is' : [...declared].join(', ')}. Nobody tells of others, such as misspelt ones.`,
        mend: `Add {name: ${name}} to the args of the template, or remove it here.`,
      }
    }
  }
}
