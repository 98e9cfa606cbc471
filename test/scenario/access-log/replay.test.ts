// From a scenario that names a log to the requests of each second, or to a problem at its place.
import { describe, expect, it } from 'vitest'
import { BrokenLog, type LogContent, type Logs, withLog } from '../../../src/scenario/access-log/replay.js'
import { limits } from '../../../src/scenario/limits.js'
import { readScenario } from '../../../src/scenario/load.js'
import { formatProblem, Problems } from '../../../src/scenario/problem.js'
import { fileMap } from '../file-map.js'

interface Replayed {
  readonly counts: readonly number[] | undefined
  readonly file: string | undefined
  readonly problems: readonly string[]
}

const monday = Date.UTC(2026, 0, 5, 9) / 1000

/** So many requests in each second from Monday at nine on, as lines of JSON; a log of another kind is given as text. */
async function replay(
  log: readonly number[] | string | LogContent,
  more = '',
  flight = '10s',
  format = 'json',
): Promise<Replayed> {
  const text = Array.isArray(log)
    ? log.flatMap((count, second) => Array<string>(count).fill(`{"time":${monday + second}}\n`)).join('')
    : log
  const scenario = `teaches: Nothing.
policy: rollout.yaml
release: {at: 1s}
duration: ${flight}
traffic: {replay: {file: a.log, format: ${format}${more}}}
`
  const content = typeof text === 'string' ? { chunks: chunksOf(text) } : (text as LogContent)
  const opened: string[] = []
  const logs: Logs = {
    open: async (path) => {
      opened.push(path)
      return content
    },
  }
  const problems = new Problems()
  const read = readScenario('scenarios/shop.yaml', fileMap({ 'scenarios/shop.yaml': scenario }), problems)!
  const { scenario: replayed } = await withLog(read, logs, problems)
  expect(opened).toEqual(['scenarios/a.log'])
  expect(replayed === undefined).toBe(problems.hasErrors)
  const { counts, file } = replayed?.traffic.replay ?? {}
  return { counts, file, problems: problems.sorted().map(formatProblem) }
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  for (let start = 0; start < bytes.length; start += 50) yield bytes.slice(start, start + 50)
}

const ten = [5, 0, 3, 1, 1, 1, 1, 1, 1, 2]

describe('A log that is replayed', () => {
  it('is so many requests in each second, from its first request on', async () => {
    expect(await replay(ten)).toEqual({ counts: ten, file: 'scenarios/a.log', problems: [] })
  })

  it('is cut to what the flight has time for', async () => {
    expect(await replay(ten, '', '3s')).toMatchObject({ counts: [5, 0, 3], problems: [] })
    expect(await replay(ten, ', at: 7500ms')).toMatchObject({ counts: [5, 0, 3], problems: [] })
  })

  it('is cut by from and until, wherever they lie', async () => {
    const span = ', from: 2026-01-05T09:00:01Z, until: 2026-01-05T09:00:04Z'
    expect(await replay(ten, span)).toMatchObject({ counts: [0, 3, 1], problems: [] })
    const early = ', from: 2026-01-05T08:59:58Z, until: 2026-01-05T09:00:01Z'
    expect(await replay(ten, early)).toMatchObject({ counts: [0, 0, 5], problems: [] })
  })

  it('is scaled as a whole: what is lost in one second comes in another', async () => {
    expect(await replay(ten, ', scale: 0.5')).toMatchObject({ counts: [3, 0, 1, 1, 0, 1, 0, 1, 0, 1] })
    expect(await replay(ten, ', scale: 20')).toMatchObject({ counts: ten.map((count) => 20 * count) })
  })

  it('may have its lines in any order', async () => {
    const lines = ten.flatMap((count, second) => Array<string>(count).fill(`{"time":${monday + second}}`))
    expect(await replay(`${lines.reverse().join('\n')}\n`)).toMatchObject({ counts: ten })
  })

  it('that is shorter than the flight by more than a minute is told, unless somebody has said where it ends', async () => {
    expect((await replay(ten, '', '72s')).problems).toEqual([
      'scenarios/shop.yaml:5:26  warning  `scenarios/a.log` ends 1m2s before the flight: from then on nothing arrives [log-short]\n    Make the flight shorter, or say `until` where the log ends.',
    ])
    expect((await replay(ten, ', until: 2026-01-05T09:00:10Z', '72s')).problems).toEqual([])
    expect((await replay(ten, '', '70s')).problems).toEqual([])
  })

  it('tells the first few lines that are none, and how many there are', async () => {
    const { counts, problems } = await replay(
      `{"time":${monday}}\n${'oops\n'.repeat(5)}{"time":${monday + 1}}\n{"at":1}\n`,
      '',
      '2s',
    )
    expect(counts).toEqual([1, 1])
    expect(problems).toEqual([
      'scenarios/a.log  warning  6 of 8 lines are left out, which are no lines of `json` [log-line]',
      ...[2, 3, 4].map(
        (line) =>
          `scenarios/a.log:${line}:1  warning  left out, as no line of \`json\`: this is no JSON object [log-line]`,
      ),
    ])
  })
})

