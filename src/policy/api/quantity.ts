// Amounts of a resource as Kubernetes writes them: `500m`, `1Gi`, `2e3`, or a plain number.
import type { Json } from '../../scenario/json.js'

const form = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** Undefined for what is none. */
export function parseQuantity(value: Json): number | undefined {
  if (typeof value === 'number') return value
  const [, number, suffix = ''] = (typeof value === 'string' && form.exec(value)) || []
  if (number === undefined) return undefined
  return Number(number) * (factors[suffix] ?? Number(`1${suffix}`))
}

/** In thousandths; undefined for what is no quantity. */
export function parseMilli(value: Json): number | undefined {
  const amount = parseQuantity(value)
  return amount === undefined ? undefined : toMilli(amount)
}

/** In thousandths, rounded up as the API rounds; not for what is an error of floating point only. */
export function toMilli(amount: number): number {
  return Math.ceil(Number((amount * 1000).toPrecision(12)))
}
