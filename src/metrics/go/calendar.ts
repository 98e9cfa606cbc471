// The date and clock of an instant, in UTC and Go's calendar.

const NANOS = 1_000_000_000n
/** Seconds from the first instant of the year 1, Go's zero, to 1970. */
export const YEAR_ONE_SECONDS = 62_135_596_800n

export interface CivilTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** 1 is the first of January. */
  readonly yearDay: number
  readonly nanos: number
}

/** Nanoseconds since 1970. */
export function civil(unixNanos: bigint): CivilTime {
  const nanos = floorRest(unixNanos, NANOS)
  const date = new Date(Number((unixNanos - nanos) / NANOS) * 1000)
  const year = date.getUTCFullYear()
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((date.getTime() - startOf(year, 0, 1)) / 86_400_000) + 1,
    nanos: Number(nanos),
  }
}

/** Months and days beyond their range carry over. Undefined where JavaScript's calendar ends, in the year 275760. */
export function withDate(unixNanos: bigint, year: number, month: number, day: number): bigint | undefined {
  const start = startOf(year, month - 1, day)
  if (Number.isNaN(start)) return undefined
  return BigInt(start) * 1_000_000n + floorRest(unixNanos, 86_400n * NANOS)
}

/** Date.UTC takes years below 100 for those of the 20th century. */
function startOf(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day)
}

export function floorRest(value: bigint, unit: bigint): bigint {
  return ((value % unit) + unit) % unit
}
