// All functions, by name.

import { ABSENCE } from './absence.js'
import { CALENDAR } from './calendar.js'
import { CONVERSION } from './conversion.js'
import { ELEMENTWISE } from './elementwise.js'
import { HISTOGRAM } from './histogram.js'
import type { Implementation } from './implementation.js'
import { OVER_TIME } from './over-time.js'
import { RATE } from './rate.js'
import { RELABELLING } from './relabelling.js'
import { SORTING } from './sorting.js'
import { TREND } from './trend.js'

export const FUNCTIONS: ReadonlyMap<string, Implementation> = new Map(
  [ABSENCE, CALENDAR, CONVERSION, ELEMENTWISE, HISTOGRAM, OVER_TIME, RATE, RELABELLING, SORTING, TREND].flatMap(
    (family) => Object.entries(family),
  ),
)
