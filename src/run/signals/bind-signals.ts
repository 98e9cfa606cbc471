// Binds the metrics of a policy that Prometheus doesn't answer to the signals of a scenario, and says what is missing.
import { webResult } from '../../policy/argo/condition/web-result.js'
import type { Metric, Provider } from '../../policy/argo/metric.js'
import type { Json } from '../../scenario/json.js'
import type { ScenarioFile } from '../../scenario/load.js'
import { nearName } from '../../scenario/near-name.js'
import type { Place, Problems } from '../../scenario/problem.js'
import type { ScriptedAnswer, Signal } from '../../scenario/signals.js'
import type { AskedMetric } from '../asked-metrics.js'
import { bodyOf, holdsValue, shapeAt, shapeNamedIn } from './placed-value.js'
import { fits, SignalBook } from './signal-book.js'
import type { Hashes } from './signal-query.js'

export function bindSignals(
  asked: readonly AskedMetric[],
  signals: readonly Signal[],
  hashes: Hashes,
  file: ScenarioFile,
  problems: Problems,
): SignalBook {
  const book = new SignalBook(hashes)
  const used = new Set<Signal>()
  // A metric may be asked with other arguments, too: it is told once.
  const unanswered = new Map<string, AskedMetric>()
  const misfits = new Set<string>()
  const others = asked.filter(({ metric }) => metric.provider.kind !== 'prometheus')
  for (const each of others) {
    const { metric, place } = each
    const signal = signals.find((candidate) => fits(candidate, metric.source))
    if (!signal) {
      unanswered.set(`${metric.source.template} ${metric.name}`, each)
      continue
    }
    used.add(signal)
    const shape = shapeFor(metric.provider, signal)
    const complaint = misfit(metric.provider, signal, shape)
    if (!complaint) {
      book.bind(metric.source, signal, shape)
      continue
    }
    const [what, hint] = complaint
    const message = `${what}: it answers for metric ${metric.name} of ${place.file}:${place.line}`
    if (misfits.has(message)) continue
    misfits.add(message)
    problems.error('signal-misfit', placeOf(file, signals.indexOf(signal)), message, { hint })
  }
  for (const each of unanswered.values()) tellMissing(each, problems)
  const names = [...new Set(others.map(({ metric }) => metric.name))]
  for (const [index, signal] of signals.entries()) {
    if (used.has(signal)) continue
    const hint = whyUnused(signal, names)
    problems.warning('signal-unused', placeOf(file, index), 'this signal answers for no metric of the policy', { hint })
  }
  return book
}

function placeOf(file: ScenarioFile, index: number): Place {
  return file.placeOf(['observability', 'signals', index])
}

function whyUnused({ metric }: Signal, names: readonly string[]): string {
  if (names.length === 0)
    return 'No analysis of the policy that can begin asks anybody but Prometheus, whose queries are evaluated.'
  const near = metric === undefined || names.includes(metric) ? undefined : nearName(metric, names)
  if (near !== undefined) return `Did you mean ${near}?`
  return `A signal before it may fit the same metrics. There are: ${names.join(', ')}.`
}

function tellMissing({ metric, place }: AskedMetric, problems: Problems): void {
  const { provider } = metric
  const message = `metric ${metric.name}: nothing in the scenario says what ${provider.kind} answers`
  const hint = `Write in the scenario: observability: {signals: [${suggestedSignal(metric)}]}`
  problems.error('signal-missing', place, message, { hint })
}

/** A signal that may answer for a metric, as a scenario has it. */
export function suggestedSignal({ name, source, provider }: Metric): string {
  const written = /^[a-z][\w.-]*$/i.test(name) ? name : JSON.stringify(name)
  return `{metric: ${written}, ${suggestion(source.text, provider)}}`
}

/** What most metrics of the kind are about; a person will know better. */
function suggestion(text: string, { kind }: Provider): string {
  if (kind === 'job') return 'takes: 30s, values: [{at: 0s, value: 0}]'
  if (kind === 'kayenta') return 'reads: successRatio, of: canary, unit: percent'
  const shape = kind === 'skywalking' ? ', json: {name: $value}' : ''
  const reads = /latency|duration|response.?time/i.test(text)
    ? 'reads: latency, quantile: 99%'
    : /success/i.test(text)
      ? 'reads: successRatio'
      : 'reads: errorRatio'
  return `${reads}, of: canary, over: 1m${shape}`
}

