// Random series and rule groups over them: rules that read each other, targets that come and go, limits that are
// exceeded, labels that collide.
import type { Chance } from '../../conformance/chance.js'

export interface RuleQuestion {
  readonly rules: string
  readonly series: readonly string[]
  readonly step: string
  /** Seconds. */
  readonly until: number
}

export function randomQuestion(chance: Chance): RuleQuestion {
  const stepSeconds = chance.oneOf([15, 30])
  // The database takes nothing that is an hour older than the newest sample, and all of them are loaded beforehand.
  const until = chance.oneOf([600, 1200, 2100])
  const steps = Math.ceil(until / stepSeconds)
  const series = ['a', 'b'].flatMap((job) =>
    ['1', '2'].slice(0, 1 + chance.below(2)).flatMap((pod) => {
      const labels = `{job="${job}",pod="${pod}"}`
      return [`up${labels} ${upOver(chance, steps)}`, `errors${labels} ${countOver(chance, steps)}`]
    }),
  )
  const groups = Array.from({ length: 1 + chance.below(3) }, (_, index) => groupOf(chance, index))
  return { rules: `groups:\n${groups.join('')}`, series, step: `${stepSeconds}s`, until }
}

function upOver(chance: Chance, steps: number): string {
  return pieces(chance, steps, (length) =>
    chance.oneOf([`1x${length - 1}`, `0x${length - 1}`, `_x${length}`, 'stale', 'NaN']),
  )
}

function countOver(chance: Chance, steps: number): string {
  return pieces(chance, steps, (length) =>
    chance.oneOf([
      `0+${1 + chance.below(9)}x${length - 1}`,
      `${chance.below(50)}x${length - 1}`,
      `_x${length}`,
      'stale',
      'NaN',
    ]),
  )
}

function pieces(chance: Chance, steps: number, make: (length: number) => string): string {
  const made: string[] = []
  for (let done = 0; done < steps; ) {
    const length = 1 + chance.below(chance.oneOf([3, 12, 40]))
    const piece = make(length)
    made.push(piece)
    done += piece.includes('x') ? length : 1
  }
  return made.join(' ')
}

const vectors = [
  'up',
  'up == 0',
  'up > 0',
  'errors',
  'sum by (job) (up)',
  'sum by (job) (rate(errors[1m]))',
  'rate(errors[2m]) > 0.1',
  'avg_over_time(up[1m]) < 0.5',
  'absent(up{job="a"})',
  'vector(1)',
  'time()',
  'time() > bool 500',
  'vector(time()) > 500',
  'count(up) > 2',
  'errors * 2',
  'up / on (job) up',
  'up[1m]',
  'r0',
  'r1 > 0',
  'sum without (pod) (r0)',
  'r2 offset 1m',
  'count_over_time(r0[2m])',
  'ALERTS',
  'ALERTS{alertstate="firing"}',
  'count by (alertname) (ALERTS{alertstate="pending"})',
  'time() - ALERTS_FOR_STATE > 90',
  '{__name__=~"r.", job="a"}',
]
const labels = [
  '{job: c}',
  '{pod: ""}',
  '{kind: k, pod: "1"}',
  '{alertstate: s}',
  `{shown: '{{ $labels.job }}'}`,
  `{shown: '{{ $value | humanize }}'}`,
  `{pod: '{{ $labels.nosuch }}'}`,
  `{pod: '{{ .Labels.pod | toUpper }}{{ index .Labels "job" }}'}`,
]
const annotations = [
  '{summary: it fails}',
  `{summary: '{{ $labels.job }} at {{ $value }}', more: '{{ printf "%.2f" $value }}'}`,
  `{up: '{{ with query "sum(up)" }}{{ . | first | value }}{{ end }}'}`,
  `{wrong: '{{ query "sum(" | first }}', none: '{{ query "nosuch" | first | value }}'}`,
]
const holds = ['0s', '15s', '30s', '1m', '2m', '5m', '7m']

function groupOf(chance: Chance, index: number): string {
  const fields = [
    `name: g${index}`,
    `interval: ${chance.oneOf(['15s', '30s', '45s', '1m', '2m'])}`,
    ...(chance.happens(0.2) ? [`query_offset: ${chance.oneOf(['10s', '30s', '1m'])}`] : []),
    ...(chance.happens(0.25) ? [`limit: ${1 + chance.below(4)}`] : []),
    ...(chance.happens(0.2) ? [`labels: {team: ${chance.oneOf(['x', '""'])}, job: g}`] : []),
  ]
  const rules = Array.from({ length: 1 + chance.below(4) }, () => ruleOf(chance))
  return `  - ${[...fields, `rules:\n${rules.join('')}`].join('\n    ')}`
}

function ruleOf(chance: Chance): string {
  const isAlert = chance.happens(0.6)
  const fields = [
    isAlert ? `alert: A${chance.below(3)}` : `record: r${chance.below(3)}`,
    `expr: '${chance.oneOf(vectors)}'`,
    ...(chance.happens(0.3) ? [`labels: ${chance.oneOf(labels)}`] : []),
    ...(isAlert && chance.happens(0.6) ? [`for: ${chance.oneOf(holds)}`] : []),
    ...(isAlert && chance.happens(0.4) ? [`keep_firing_for: ${chance.oneOf(holds)}`] : []),
    ...(isAlert && chance.happens(0.3) ? [`annotations: ${chance.oneOf(annotations)}`] : []),
  ]
  return `      - ${fields.join('\n        ')}\n`
}
