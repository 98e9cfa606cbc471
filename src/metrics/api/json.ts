// JSON as Prometheus' API writes it: numbers of samples as text, timestamps in seconds with milliseconds.
import { formatFloat, formatJsonFloat } from '../float.js'
import type { Labels } from '../labels.js'
import type { Point, Points, Value } from '../promql/value.js'

/** What is not query data. Its encoder keeps markup characters out of strings; that of labels (below) doesn't. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped)
}

export function labelsJson({ names, values }: Labels): string {
  return `{${names.map((name, index) => `${JSON.stringify(name)}:${JSON.stringify(values[index])}`).join()}}`
}

export function valueJson(value: Value, timeMs: number): string {
  return `{"resultType":"${value.kind}","result":${resultJson(value, timeMs)}}`
}

/** Of samples; scalars and strings have theirs as plain numbers. */
function timestampText(timeMs: number): string {
  const whole = Math.trunc(timeMs)
  const seconds = Math.trunc(Math.abs(whole) / 1000)
  const fraction = Math.abs(whole) % 1000
  const decimals = fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`
  return `${whole < 0 ? '-' : ''}${seconds}${decimals}`
}

/** RFC 3339 as Go writes it: no fraction where there is none. */
export function dateTimeText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.?0*Z$/, 'Z')
}

function resultJson(value: Value, timeMs: number): string {
  switch (value.kind) {
    case 'scalar':
      return `[${timeMs / 1000},"${formatFloat(value.value)}"]`
    case 'string':
      return `[${timeMs / 1000},${plainJson(value.value)}]`
    case 'vector':
      return `[${value.samples.map(({ labels, value }) => `{"metric":${labelsJson(labels)},"value":${pointJson({ timeMs, value })}}`).join()}]`
    case 'matrix':
      return `[${value.series.map(seriesJson).join()}]`
  }
}

function seriesJson({ labels, points }: Points): string {
  return `{"metric":${labelsJson(labels)},"values":[${points.map(pointJson).join()}]}`
}

function pointJson({ timeMs, value }: Point): string {
  return `[${timestampText(timeMs)},"${formatJsonFloat(value)}"]`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
