// How numbers, times and labels are written for people, the same in every locale.
import type { Fidelity } from '../scenario/fidelity.js'
import { formatDuration } from '../scenario/units.js'

/** `1,234,567` */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Three significant digits, as far as they say anything: `0.0421`, `12.3`, `1,234`. */
export function rounded(value: number): string {
  if (Math.abs(value) >= 100) return grouped(value)
  return String(Number(value.toPrecision(3)))
}

/** `1m49.8s`, `12.3s`, `-4.0s`, `1h02m00s` */
export function lasting(ms: number): string {
  const sign = ms < 0 ? '-' : ''
  const tenths = Math.round(Math.abs(ms) / 100)
  const hours = Math.floor(tenths / 36_000)
  const minutes = Math.floor((tenths % 36_000) / 600)
  const seconds = ((tenths % 600) / 10).toFixed(1)
  if (hours > 0) return `${sign}${hours}h${pad(minutes)}m${pad(Math.floor(Number(seconds)))}s`
  if (minutes > 0) return `${sign}${minutes}m${seconds.padStart(4, '0')}s`
  return `${sign}${seconds}s`
}

/** `+01:49.8`: time since the release, in columns. */
export function clock(ms: number): string {
  const tenths = Math.round(Math.abs(ms) / 100)
  const minutes = Math.floor(tenths / 600)
  return `${ms < 0 ? '-' : '+'}${pad(minutes)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`
}

export function percent(value: number): string {
  return `${rounded(value)} %`
}

/** `{severity="page", team="shop"}`, as Prometheus writes it. */
export function labelSet(labels: Readonly<Record<string, string>>): string {
  const told = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `{${told.join(', ')}}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

/** Says what is unusual, after something else. */
export function fidelityText(fidelity: Fidelity): string {
  return fidelity === 'request' ? ', requests one by one' : ''
}

/** `12m50s`, as scenarios have it. */
export function wholeSeconds(ms: number): string {
  return formatDuration(1000 * Math.round(ms / 1000))
}

/** As a shell takes it for one word. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
