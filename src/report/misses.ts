// How often a release is missed, as text: one in so many, how sure that is, and what a miss takes.
import type { Misses } from '../study/rare/misses.js'
import { confidence } from '../study/study.js'
import type { Paint } from './paint.js'
import { grouped, lasting, rounded } from './words.js'

export function missesText(misses: Misses, paint: Paint): string {
  const { scenario, seed, flights, teaches, luck } = misses
  const told = `${grouped(flights)} flights from seed ${seed}`
  const lines = [`  ${teaches}`, '', ...how(misses).map((line) => `  ${line}`)]
  if (luck.length > 0)
    lines.push(
      '',
      '  The luck that these swarms were given (a miss takes a little more): bad answers of the canary came',
    )
  for (const { fromMs, untilMs, factor } of luck)
    lines.push(
      `    ${rounded(factor)} times as often as they should, from ${lasting(fromMs)} to ${lasting(untilMs)} after the release`,
    )
  return [`${paint.strong(shareText(misses))}  ${scenario}  ${paint.faint(told)}`, ...lines].join('\n')
}

function shareText({ missed: { value, high }, by }: Misses): string {
  if (high === null) return 'nothing flown yet'
  return by === 'bound' ? `missed less often than ${oneIn(high)}` : `missed ${oneIn(value)}`
}

function how({ missed: { low, high }, by, plain, swarms, plainRuns }: Misses): readonly string[] {
  if (high === null || low === null) return []
  const seen = `${grouped(plain.missed)} of ${grouped(plain.runs)} flights by chance missed`
  const sure = `${100 * confidence} % sure`
  if (by === 'bound')
    return [
      `${sure}: less often than ${oneIn(high)}, as ${seen}.`,
      "Canaries whose answers have more luck didn't tell more: it is rarer than they reach, or takes another luck.",
    ]
  const bounds = `${sure}: from ${oneIn(high)} to ${oneIn(low)}`
  if (by === 'plain') return [`${bounds}, as ${seen}.`, 'That is not rare: --runs tells more of it than --rare-misses.']
  return [
    `${bounds}. ${seen}.`,
    `${swarms} swarms of canaries with more luck agree on it; to be as sure by chance takes ${about(plainRuns!)} flights.`,
  ]
}

function oneIn(share: number): string {
  return `1 in ${about(1 / share)}`
}

/** `64,000`, `27 million`: two significant digits. */
function about(many: number): string {
  const [size, name] = magnitudes.find(([from]) => many >= from) ?? [1, '']
  const digits = Number((many / size).toPrecision(2))
  if (digits >= 1000 && name !== '') return `10^${Math.round(Math.log10(many))}`
  return `${name === '' && many >= 100 ? grouped(Number(many.toPrecision(2))) : digits}${name}`
}

const magnitudes = [
  [1e12, ' trillion'],
  [1e9, ' billion'],
  [1e6, ' million'],
] as const
