// What a scenario demands of its runs, such as `detect.p90 < 3m`: parsed here, judged when the runs are over.
import { nearName } from './near-name.js'
import { count, duration, type Parsed, percentage, type Unit } from './units.js'

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!='

export interface Budget {
  /** As it was written. */
  readonly text: string
  readonly metric: BudgetMetric
  /** Without one, the budget is about every single run, or about a figure there is only one of. */
  readonly statistic?: string
  readonly comparison: Comparison
  /** Milliseconds, a ratio, a count, or a verdict. */
  readonly value: number | Verdict
  readonly unit: BudgetUnit
}

export type BudgetUnit = 'duration' | 'ratio' | 'count' | 'verdict'

/**
 * How a release ended: for everyone, given up or taken back, waiting for a person, or stuck when the scenario was over.
 */
export const verdicts = ['promoted', 'aborted', 'paused', 'stuck'] as const
export type Verdict = (typeof verdicts)[number]

interface MetricRules {
  readonly unit: BudgetUnit
  /** True for what differs from run to run and so has percentiles; false for what only many runs together have. */
  readonly perRun: boolean
}

/** Everything a budget can be about, in the words of the glossary. */
export const budgetMetrics = {
  detect: { unit: 'duration', perRun: true },
  safe: { unit: 'duration', perRun: true },
  duration: { unit: 'duration', perRun: true },
  'requests.exposed': { unit: 'count', perRun: true },
  'requests.failed': { unit: 'count', perRun: true },
  'requests.excess': { unit: 'count', perRun: true },
  'users.exposed': { unit: 'count', perRun: true },
  'users.harmed': { unit: 'count', perRun: true },
  'budget.spent': { unit: 'ratio', perRun: true },
  'weight.peak': { unit: 'ratio', perRun: true },
  missed: { unit: 'ratio', perRun: false },
  false_abort: { unit: 'ratio', perRun: false },
  verdict: { unit: 'verdict', perRun: false },
} as const satisfies Record<string, MetricRules>
export type BudgetMetric = keyof typeof budgetMetrics

export const budget: Unit<Budget> = {
  expected: 'a budget such as `users.harmed.p95 < 500`, `detect.p90 < 3m`, `verdict == aborted` or `missed < 1%`',
  examples: ['users.harmed.p95 < 500', 'detect.p90 < 3m', 'verdict == aborted', 'false_abort < 1%'],
  pattern: /^\s*([a-z_.]+?)(?:\.(p\d+(?:\.\d+)?|mean|min|max))?\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*$/,
  parse: parseBudget,
  format: ({ text }) => text,
}

export function parseBudget(text: string): Parsed<Budget> {
  const match = budget.pattern.exec(text)
  if (match === null) return refuse(`\`${text}\` is not ${budget.expected}`)
  const [, name = '', statistic, comparison = '', written = ''] = match
  if (!isMetric(name)) return refuseName(name)
  const { unit, perRun } = budgetMetrics[name]
  const mistake = statisticMistake(name, statistic, perRun)
  if (mistake !== undefined) return refuse(mistake)
  if (unit === 'verdict' && comparison !== '==' && comparison !== '!=') {
    return refuse(`a verdict is compared with \`==\` or \`!=\`, not with \`${comparison}\``)
  }
  const value = parseValue(unit, written)
  if (!value.ok) return value
  return {
    ok: true,
    value: Object.freeze({
      text: text.trim(),
      metric: name,
      ...(statistic === undefined ? {} : { statistic }),
      comparison: comparison as Comparison,
      value: value.value,
      unit,
    }),
  }
}

const VALUE_UNITS: Record<Exclude<BudgetUnit, 'verdict'>, Unit<number>> = { duration, ratio: percentage, count }

function parseValue(unit: BudgetUnit, written: string): Parsed<number | Verdict> {
  if (unit !== 'verdict') return VALUE_UNITS[unit].parse(written)
  const verdict = verdicts.find((word) => word === written)
  if (verdict !== undefined) return { ok: true, value: verdict }
  const expected = verdicts.map((word) => `\`${word}\``).join(' or ')
  const near = nearName(written, verdicts)
  const message = `unknown verdict \`${written}\`${near === undefined ? '' : `: did you mean \`${near}\`?`}`
  return { ok: false, message, expected }
}

function statisticMistake(name: string, statistic: string | undefined, perRun: boolean): string | undefined {
  if (statistic === undefined) return undefined
  if (!perRun) return `\`${name}\` is one figure for all runs: it has no \`${statistic}\``
  const percentile = statistic.startsWith('p') ? Number(statistic.slice(1)) : 50
  return percentile > 0 && percentile < 100 ? undefined : `\`${statistic}\` is no percentile: \`p1\` to \`p99.9\` are`
}

function isMetric(name: string): name is BudgetMetric {
  return Object.hasOwn(budgetMetrics, name)
}

function refuseName(name: string): Parsed<never> {
  const dot = name.lastIndexOf('.')
  if (dot > 0 && isMetric(name.slice(0, dot))) {
    return refuse(`unknown statistic \`${name.slice(dot + 1)}\``, 'Known are: p1 to p99.9, mean, min, max.')
  }
  const near = nearName(name, Object.keys(budgetMetrics))
  const suggestion = near === undefined ? '' : `: did you mean \`${near}\`?`
  const hint = near === undefined ? `Known are: ${Object.keys(budgetMetrics).join(', ')}.` : undefined
  return refuse(`unknown metric \`${name}\`${suggestion}`, hint)
}

function refuse(message: string, hint?: string): Parsed<never> {
  return { ok: false, message, expected: budget.expected, ...(hint === undefined ? {} : { hint }) }
}
