// Durations as Go writes them (`1h30m`, `500ms`), with Go's complaints about those it can't read.

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds, or the error that Go's time.ParseDuration gives. */
export function parseGoDuration(text: string): number | { readonly error: string } {
  const sign = text.startsWith('-') ? -1 : 1
  let rest = text.replace(/^[+-]/, '')
  if (rest === '0') return 0
  const invalid = { error: `time: invalid duration ${JSON.stringify(text)}` }
  if (rest === '') return invalid
  let totalMs = 0
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) return invalid
    rest = rest.slice(number.length)
    const unit = /^[^\d.]*/.exec(rest)![0]
    if (unit === '') return { error: `time: missing unit in duration ${JSON.stringify(text)}` }
    const scale = unitMs[unit]
    if (scale === undefined) {
      return { error: `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}` }
    }
    totalMs += Number(number) * scale
    rest = rest.slice(unit.length)
  }
  return sign * totalMs
}

/** What is wrong with a duration; undefined if nothing is. */
export function goDurationError(text: string): string | undefined {
  const parsed = parseGoDuration(text)
  return typeof parsed === 'object' ? parsed.error : undefined
}
