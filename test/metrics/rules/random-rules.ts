// Random rule files: mostly sound in parts, with the mistakes that people make, and some that only machines do.
import type { Chance } from '../../conformance/chance.js'

export function randomRuleFile(chance: Chance): string {
  const groups = many(chance, 3, () => groupOf(chance))
  const text = chance.happens(0.03) ? `groups: ${chance.oneOf(oddities)}\n` : `groups:\n${groups.join('')}`
  const more = chance.happens(0.03)
    ? `${chance.oneOf(['', 'x: 1', '---\na: [', '...\n', 'groups: []', '# end'])}\n`
    : ''
  return chance.happens(0.25) ? mutated(chance, text + more) : text + more
}

const oddities = ['', '[]', '{}', '~', '"a"', '5', '[a]', '[[]]', '[~]', 'null', '*a', '&a []', '!!seq []']

function groupOf(chance: Chance): string {
  const fields = [
    ...maybe(chance, 0.97, () => `name: ${name(chance)}`),
    ...maybe(chance, 0.3, () => `interval: ${duration(chance)}`),
    ...maybe(chance, 0.15, () => `query_offset: ${duration(chance)}`),
    ...maybe(chance, 0.15, () => `limit: ${chance.oneOf(limits)}`),
    ...maybe(chance, 0.2, () => `labels: ${mapping(chance)}`),
    ...maybe(chance, 0.02, () =>
      chance.oneOf(['namme: a', 'rule: []', 'partial_response_strategy: warn', 'x: {y: z}']),
    ),
  ]
  const rules = many(chance, 4, () => ruleOf(chance))
  const list = chance.happens(0.03) ? `rules: ${chance.oneOf(oddities)}\n` : `rules:\n${rules.join('')}`
  return `  - ${[...shuffled(chance, fields), list].join('\n    ')}`
}

const limits = [
  '0',
  '1',
  '10',
  '-1',
  '"5"',
  'ten',
  '0x1F',
  '0b11',
  '0o17',
  '017',
  '1_0',
  '1e2',
  '1.5',
  '',
  '~',
  '[1]',
  'true',
]

function ruleOf(chance: Chance): string {
  const isAlert = chance.happens(0.5)
  const alertOnly = isAlert ? 0.5 : 0.03
  const fields = [
    ...maybe(chance, 0.98, () => `${isAlert ? 'alert' : 'record'}: ${isAlert ? name(chance) : record(chance)}`),
    ...maybe(chance, 0.02, () => `${isAlert ? 'record' : 'alert'}: ${chance.oneOf(['a', '""', ''])}`),
    ...maybe(chance, 0.98, () => `expr: ${expression(chance)}`),
    ...maybe(chance, alertOnly, () => `for: ${duration(chance)}`),
    ...maybe(chance, alertOnly / 2, () => `keep_firing_for: ${duration(chance)}`),
    ...maybe(chance, 0.3, () => `labels: ${mapping(chance)}`),
    ...maybe(chance, alertOnly, () => `annotations: ${mapping(chance)}`),
    ...maybe(chance, 0.02, () => chance.oneOf(['anotations: {a: b}', 'expression: up', 'For: 5m', 'severity: page'])),
  ]
  const [first = '{}', ...others] = shuffled(chance, fields)
  return `      - ${[first, ...others].join('\n        ')}\n`
}

const names = ['a', 'b', 'Errors', 'HighLatency', '"two words"', 'größe', 'job:errors:rate5m', '5', 'true', '1.0']

function name(chance: Chance): string {
  return chance.happens(0.97)
    ? chance.oneOf(names)
    : chance.oneOf(['', '""', '~', '[a]', '{a: b}', "''", '!!str 5', '|\n'])
}

function record(chance: Chance): string {
  return chance.happens(0.95) ? name(chance) : chance.oneOf(["'up{}'", "'a}'", '"{a=1}"', 'a{b', '"a b"', '"\\u00fc"'])
}

