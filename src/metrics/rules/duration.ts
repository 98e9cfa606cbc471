// Durations as Prometheus' configuration has them: like PromQL's, and 0 needs no unit (prometheus/common 0.71).

/** From the largest to the smallest, each at most once. */
const UNITS_MS: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]
const PATTERN = new RegExp(`^(?=\\d)${UNITS_MS.map(([unit]) => `(?:(\\d+)${unit}(?![a-z]))?`).join('')}$`)

/** They are kept in nanoseconds in 64 bits. */
const LONGEST_MS = 2 ** 63 / 1e6

/** Milliseconds, or what Prometheus says of it. */
export function parseDuration(text: string): number | { readonly error: string } {
  if (text === '0') return 0
  if (text === '') return { error: 'empty duration string' }
  const match = PATTERN.exec(text)
  if (match === null) return { error: refusal(text) }
  const totalMs = UNITS_MS.reduce((sum, [, unitMs], index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0)
  return totalMs > LONGEST_MS ? { error: 'duration out of range' } : totalMs
}

function refusal(text: string): string {
  const unknown = [...text.matchAll(/\d+(\D*)/g)].map(([, unit = '']) => unit)
  const units = UNITS_MS.map(([unit]) => unit)
  const strange = /^\d/.test(text) ? unknown.find((unit) => unit !== '' && !units.includes(unit)) : undefined
  const quoted = JSON.stringify(text)
  if (strange !== undefined) return `unknown unit ${JSON.stringify(strange)} in duration ${quoted}`
  return `not a valid duration string: ${quoted}`
}
