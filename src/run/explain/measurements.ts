// What the measurements of one metric in a flight come to.

import type { Metric } from '../../policy/argo/metric.js'
import type { Emptiness } from './emptiness.js'

/** One measurement, as the controller wrote it. */
export interface Measured {
  readonly metric: Metric
  readonly phase: string
  readonly value: string | null
  readonly message: string
  /** Where a query had no value. */
  readonly emptiness: Emptiness | undefined
}

export interface Measurements {
  readonly count: number
  /** How many there were of each phase. */
  readonly phases: Readonly<Record<string, number>>
  /** Without series, of NaN, and of an infinity as it comes of a division by 0. */
  readonly empty: number
  /** As what the controller counted the empty ones. */
  readonly emptyPhases: readonly string[]
  /** What left the last of them empty. */
  readonly emptiness: Emptiness | null
  readonly notANumber: number
  readonly infinite: number
  /** Of the first value of each answer, as conditions mostly ask for it; null if none is a finite number. */
  readonly values: Values | null
  /** The most values in one answer. */
  readonly valuesAtOnce: number
  /** What isn't a list of numbers, as it was first written. */
  readonly text: string | null
  /** What came with measurements that weren't values, each once. */
  readonly messages: readonly string[]
}

export interface Values {
  readonly first: number
  readonly min: number
  readonly median: number
  readonly max: number
  readonly last: number
}

/** Null if there is none. */
export function summarize(measured: readonly Measured[]): Measurements | null {
  if (measured.length === 0) return null
  const answers = measured.map(({ value, message }) => numbersOf(value, message))
  const isEmpty = (index: number) => answers[index]?.length === 0
  const firsts = answers.flatMap((numbers) => numbers?.slice(0, 1) ?? [])
  return {
    count: measured.length,
    phases: counted(measured.map(({ phase }) => phase)),
    empty: answers.filter((numbers) => numbers?.length === 0).length,
    emptyPhases: [...new Set(measured.flatMap(({ phase }, index) => (isEmpty(index) ? [phase] : [])))],
    emptiness: measured.findLast(({ emptiness }) => emptiness)?.emptiness ?? null,
    notANumber: firsts.filter(Number.isNaN).length,
    infinite: firsts.filter((value) => Math.abs(value) === Number.POSITIVE_INFINITY).length,
    values: valuesOf(firsts.filter(Number.isFinite)),
    valuesAtOnce: answers.reduce((most, numbers) => Math.max(most, numbers?.length ?? 0), 0),
    text: measured.find((_, index) => answers[index] === undefined)?.value ?? null,
    messages: [...new Set(measured.map(({ message }) => message))].filter((message) => message !== ''),
  }
}

/** Undefined for what is no list of numbers. */
export function numbersOf(value: string | null, message: string): readonly number[] | undefined {
  if (value === null) return /no data returned from the metric provider$/.test(message) ? [] : undefined
  const inside = /^\[(.*)\]$/.exec(value)?.[1] ?? value
  if (inside === '') return []
  const numbers = inside.split(',').map(numberOf)
  return numbers.every((number) => number !== undefined) ? numbers : undefined
}

const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
}

function numberOf(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed in words) return words[trimmed]
  return trimmed === '' || Number.isNaN(Number(trimmed)) ? undefined : Number(trimmed)
}

function counted(texts: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1
  return counts
}

function valuesOf(numbers: readonly number[]): Values | null {
  if (numbers.length === 0) return null
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  return { first: numbers[0]!, min: sorted[0]!, median: middle, max: sorted.at(-1)!, last: numbers.at(-1)! }
}