const durations = ['0', '0s', '30s', '1m', '5m', '1h30m', '1d', '1w', '1y', '15s500ms', '2h', '10m', '90s', '1m0s']
const badDurations = [
  '5',
  '-5m',
  '5 m',
  '1.5h',
  'm',
  '""',
  'five',
  '1m1h',
  '1h1h',
  '[5m]',
  '{}',
  '5M',
  '300y',
  '1µs',
  'true',
  '5m ',
  '" 5m"',
]

function duration(chance: Chance): string {
  return chance.happens(0.9) ? chance.oneOf([...durations, '', '~']) : chance.oneOf(badDurations)
}

const expressions = [
  'up',
  'up == 0',
  'sum(rate(errors[5m])) by (job)',
  'sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m])) > 0.05',
  'histogram_quantile(0.99, sum by (le) (rate(latency_bucket[5m])))',
  '1',
  'vector(1)',
  'absent(up{job="a"})',
  '"up"',
  "'up'",
  '"up{job=\\"a\\"}"',
  '\'up{job="a"}\'',
  '>-\n          sum(up)\n          / count(up)',
  '|\n          sum(\n            up\n          )',
  'up offset 5m',
  'up and on (job) errors',
  'up[5m]',
  'time() > 0',
  'max_over_time(up[1h:5m])',
]
const badExpressions = [
  '',
  '""',
  '~',
  '[up]',
  '{a: b}',
  'sum(up',
  'rat(errors[5m])',
  'up{job=a}',
  'rate(errors)',
  'sum(up))',
  'up +',
  '"up{job=~\\"(\\"}"',
  '1 + ',
  '|\n          sum(\n            upp[\n          )',
  'up == == 0',
  'up and 1',
]

function expression(chance: Chance): string {
  return chance.happens(0.95) ? chance.oneOf(expressions) : chance.oneOf(badExpressions)
}

const keys = ['a', 'severity', 'team', 'summary', 'b-c', 'größe', '"d e"', '5', 'true']
const values = [
  'page',
  '5',
  '"{{ $labels.job }}"',
  '',
  '~',
  '1e3',
  'true',
  '"a b"',
  '2001-01-01',
  "'{{ $value | humanize }}'",
]
const badTemplates = ["'{{ $labels.job'", "'{{ nosuch }}'", "'{{ if }}'", "'{{ $x }}'", "'{{ end }}'"]

function mapping(chance: Chance): string {
  if (chance.happens(0.03)) return chance.oneOf(['[]', '[a]', 'a', '', '~', '5', '{a}', '{a: [b]}', '{a: {b: c}}'])
  const entries = many(chance, 3, () => {
    const key = chance.happens(0.97) ? chance.oneOf(keys) : chance.oneOf(['__name__', '""', '~', '[a]'])
    return `${key}: ${chance.happens(0.95) ? chance.oneOf(values) : chance.oneOf(badTemplates)}`
  })
  return `{${entries.join(', ')}}`
}

/** A character, a word or a line that went, came twice or changed. */
function mutated(chance: Chance, text: string): string {
  const at = chance.below(text.length)
  const length = chance.oneOf([1, 1, 2, 5])
  const piece = text.slice(at, at + length)
  const added = chance.oneOf([
    '',
    piece + piece,
    ' ',
    '\n',
    ':',
    '"',
    "'",
    '-',
    '{',
    '}',
    '[',
    ']',
    '#',
    ',',
    '&a ',
    '0',
  ])
  return text.slice(0, at) + added + text.slice(at + length)
}

function maybe(chance: Chance, probability: number, make: () => string): string[] {
  return chance.happens(probability) ? [make()] : []
}

function many(chance: Chance, most: number, make: () => string): string[] {
  return Array.from({ length: chance.below(most + 1) }, make)
}

function shuffled(chance: Chance, items: readonly string[]): string[] {
  const rest = [...items]
  return items.map(() => rest.splice(chance.below(rest.length), 1)[0]!)
}
