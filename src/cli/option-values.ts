// What is written after the options of commands, as the values that it stands for.
import { InvalidArgumentError } from 'commander'
import { type Budget, parseBudget } from '../scenario/budget.js'
import { bytes, duration, type Parsed, rate } from '../scenario/units.js'

export function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i')
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.')
  }
}

export function shard(text: string): { index: number; of: number } {
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (!(index >= 1 && index <= of)) throw new InvalidArgumentError('It must be such as 1/3, 2/3 or 3/3.')
  return { index, of }
}

function integer(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

export function seed(text: string): number {
  const value = integer(text)
  if (value < 0) throw new InvalidArgumentError('It must be 0 or more.')
  return value
}

export function positive(text: string): number {
  const value = integer(text)
  if (value < 1) throw new InvalidArgumentError('It must be 1 or more.')
  return value
}

export function ratePerSecond(text: string): number {
  const value = parsedOf(rate.parse(text))
  if (value === 0) throw new InvalidArgumentError('It must be above 0: without requests nothing can be seen.')
  return value
}

/** Whole seconds. */
export function seconds(text: string): number {
  const value = parsedOf(duration.parse(text))
  if (value === 0) throw new InvalidArgumentError('It must be above 0.')
  return Math.ceil(value / 1000)
}

/** Of processors, as Kubernetes writes it. */
export function cpus(text: string): string {
  if (!/^(\d+(\.\d{1,3})?|\d+m)$/.test(text) || Number.parseFloat(text) === 0) {
    throw new InvalidArgumentError('It must be such as 1, 0.5, 500m or 4.')
  }
  return text
}

export function memory(text: string): string {
  const least = 64 * 1024 * 1024
  if (parsedOf(bytes.parse(text)) < least) throw new InvalidArgumentError('It must be 64Mi or more.')
  return text
}

export function oneBudget(text: string, before: readonly Budget[]): readonly Budget[] {
  return [...before, parsedOf(parseBudget(text))]
}

function parsedOf<Value>(parsed: Parsed<Value>): Value {
  if (parsed.ok) return parsed.value
  const { message, expected, hint } = parsed
  throw new InvalidArgumentError(`${message}. ${hint ?? `Expected is ${expected}.`}`)
}

export function port(text: string): number {
  const value = integer(text)
  if (value < 0 || value > 65_535) throw new InvalidArgumentError('It must be from 0 to 65535.')
  return value
}

/** A percentage, or a share. */
export function part(text: string): number {
  const isPercentage = text.endsWith('%')
  const value = Number(isPercentage ? text.slice(0, -1) : text) / (isPercentage ? 100 : 1)
  if (!(text.trim() !== '' && value > 0 && value < 1))
    throw new InvalidArgumentError('It must be between 0 % and 100 %, such as 5%.')
  return value
}

export function factor(text: string): number {
  const value = Number(text.replace(/x$/, ''))
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('It must be a number above 0, such as 60.')
  return value
}

/** By which bots find the comments of `compare`. */
export const usualMarker = 'coalmine'

/** It stands in a comment of HTML, and shall not end it. */
export function marker(text: string): string {
  if (!/^[A-Za-z0-9][\w.]*(-[\w.]+)*$/.test(text))
    throw new InvalidArgumentError('It must be letters, digits, dots, and single hyphens in between.')
  return text
}
