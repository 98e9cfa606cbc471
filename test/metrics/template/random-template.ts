// Random templates of alerts: as people write them, as nobody does, and broken ones. A template depends on the
// generator alone.
import type { Chance } from '../../conformance/chance.js'

export interface TemplateQuestion {
  readonly alert: string
  readonly text: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: string
  readonly externalLabels: Readonly<Record<string, string>>
  readonly externalURL: string
  readonly at: number
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: string }[]
}

export function randomTemplateQuestion(chance: Chance): TemplateQuestion {
  return {
    alert: chance.happens(0.9) ? 'HighErrors' : chance.oneOf(['a b', '100%d', 'é', '%!', '']),
    text: randomTemplate(chance),
    labels: randomLabels(chance),
    value: randomNumber(chance),
    externalLabels: chance.happens(0.5) ? {} : { region: 'eu', replica: '1' },
    externalURL: chance.oneOf(['', 'http://prometheus:9090', 'https://example.com/prom']),
    at: chance.oneOf([0, 1435065584.128, 1700000000, 12.5]),
    samples: many(chance, 4, () => ({ labels: randomLabels(chance), value: randomNumber(chance) })),
  }
}

export function randomTemplate(chance: Chance): string {
  const written = block(chance, 3)
  return chance.happens(0.2) ? mutated(chance, written) : written
}

const words = [
  '',
  'a',
  'api-1',
  'Error rate',
  'é<&>"',
  "it's",
  '10.0.0.1:9090',
  'node.example.com:80',
  '[::1]:80',
  '5m',
]
const numbers = [
  '0',
  '1',
  '-1',
  '0.5',
  '0.05',
  '1234.5678',
  '1e6',
  '123456789',
  '1e21',
  '-2.5e-7',
  '3600',
  '86461',
  '0.1',
]
const oddNumbers = [
  'NaN',
  '+Inf',
  '-Inf',
  '-0',
  '5e-324',
  '1.7976931348623157e308',
  '9007199254740993',
  '1e10',
  '9.3e9',
]

function randomNumber(chance: Chance): string {
  return chance.happens(0.25) ? chance.oneOf(oddNumbers) : chance.oneOf(numbers)
}

function randomLabels(chance: Chance): Readonly<Record<string, string>> {
  const names = ['alertname', 'instance', 'job', 'severity', 'path', '__value__']
  return Object.fromEntries(many(chance, 4, () => [chance.oneOf(names), chance.oneOf(words.slice(1))]))
}

function block(chance: Chance, depth: number): string {
  return many(chance, 4, () => (chance.happens(0.4) ? plainText(chance) : action(chance, depth))).join('')
}

function plainText(chance: Chance): string {
  return chance.oneOf(['Instance ', ' is down\n', ' %', ' > 5% ', '\n  ', 'é€😀', '}', '{', ' }} ', '"', '$1'])
}

function action(chance: Chance, depth: number): string {
  if (depth <= 0 || chance.happens(0.6)) return wrap(chance, statement(chance))
  const inner = () => block(chance, depth - 1)
  const tag = (text: string) => wrap(chance, text)
  const otherwise = () => (chance.happens(0.4) ? tag('else') + inner() : '')
  return chance.oneOf([
    () => `${tag(`if ${pipeline(chance)}`)}${inner()}${otherwise()}${tag('end')}`,
    () =>
      `${tag(`if ${pipeline(chance)}`)}${inner()}${tag(`else if ${pipeline(chance)}`)}${inner()}${otherwise()}${tag('end')}`,
    () => `${tag(`with ${declared(chance)}${pipeline(chance)}`)}${inner()}${otherwise()}${tag('end')}`,
    () => `${tag(`with ${pipeline(chance)}`)}${inner()}${tag(`else with ${pipeline(chance)}`)}${inner()}${tag('end')}`,
    () => `${tag(`range ${ranged(chance)}`)}${inner()}${otherwise()}${tag('end')}`,
    () => `${tag(`range ${ranged(chance)}`)}${inner()}${leave(chance)}${inner()}${otherwise()}${tag('end')}`,
    () => `${tag(`define ${text(chance, ['t', 'u'])}`)}${inner()}${tag('end')}`,
    () => `${tag(`block ${text(chance, ['b', 't'])} ${pipeline(chance)}`)}${inner()}${tag('end')}`,
    () => tag(`template ${text(chance, ['t', 'u', 'b', 'none'])}${chance.happens(0.7) ? ` ${pipeline(chance)}` : ''}`),
  ])()
}

