// Builtins on dates and durations. There is no time-zone database: only UTC, and what stands in a date as an offset.

import type { Frame } from '../program/frame.js'
import { parseDuration } from '../time/duration.js'
import { parseDate, parseWithLayout } from '../time/layout.js'
import { loadZone } from '../time/zone.js'
import { asString, type GoValue, Instant, type Int, Location, UTC } from '../value/value.js'

export function now([location]: readonly GoValue[], frame: Frame): Instant {
  const { seconds, nanos } = frame.now()
  return new Instant(seconds, nanos, location instanceof Location ? location : UTC)
}

export function duration(value: GoValue): Int {
  return parseDuration(asString(value))
}

/** date([location], text, [layout], [zone]) */
export function date(args: readonly GoValue[]): Instant {
  const location = args[0] instanceof Location ? args[0] : undefined
  const [text, layout, zone] = location === undefined ? args : args.slice(1)
  const written = asString(text ?? null)
  if (layout === undefined) return parseDate(written, location ?? UTC)
  const pattern = asString(layout)
  return parseWithLayout(pattern, written, zone === undefined ? (location ?? UTC) : loadZone(asString(zone)))
}
