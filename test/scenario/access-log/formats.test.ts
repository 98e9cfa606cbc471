// Each format of a log is read as the lines in the case file say, however its bytes are cut into chunks.
import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import type { LogFormat } from '../../../src/scenario/access-log/formats.js'
import { logCounterFor } from '../../../src/scenario/access-log/log-counter.js'
import type { LogReading } from '../../../src/scenario/access-log/log-reading.js'
import { limits } from '../../../src/scenario/limits.js'
import { casesOf } from '../case-file.js'

const always = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }

/** `format, and what else there is to say`, or `format field=name`. */
function read(title: string, bytes: Uint8Array, chunkBytes: number, span = always): LogReading {
  const format = /^[a-z-]+/.exec(title)![0] as LogFormat
  const field = (name: string) => new RegExp(` ${name}=(\\S+)`).exec(title)?.[1]
  const [timeField, countField] = [field('time'), field('count')]
  const names = { ...(timeField && { timeField }), ...(countField && { countField }) }
  const counter = logCounterFor({ file: 'log', format, scale: 1, atMs: 0, ...names }, span)
  for (let start = 0; start < bytes.length; start += chunkBytes) counter.push(bytes.slice(start, start + chunkBytes))
  return counter.finish()
}

function inShort({ counts, flaws, flawed }: LogReading): string[] {
  const seconds = [...counts.seconds()].map((second) => {
    return `${new Date(1000 * second).toISOString().replace('.000', '')} ${counts.of(second)}`
  })
  const told = flaws.map(({ line, column, message }) => `${line}:${column} ${message}`)
  return [...seconds, ...told, ...(flawed > flaws.length ? [`and ${flawed - flaws.length} more`] : [])]
}

const encoder = new TextEncoder()

describe.each(casesOf('access-logs.txt'))('$name', ({ name, text, answers }) => {
  test.each([1, 7, 64, 1e6])('in chunks of %d bytes', (chunkBytes) => {
    expect(inShort(read(name, encoder.encode(text), chunkBytes))).toEqual(answers)
  })

  test('with the line ends of Windows, a mark at the beginning and no end at the last line', () => {
    const windows = `\ufeff${text.trimEnd().replaceAll('\n', '\r\n')}`
    expect(inShort(read(name, encoder.encode(windows), 10))).toEqual(answers)
  })
})

describe('The examples of docs/traffic.md', () => {
  const page = readFileSync(new URL('../../../docs/traffic.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| `(.*?)`(?: with `fields: \{time: (\w+), count: (\w+)\}`)? \|$/gm)]
  test.each(rows.map(([, format, line, time, count]) => [format, line, time, count]))(
    '%s',
    (format, line, time, count) => {
      const title = `${format} time=${time} count=${count}`
      const { flaws, counts } = read(time === undefined ? format! : title, encoder.encode(line), 100)
      expect(flaws).toEqual([])
      const [first] = counts.seconds()
      const start = Date.UTC(2026, 2, 2, 11, 30) / 1000
      // A rate looks back.
      expect(first).toBe(format === 'prometheus-rate' ? start - 60 : start)
    },
  )

  it('are of all formats but one, which looks as another does', () => {
    expect(rows.map(([, format]) => format)).toEqual([
      'common',
      'combined',
      'envoy',
      'envoy-json',
      'json',
      'csv',
      'prometheus-rate',
    ])
  })
})

const second = (at: number) => `{"time":${at}}\n`

describe('A log', () => {
  it('is counted whatever the order of its lines', () => {
    const { counts, first, last } = read('json', encoder.encode([7200, 5, 7199, 5, 3].map(second).join('')), 1e6)
    expect([...counts.seconds()].map((at) => [at, counts.of(at)])).toEqual([
      [3, 1],
      [5, 2],
      [7199, 1],
      [7200, 1],
    ])
    expect([first, last]).toEqual([3, 7200])
  })

  it('keeps only the part that is asked for, and knows how far it goes', () => {
    const reading = read('json', encoder.encode([1, 2, 3, 4].map(second).join('')), 1e6, { from: 2, until: 4 })
    expect([...reading.counts.seconds()]).toEqual([2, 3])
    expect([reading.good, reading.first, reading.last]).toEqual([4, 1, 4])
  })

  it('that goes on for longer than anybody replays has no room beyond the limit', () => {
    const hours = (count: number) => Array.from({ length: count }, (_, hour) => second(3600 * hour)).join('')
    expect(read('json', encoder.encode(hours(limits.logHours)), 1e6).isFull).toBe(false)
    const reading = read('json', encoder.encode(hours(limits.logHours + 5)), 1e6)
    expect([reading.isFull, reading.counts.of(0)]).toEqual([true, 1])
  })

  it('may have a line that is too long to be one, and goes on behind it', () => {
    const long = `{"time":1,"x":"${'x'.repeat(limits.logLineBytes)}"}\n`
    const reading = read('json', encoder.encode(second(1) + long + second(2)), 65_536)
    expect(inShort(reading)).toEqual([
      '1970-01-01T00:00:01Z 1',
      '1970-01-01T00:00:02Z 1',
      '2:1 this line has more than 1048576 bytes',
    ])
  })
})