function leave(chance: Chance): string {
  return `{{if ${pipeline(chance)}}}${chance.oneOf(['{{break}}', '{{continue}}'])}{{end}}`
}

function wrap(chance: Chance, inside: string): string {
  const left = chance.happens(0.15) ? '{{- ' : chance.oneOf(['{{', '{{ '])
  const right = chance.happens(0.15) ? ' -}}' : chance.oneOf(['}}', ' }}'])
  return left + inside + right
}

function statement(chance: Chance): string {
  if (chance.happens(0.3)) return usual(chance)
  if (chance.happens(0.03))
    return chance.oneOf(['/* a comment */', '/* two\nlines */', 'break', 'continue', 'end', 'else', ''])
  if (chance.happens(0.15)) return `$x ${chance.oneOf([':=', ':=', '='])} ${pipeline(chance)}`
  return pipeline(chance)
}

/** What people write. */
function usual(chance: Chance): string {
  return chance.oneOf([
    '$value',
    '$labels.instance',
    '.Labels.job',
    '$labels.nothing',
    '$value | humanize',
    '$value | humanizePercentage',
    '$value | humanizeDuration',
    '$value | humanize1024',
    '$value | humanizeTimestamp',
    'printf "%.2f" $value',
    'printf "%.2f%%" $value',
    '$value | printf "%.1f"',
    'with query "up" }}{{ . | first | value | humanize }}{{ end',
    'with query "up" }}{{ . | first | label "instance" }}{{ end',
    'range query "up" }}{{ .Labels.instance }}: {{ .Value }}\n{{ end',
    'range $i, $s := query "up" | sortByLabel "instance" }}{{ $i }}={{ $s.Labels.instance }} {{ end',
    'if gt $value 1.0 }}critical{{ else }}warning{{ end',
    'if eq $labels.job "a" }}x{{ else if match "^a" $labels.job }}y{{ end',
    'reReplaceAll "(.*):.*" "$1" $labels.instance',
    '$labels.instance | stripPort',
    '$labels.instance | stripDomain',
    '$externalLabels.region',
    '$externalURL',
    'externalURL',
    'graphLink "rate(x[5m])"',
    'toUpper $labels.job | title',
    'now | toTime',
    '(toTime $value).Year',
    '(now | toTime).Format "2006-01-02T15:04:05Z07:00"',
    'toDuration $value',
    'parseDuration "1h30m"',
    '.',
    '$',
    '$labels',
  ])
}

function declared(chance: Chance): string {
  return chance.happens(0.3) ? '$x := ' : ''
}

function ranged(chance: Chance): string {
  const variables = chance.oneOf(['', '', '$x := ', '$i, $x := ', '$i, $x = '])
  const over = chance.oneOf([
    'query "up"',
    '$labels',
    '.Labels',
    '3',
    '$externalLabels',
    'query "none" | sortByLabel "job"',
  ])
  return variables + (chance.happens(0.8) ? over : pipeline(chance))
}

function pipeline(chance: Chance): string {
  const first = command(chance, 2)
  const rest = many(chance, chance.happens(0.3) ? 3 : 1, () => piped(chance))
  return [first, ...rest].join(chance.oneOf([' | ', '|']))
}

function piped(chance: Chance): string {
  return chance.oneOf([
    'humanize',
    'humanize1024',
    'humanizeDuration',
    'humanizePercentage',
    'humanizeTimestamp',
    'toUpper',
    'toLower',
    'title',
    'stripPort',
    'stripDomain',
    'len',
    'not',
    'html',
    'js',
    'urlquery',
    'print',
    'println',
    'first',
    'value',
    'label "job"',
    'strvalue',
    'sortByLabel "instance"',
    'query',
    'toTime',
    'toDuration',
    'parseDuration',
    'safeHtml',
    'urlQueryEscape',
    'printf "%v"',
    `printf ${text(chance, [format(chance)])}`,
    'index . ',
    'eq "a"',
    'lt 1.5',
    'and true',
    'or false',
    'match "a"',
    'call',
    'args',
  ])
}