/** Undefined where none is needed, or none can be guessed. */
function shapeFor(provider: Provider, { shape }: Signal): Json | undefined {
  if (shape !== undefined) return shape
  if (provider.kind === 'web') return shapeAt(provider.jsonPath.template)
  return provider.kind === 'newRelic' ? shapeNamedIn(provider.query) : undefined
}

type Complaint = readonly [what: string, hint: string]

const jsonProviders: readonly string[] = ['web', 'newRelic', 'skywalking']
const listProviders: readonly string[] = ['cloudWatch', 'wavefront', 'graphite', 'influxdb', ...jsonProviders]

/** Why a signal can't answer for a metric of a provider. */
function misfit(provider: Provider, signal: Signal, shape: Json | undefined): Complaint | undefined {
  const { kind } = provider
  const answersInJson = jsonProviders.includes(kind)
  if (kind !== 'job' && (signal.takesMs ?? signal.failsAbove) !== undefined) {
    return ['`takes` and `failsAbove` are for Jobs', `${kind} is judged by the conditions of the metric.`]
  }
  if (signal.shape !== undefined && !answersInJson) {
    return [`${kind} doesn't answer in JSON`, 'Remove `json`: the value alone is enough.']
  }
  if (signal.shape !== undefined && !holdsValue(signal.shape)) {
    return ['its `json` has no place for the value', 'Write `$value` in it.']
  }
  if (kind === 'job' && signal.source.kind === 'world' && signal.failsAbove === undefined) {
    return ['a Job ends well or badly', 'Write `failsAbove` beside `reads`.']
  }
  const answers: readonly ScriptedAnswer[] =
    signal.source.kind === 'script' ? signal.source.points.map(({ says }) => says) : [{ kind: 'numbers', values: [0] }]
  for (const answer of answers) {
    const complaint = answerMisfit(provider, answer, shape)
    if (complaint) return complaint
  }
  return undefined
}

function answerMisfit(provider: Provider, answer: ScriptedAnswer, shape: Json | undefined): Complaint | undefined {
  const { kind } = provider
  const isJson = jsonProviders.includes(kind)
  if (answer.kind === 'reply' && kind !== 'web') {
    return [`${kind} is no web server`, 'Write `value` instead of `status` and `text`.']
  }
  if (answer.kind === 'json' && !isJson) return [`${kind} doesn't answer in JSON`, 'Write `value` instead of `json`.']
  if (kind === 'job' && (answer.kind === 'null' || answer.kind === 'empty')) {
    return ['a Job ends with an exit code', 'Write 0 for success, 1 for a failure.']
  }
  if (answer.kind === 'numbers' && answer.values.length > 1 && !listProviders.includes(kind)) {
    return [`${kind} gives one number`, 'Write a number instead of a list.']
  }
  if (answer.kind === 'numbers' && provider.kind === 'cloudWatch') {
    const returned = provider.queries.filter(({ returnsData }) => returnsData).length
    if (returned > 1 && answer.values.length !== returned) {
      return [`the metric has ${returned} queries that return data`, `Script a list of ${returned} numbers.`]
    }
  }
  const needsShape = answer.kind === 'numbers' || answer.kind === 'null'
  if (needsShape && isJson && shape === undefined) {
    return ['where the value goes in the answer is not clear', 'Write it as `json: {name: $value}`.']
  }
  return provider.kind === 'web' ? panicOf(provider, answer, shape) : undefined
}

/** The body `null` ends the controller's process, again and again: nobody wants to fly that. */
function panicOf(
  { jsonPath }: Extract<Provider, { kind: 'web' }>,
  answer: ScriptedAnswer,
  shape: Json | undefined,
): Complaint | undefined {
  if (answer.kind === 'error') return undefined
  const { status, body } = bodyOf(answer, shape)
  if (webResult(status, body, jsonPath).kind !== 'controllerPanic') return undefined
  return ['at such an answer the real controller dies, at each of its starts', 'Answer with an object, not with null.']
}