describe('Values that are hardly those of a counter are told', () => {
  const counted = async (...values: readonly number[]) => {
    const samples = values.map((value, index) => [monday + 2 * index, String(value)])
    const { problems } = await replay(
      JSON.stringify([{ metric: {}, values: samples }]),
      '',
      '10s',
      'prometheus-counter',
    )
    return problems.flatMap((problem) => (problem.includes('[log-no-counter]') ? [problem] : []))
  }

  it('with why', async () => {
    const told = (why: string) => [
      `scenarios/shop.yaml:5:41  warning  these are hardly the values of a counter: ${why} [log-no-counter]\n    Of requests a second write \`format: prometheus-rate\`.`,
    ]
    expect(await counted(40.5, 41, 42)).toEqual(told('some are no whole numbers'))
    expect(await counted(40, 38, 45, 41, 46)).toEqual(told('they fall 2 times in 4'))
    expect(await counted(4, 4, 4, 5)).toEqual(told('they grow by less than one from each to the next'))
  })

  it('not those of a counter that begins again', async () => {
    expect(await counted(100, 120, 6, 20, 40)).toEqual([])
  })
})

describe('A log that can’t be replayed', () => {
  it.each([
    [{ missing: true } as const, 'scenarios/shop.yaml:5:26  error  there is no file `scenarios/a.log` [file-missing]'],
    [
      { isDirectory: true } as const,
      'scenarios/shop.yaml:5:26  error  `scenarios/a.log` is a directory, not a file [file-is-directory]',
    ],
    [
      { unreadable: 'it is locked' },
      'scenarios/shop.yaml:5:26  error  `scenarios/a.log` cannot be read: it is locked [file-unreadable]',
    ],
    ['', 'scenarios/a.log  error  this log holds no requests [file-empty]'],
    ['\n\n', 'scenarios/a.log  error  this log holds no requests [file-empty]'],
    ['oops\n', 'scenarios/a.log:1:1  error  this is no line of `json`: this is no JSON object [log-format]'],
    [
      '{"ts":1767603600}\n',
      'scenarios/a.log:1:1  error  this is no line of `json`: there is no field `time` among ts [log-format]\n    Say where the time is: `fields: {time: …}`.',
    ],
    [
      '203.0.113.9 - - [10/Oct/2000:13:55:35 -0700] "GET / HTTP/1.1" 200 12\n'.repeat(4),
      'scenarios/a.log:1:1  error  none of 4 lines is one of `json`: this is no JSON object [log-format]\n    It looks like `common`: say `format: common`.',
    ],
    [
      '{"start_time":"2026-01-05T09:00:00Z"}\n',
      'scenarios/a.log:1:1  error  this is no line of `json`: there is no field `time` among start_time [log-format]\n    It looks like `envoy-json`: say `format: envoy-json`.',
    ],
  ])('%j', async (log, problem) => {
    expect((await replay(log)).problems).toEqual([problem])
  })

  it('because its time is in another column than the first', async () => {
    const { problems } = await replay('region;at;requests\neu;2026-01-05T09:00:00Z;3\n', '', '10s', 'csv')
    expect(problems).toEqual([
      'scenarios/a.log:2:1  error  this is no line of `csv`: `eu` is no time [log-format]\n    Say where the time is: `fields: {time: …}`.',
    ])
  })

  it('because nothing is left of it', async () => {
    expect((await replay(ten, ', from: 2026-01-06T00:00:00Z')).problems).toEqual([
      'scenarios/shop.yaml:5:26  error  nothing of `scenarios/a.log` is left to replay [log-range]\n    Look at `from`, `until` and `scale`: its times are from 2026-01-05T09:00:00Z to 2026-01-05T09:00:09Z.',
    ])
    expect((await replay([1], ', scale: 0.1')).problems[0]).toContain('[log-range]')
  })

  it('because it goes on for longer than there is room for, until somebody says which part', async () => {
    const lines = Array.from({ length: limits.logHours + 1 }, (_, hour) => `{"time":${monday + 3600 * hour}}\n`).join(
      '',
    )
    expect((await replay(lines)).problems).toEqual([
      'scenarios/shop.yaml:5:26  error  the requests of `scenarios/a.log` lie in more than 2000 hours [limit-log-hours]\n    Say which part of it is to be replayed, by `from` and `until`.',
    ])
    expect(await replay(lines, ', from: 2026-01-05T09:00:00Z, until: 2026-01-05T09:00:10Z')).toMatchObject({
      counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      problems: [],
    })
  })

  it('because there is more in a second than a flight can count', async () => {
    const line = `{"time":${monday},"n":2e8}\n`
    const counted = ', fields: {count: n}'
    expect((await replay(line, `${counted}, scale: 5`)).counts).toEqual([1e9])
    expect((await replay(line, `${counted}, scale: 6`)).problems).toEqual([
      'scenarios/shop.yaml:5:26  error  `scenarios/a.log` has more requests at 2026-01-05T09:00:00Z than the limit of 1000M/s, or has them by `scale`, `crowds` and `bursts` [limit-rate]',
    ])
    const crowd = '}, crowds: [{at: 1s, factor: 6}], bursts: {factor: 0.5, every: 5s, for: 1s'
    expect((await replay(line, counted + crowd)).problems[0]).toContain('[limit-rate]')
  })

  it('because it breaks off', async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield* chunksOf('{"time":1}\n')
      throw new BrokenLog('it was cut off')
    }
    expect((await replay({ chunks: breaking() })).problems).toEqual([
      'scenarios/a.log  error  it was cut off [log-broken]',
    ])
  })
})

it('a scenario without a log stays as it is', async () => {
  const text = 'teaches: x\npolicy: p\nrelease: {at: 1s}\nduration: 10s\ntraffic: {rate: 1/s}\n'
  const problems = new Problems()
  const read = readScenario('s.yaml', fileMap({ 's.yaml': text }), problems)!
  const logs: Logs = { open: () => Promise.reject(new Error('opened')) }
  expect(await withLog(read, logs, problems)).toBe(read)
})