function command(chance: Chance, depth: number): string {
  if (depth <= 0 || chance.happens(0.3)) return operand(chance, depth)
  const one = () => operand(chance, depth - 1)
  const some = () => many(chance, 4, one).join(' ')
  return chance.oneOf([
    () => `printf ${text(chance, [format(chance)])} ${some()}`,
    () => `printf ${text(chance, [format(chance)])} ${one()}`,
    () => `${chance.oneOf(['print', 'println', 'html', 'js', 'urlquery', 'args'])} ${some()}`,
    () => `${chance.oneOf(['eq', 'ne', 'lt', 'le', 'gt', 'ge'])} ${one()} ${one()}`,
    () => `${chance.oneOf(['eq', 'ne', 'lt', 'le', 'gt', 'ge'])} ${number(chance)} ${number(chance)}`,
    () => `${chance.oneOf(['eq', 'and', 'or'])} ${some()}`,
    () => `${chance.oneOf(['not', 'len', 'call'])} ${one()}`,
    () => `index ${one()} ${some()}`,
    () => `slice ${one()} ${many(chance, 4, () => number(chance)).join(' ')}`,
    () =>
      `slice ${chance.oneOf(['"héllo"', '(query "up")', '$labels.job'])} ${many(chance, 4, () => String(chance.below(4))).join(' ')}`,
    () => `index ${chance.oneOf(['$labels "job"', '(query "up") 0', '"abc" 1', '(args 1 "x") "arg0"'])}`,
    () => `${piped(chance)} ${one()}`,
    () => `query ${text(chance, ['up', 'fail', ''])}`,
    () =>
      `reReplaceAll ${text(chance, patterns)} ${text(chance, ['$1', 'x', `$\{1}y`, '$$', '$name', '$1x', '-'])} ${one()}`,
    () => `match ${text(chance, patterns)} ${one()}`,
    () =>
      `parseDuration ${text(chance, ['1h30m', '-5m', '0', '', '5', '1m1h', '1ms', '1y2w3d', '99999999y', '5parsecs'])}`,
    () => `(toTime ${one()}).${chance.oneOf(timeMethods)}`,
    () =>
      `(toDuration ${one()}).${chance.oneOf(['Seconds', 'String', 'Hours', 'Round 1000', 'Truncate 60000000000', 'Nope'])}`,
    () => some(),
  ])()
}

const patterns = ['(.*):.*', '^a', 'a*', '(', '(?P<name>[a-z]+)', '', '[', '\\d+', '(?i)A', '.', 'é']
const timeMethods = [
  'Year',
  'Month',
  'Day',
  'Weekday',
  'YearDay',
  'Unix',
  'UnixMilli',
  'UnixNano',
  'Hour',
  'Minute.X',
  'IsZero',
  'Clock',
  'ISOWeek',
  'UTC',
  'String',
  'GoString',
  'Nope',
  'wall',
  'Format "Mon Jan _2 15:04:05 2006"',
  'Format "06/1/2 3:4:5PM .000 002 __2 MST -0700 Z07:00"',
  'Format 5',
  'Add 60000000000',
  'AddDate 0 1 -1',
  'Truncate 3600000000000',
  'Round 1000000000',
  'Sub (toTime 5)',
  'After (toTime 5)',
]

