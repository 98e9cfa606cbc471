// Durations as Prometheus writes them: in its configuration, its queries, its API and its templates (prometheus/common 0.71).

/** From the largest to the smallest, which is the order they must come in. */
const UNITS_MS: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]

/** They are kept in nanoseconds in 64 bits: some 292 years. */
const LONGEST_MS = 2 ** 63 / 1e6

/** Milliseconds, or what Prometheus says of it; `quote` writes a text as Go's %q does. */
export function parseDuration(
  text: string,
  quote: (text: string) => string = JSON.stringify,
): number | { readonly error: string } {
  if (text === '0') return 0
  if (text === '') return { error: 'empty duration string' }
  const invalid = { error: `not a valid duration string: ${quote(text)}` }
  let totalMs = 0
  let last = -1
  for (let rest = text; rest !== ''; ) {
    const [all, digits = '', unit = ''] = /^([0-9]+)([^0-9]+)/.exec(rest) ?? []
    if (all === undefined || BigInt(digits) >= 2n ** 64n) return invalid
    rest = rest.slice(all.length)
    const index = UNITS_MS.findIndex(([name]) => name === unit)
    if (index < 0) return { error: `unknown unit ${quote(unit)} in duration ${quote(text)}` }
    if (index <= last) return invalid
    last = index
    totalMs += Number(digits) * UNITS_MS[index]![1]
    if (totalMs > LONGEST_MS) return { error: 'duration out of range' }
  }
  return totalMs
}
