// Durations as Prometheus writes them, read for templates: `1h30m`, `-5m`.
import { refuse } from '../functions/function.js'
import { quote } from '../value/quote.js'

/** From the longest to the shortest, which is the order they must come in. */
const UNIT_NANOS: readonly (readonly [string, bigint])[] = [
  ['y', 365n * 86_400_000_000_000n],
  ['w', 7n * 86_400_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
]
const MOST = 2n ** 63n

/** In nanoseconds. */
export function readDuration(text: string): bigint {
  return text.startsWith('-') ? -readUnsigned(text.slice(1)) : readUnsigned(text)
}

function readUnsigned(text: string): bigint {
  if (text === '0') return 0n
  if (text === '') refuse('empty duration string')
  let total = 0n
  let last = -1
  for (let rest = text; rest !== ''; ) {
    const [all, digits = '', unit = ''] = /^([0-9]+)([^0-9]+)/.exec(rest) ?? []
    if (all === undefined || BigInt(digits) >= 2n ** 64n) return invalid(text)
    rest = rest.slice(all.length)
    const index = UNIT_NANOS.findIndex(([name]) => name === unit)
    if (index < 0) refuse(`unknown unit ${quote(unit)} in duration ${quote(text)}`)
    if (index <= last) invalid(text)
    last = index
    const nanos = UNIT_NANOS[index]![1]
    if (BigInt(digits) > MOST / nanos) refuse('duration out of range')
    total += BigInt(digits) * nanos
    if (total >= MOST) refuse('duration out of range')
  }
  return total
}

function invalid(text: string): never {
  return refuse(`not a valid duration string: ${quote(text)}`)
}