function operand(chance: Chance, depth: number): string {
  const kind = chance.below(12)
  if (kind < 2) return number(chance)
  if (kind < 4) return text(chance, words)
  if (kind < 6)
    return chance.oneOf(['$value', '.Value', '$labels.job', '$labels.nothing', '$labels', '.Labels.instance'])
  if (kind < 7)
    return chance.oneOf(['.', '$', 'nil', 'true', 'false', '$x', '$i', '.Nope', '.Value.Nope', '$labels.job.x'])
  if (kind < 8)
    return chance.oneOf([
      'now',
      'externalURL',
      'pathPrefix',
      '$externalLabels.region',
      'humanize',
      'foo',
      'now.X',
      'args.arg0',
    ])
  if (kind < 9)
    return chance.oneOf(["'a'", "'é'", "'\\n'", "''", "'ab'", '`raw\\n`', '"\\u00e9\\x41\\n"', '"\\q"', '"a\\"b"'])
  if (depth <= 0) return number(chance)
  const fields = chance.happens(0.2) ? chance.oneOf(['.Labels', '.Value', '.arg0', '.Labels.job', '.Seconds']) : ''
  return `(${chance.happens(0.8) ? command(chance, depth - 1) : pipeline(chance)})${fields}`
}

function number(chance: Chance): string {
  const usualOnes = ['0', '1', '2', '-1', '3.5', '100', '1e3', '0.05', '1.0', '60', '-0']
  const others = [
    '0x1F',
    '0b11',
    '0o17',
    '017',
    '1_000',
    '.5',
    '5.',
    '+3',
    '1e400',
    '08',
    '0x',
    '99999999999999999999',
    '1e19',
    '0x1p4',
    '9223372036854775808',
    '1__0',
    '0xE',
    '-0.0',
  ]
  return chance.happens(0.75) ? chance.oneOf(usualOnes) : chance.oneOf(others)
}

function text(chance: Chance, choices: readonly string[]): string {
  const chosen = chance.oneOf(choices)
  return chance.happens(0.15) && !chosen.includes('`') ? `\`${chosen}\`` : JSON.stringify(chosen)
}

function format(chance: Chance): string {
  return many(chance, 3, () => (chance.happens(0.3) ? chance.oneOf(['a ', '%%', ' é', '']) : directive(chance))).join(
    '',
  )
}

function directive(chance: Chance): string {
  if (chance.happens(0.3))
    return chance.oneOf(['%v', '%d', '%s', '%q', '%f', '%.2f', '%e', '%g', '%x', '%t', '%5.1f', '%-10s|', '%+d'])
  const flags = many(chance, 3, () => chance.oneOf(['-', '+', '#', '0', ' '])).join('')
  const width = chance.happens(0.3) ? chance.oneOf(['1', '5', '12', '*', '[2]', '[1]*']) : ''
  const precision = chance.happens(0.3) ? `.${chance.oneOf(['', '0', '1', '3', '20', '*', '[2]*'])}` : ''
  const verb = chance.oneOf([...'vvvvTtbcdoOqxXUeEfFgGspw%!', '[1]v', '[3]d', '[x]v', 'é', ''])
  return `%${flags}${width}${precision}${verb}`
}

/** Up to so many, fewer often. */
function many<T>(chance: Chance, most: number, make: () => T): readonly T[] {
  return Array.from({ length: chance.below(most + 1) }, make)
}

const pieces = [
  '{{',
  '}}',
  '{{-',
  ' -}}',
  '(',
  ')',
  '|',
  '.',
  '$',
  '"',
  '`',
  "'",
  ':=',
  '=',
  ',',
  ' ',
  '\n',
  '{{end}}',
  '{{else}}',
  'if ',
  'range ',
  'nil',
  '\\',
  '0',
  '%',
  'é',
  '/*',
  '*/',
  '\t',
  '\0',
  '𝒳',
  '..',
  '_',
]

export function mutated(chance: Chance, given: string): string {
  let changed = given
  for (let left = 1 + chance.below(3); left > 0; left--) {
    const at = chance.below(changed.length + 1)
    const end = Math.min(changed.length, at + chance.below(chance.happens(0.2) ? 20 : 3))
    changed = chance.oneOf([
      () => changed.slice(0, at) + changed.slice(end),
      () => changed.slice(0, at) + chance.oneOf(pieces) + changed.slice(at),
      () => changed.slice(0, at) + chance.oneOf(pieces) + changed.slice(end),
      () => changed.slice(0, at) + changed.slice(at, end) + changed.slice(at),
      () => changed.slice(0, at),
    ])()
  }
  return changed
}
