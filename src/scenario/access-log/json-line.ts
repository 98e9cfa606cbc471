// Lines that are JSON objects, each field by the name that somebody gave it.
import { isJsonObject, type Json } from '../json.js'
import { type Flaw, type LineReader, textIn } from './line-reader.js'
import { secondOf, unixSecondOf } from './timestamp.js'

export class JsonLine implements LineReader {
  second = 0
  count = 1

  constructor(
    private readonly timeField: string,
    /** Without one, a line is a request. */
    private readonly countField: string | undefined,
  ) {}

  read(bytes: Uint8Array, start: number, end: number): 'requests' | Flaw {
    const line = parsed(textIn(bytes, start, end))
    if (!isJsonObject(line)) return { offset: 0, message: 'this is no JSON object' }
    const time = fieldOf(line, this.timeField)
    if (time === undefined) return { offset: 0, message: missing(line, this.timeField) }
    const second =
      typeof time === 'number' ? unixSecondOf(time) : typeof time === 'string' ? secondOf(time) : Number.NaN
    if (Number.isNaN(second)) return { offset: 0, message: `\`${this.timeField}\` is no time: ${JSON.stringify(time)}` }
    this.second = second
    if (this.countField === undefined) return 'requests'
    const count = fieldOf(line, this.countField)
    if (count === undefined) return { offset: 0, message: missing(line, this.countField) }
    this.count = countOf(count)
    if (!Number.isNaN(this.count)) return 'requests'
    return { offset: 0, message: `\`${this.countField}\` is no count: ${JSON.stringify(count)}` }
  }
}

/** NaN if it is none. Parts of requests are fine: whatever wrote them may have taken a mean. */
export function countOf(written: unknown): number {
  const count = typeof written === 'string' && written.trim() !== '' ? Number(written) : written
  return typeof count === 'number' && count >= 0 && count < Number.POSITIVE_INFINITY ? count : Number.NaN
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** A name with dots may be a field's own, or lead into others. */
function fieldOf(line: Json, name: string): Json | undefined {
  if (isJsonObject(line) && Object.hasOwn(line, name)) return line[name]
  let at: Json | undefined = line
  for (const step of name.split('.')) at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
  return at
}

function missing(line: { readonly [key: string]: Json }, name: string): string {
  const names = Object.keys(line)
  const shown = names.slice(0, MOST_NAMES).join(', ')
  return `there is no field \`${name}\` among ${shown}${names.length > MOST_NAMES ? ', …' : ''}`
}

const MOST_NAMES = 12
