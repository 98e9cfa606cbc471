// What must be true of metrics of the workload's own, as Prometheus and its exposition format have it.
import type { z } from 'zod'
import { nearName } from './near-name.js'
import { type CountedThing, countedThings, labelVariables, variablePattern } from './own-metrics.js'
import { complain, numberAt, valueAt } from './schema-checks.js'

type Context = z.core.$RefinementCtx<unknown>

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** What Prometheus itself writes. */
const reservedNames = /^(up|ALERTS|ALERTS_FOR_STATE|scrape_(duration_seconds|samples_.*|series_added))$/
const targetLabels: readonly string[] = ['job', 'instance']

/** The fields that make sense for some of what can be counted only. */
const fieldsOf: Readonly<Record<string, readonly CountedThing[]>> = {
  at: ['requests', 'successes', 'errors', 'latency'],
  share: ['requests', 'successes', 'errors'],
  adds: ['requests', 'successes', 'errors'],
  fromStart: ['requests', 'successes', 'errors', 'latency'],
  buckets: ['latency'],
  unit: ['latency'],
}

export function checkOwnMetric(metric: unknown, context: Context): void {
  const name = valueAt(metric, 'name')
  if (typeof name === 'string') checkName(name, context)
  const counts = valueAt(metric, 'counts')
  const thing = (Object.keys(countedThings) as CountedThing[]).find((known) => known === counts)
  if (thing === undefined) return
  for (const [field, things] of Object.entries(fieldsOf)) {
    if (valueAt(metric, field) === undefined || things.includes(thing)) continue
    complain(context, [field], `\`${field}\` is for ${things.join(', ')}, and this counts ${thing}`)
  }
  checkLabels(metric, thing, context)
  checkBuckets(metric, context)
}

/** A histogram takes three names, and a name is one metric's. */
export function checkOwnMetrics(metrics: unknown, context: Context): void {
  if (!Array.isArray(metrics)) return
  const taken = new Map<string, string>()
  for (const [index, metric] of metrics.entries()) {
    const name = valueAt(metric, 'name')
    if (typeof name !== 'string') continue
    for (const own of valueAt(metric, 'counts') === 'latency' ? histogramNames(name) : [name]) {
      const other = taken.get(own)
      if (other !== undefined)
        complain(context, [index, 'name'], `${own} is a name of ${other}, which is told of before`)
      taken.set(own, name)
    }
  }
}

function histogramNames(name: string): readonly string[] {
  return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
}

function checkName(name: string, context: Context): void {
  if (!metricName.test(name)) {
    const hint = 'Letters, digits, _ and : make a name, and no digit begins it.'
    complain(context, ['name'], `\`${name}\` is no name of a metric`, hint)
  } else if (reservedNames.test(name)) {
    complain(context, ['name'], `${name} is written by Prometheus itself`, 'Choose another name.')
  }
}

function checkLabels(metric: unknown, thing: CountedThing, context: Context): void {
  const labels = valueAt(metric, 'labels')
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return
  for (const [label, value] of Object.entries(labels)) {
    const complaint = complaintOf(label, thing)
    if (complaint) complain(context, ['labels', label], ...complaint)
    if (typeof value === 'string') checkVariables(label, value, thing, context)
  }
}

function complaintOf(label: string, thing: CountedThing): [message: string, hint?: string] | undefined {
  if (!labelName.test(label)) {
    return [`\`${label}\` is no name of a label`, 'Letters, digits and _ make a name, and no digit begins it.']
  }
  if (label.startsWith('__')) return [`labels that begin with __ are Prometheus' own, such as ${label}`]
  if (targetLabels.includes(label)) return [`${label} is put on by whoever scrapes: it can't be the metric's`]
  if (label === 'le' && thing === 'latency') return ['le is the label of the buckets']
  return undefined
}

/** Counts of requests know a response code, and what pods of the whole cluster are told of as no response. */
function checkVariables(label: string, value: string, thing: CountedThing, context: Context): void {
  for (const [text, braced, bare] of value.matchAll(variablePattern)) {
    const name = braced ?? bare
    if (name === undefined) continue
    const known: readonly string[] = labelVariables
    if (!known.includes(name)) {
      const near = nearName(name, known)
      const hint =
        near === undefined ? `There are: ${known.map((each) => `$${each}`).join(', ')}.` : `Did you mean $${near}?`
      complain(context, ['labels', label], `\`${text}\` stands for nothing`, hint)
    } else if (unknownTo(thing).includes(name)) {
      complain(context, ['labels', label], `\`${text}\` is unknown where ${thing} are counted`)
    }
  }
}

function unknownTo(thing: CountedThing): readonly string[] {
  if (countedThings[thing] === 'gauge') return ['code', 'pod', 'service']
  return thing === 'restarts' ? ['code', 'service'] : []
}

function checkBuckets(metric: unknown, context: Context): void {
  const buckets = valueAt(metric, 'buckets')
  if (!Array.isArray(buckets)) return
  for (const index of buckets.keys()) {
    const [before, bound] = [numberAt(context, 'buckets', index - 1), numberAt(context, 'buckets', index)]
    if (before === undefined || bound === undefined || bound > before) continue
    complain(context, ['buckets', index], 'buckets must be in order: the one before is not less')
  }
}
