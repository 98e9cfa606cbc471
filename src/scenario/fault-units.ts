// Quantities that only faults have: how fast memory grows, and what traffic is multiplied by.
import { decimalText } from './decimal.js'
import { formatPercentage, type Parsed, parseBytes, parsePercentage, percentage, refuse, type Unit } from './units.js'

const PER = { s: 1_000, m: 60_000, h: 3_600_000 }

/** Bytes a millisecond. */
export const memoryGrowth: Unit<number> = {
  expected: 'a growth of memory such as `5Mi/m`, `200k/s` or `1Gi/h`',
  examples: ['5Mi/m', '200k/s', '1Gi/h'],
  pattern: /^(\d+(?:\.\d+)?(?:[KMGT]i|[kMGT]))\/([smh])$/,
  parse: parseMemoryGrowth,
  format: (bytesPerMs) => `${decimalText(bytesPerMs * PER.m)} bytes a minute`,
}

/** What the rate is multiplied by. */
export const trafficChange: Unit<number> = {
  expected: 'a change of traffic such as `x3`, `x0.5` or `+50%`',
  examples: ['x3', 'x0.5', '+50%'],
  pattern: /^(x\d+(\.\d+)?|\+\d+(\.\d+)?%)$/,
  parse: parseTrafficChange,
  format: (factor) => `x${decimalText(factor)}`,
}

/** A part of the pods of a version. */
export const podPart: Unit<PodPart> = {
  expected: 'a number of pods such as `1`, or a part of them such as `30%`',
  examples: percentage.examples,
  pattern: percentage.pattern,
  parse: parsePodPart,
  format: ({ ratio }) => formatPercentage(ratio),
}

interface PodPart {
  readonly ratio: number
}

function parsePodPart(text: string): Parsed<PodPart> {
  const parsed = parsePercentage(text)
  if (parsed.ok && parsed.value > 0) return { ok: true, value: { ratio: parsed.value } }
  return refuse(podPart, text)
}

function parseMemoryGrowth(text: string): Parsed<number> {
  const [, amount = '', per] = memoryGrowth.pattern.exec(text) ?? []
  const bytes = parseBytes(amount)
  if (bytes.ok) return { ok: true, value: bytes.value / PER[per as keyof typeof PER] }
  const isSize = parseBytes(text).ok
  return refuse(memoryGrowth, text, isSize ? `Write in what time: \`${text}/m\`.` : undefined)
}

function parseTrafficChange(text: string): Parsed<number> {
  const amount = text.slice(1)
  if (trafficChange.pattern.test(text)) {
    const factor = text.startsWith('x') ? Number(amount) : 1 + Number(amount.slice(0, -1)) / 100
    if (factor <= MOST_TRAFFIC) return { ok: true, value: factor }
    return refuse(trafficChange, text, `It can grow ${MOST_TRAFFIC} times at most.`)
  }
  const factor = /^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]
  return refuse(trafficChange, text, factor === undefined ? undefined : `Write \`x${factor}\`.`)
}

const MOST_TRAFFIC = 10_000
