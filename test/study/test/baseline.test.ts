// A scenario is held against what its runs came to before.
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/report/paint.js'
import { defaultReport, movedText } from '../../../src/report/test/default.js'
import { githubReport } from '../../../src/report/test/github.js'
import { junitReport } from '../../../src/report/test/junit.js'
import { markdownReport } from '../../../src/report/test/markdown.js'
import { tapReport } from '../../../src/report/test/tap.js'
import { Problems } from '../../../src/scenario/problem.js'
import { type Baseline, baselineOf, baselinePath, readBaseline } from '../../../src/study/test/baseline.js'
import { blobOf, mergeBlobs } from '../../../src/study/test/blob.js'
import { movedSince } from '../../../src/study/test/moved.js'
import { readBlob } from '../../../src/study/test/read-blob.js'
import { reportOf } from '../../../src/study/test/report.js'
import { type Made, tallyOf, testedScenario } from './tested-scenario.js'

const version = '1.2.3'

function baseline(runs: readonly Made[], seed = 1): Baseline {
  return baselineOf({ seed, fidelity: 'flow', tally: tallyOf(runs, seed) }, version)
}

/** So many runs that harm about so many, sometimes missed. */
function drawn(runs: number, seed: string, harmed: number, missed = 0): readonly Made[] {
  const random = seedrandom(seed)
  return Array.from({ length: runs }, () => ({
    detectionMs: random() < missed ? null : Math.round(60_000 * (1 + random())),
    harmed: Math.round(harmed * (0.5 + random())),
  }))
}

const names = (before: readonly Made[], after: readonly Made[]) =>
  movedSince(baseline(before), baseline(after)).moved.map(({ figure }) => figure)

describe('What has moved', () => {
  it('is nothing where nothing differs', () => {
    expect(movedSince(baseline(drawn(100, 'a', 50)), baseline(drawn(100, 'a', 50)))).toEqual({
      compared: 27,
      moved: [],
    })
  })

  it('is nothing where only chance differs: in one of a hundred scenarios at most', () => {
    const moved = Array.from({ length: 100 }, (_, round) =>
      names(drawn(100, `${round} before`, 50, 0.1), drawn(100 + 10 * (round % 20), `${round} after`, 50, 0.1)),
    )
    expect(moved.flat()).toEqual([])
  })

  it('is whatever is far enough from where it was, and by how much', () => {
    const { moved } = movedSince(baseline(drawn(400, 'a', 50)), baseline(drawn(400, 'b', 75)))
    expect(moved.map(({ figure }) => figure)).toEqual([
      ...['requests.excess.mean', 'requests.excess.p50', 'requests.excess.p90'],
      ...['users.harmed.mean', 'users.harmed.p50', 'users.harmed.p90'],
      ...['budget.spent.mean', 'budget.spent.p50', 'budget.spent.p90'],
    ])
    for (const { low, high, isRelative } of moved) {
      expect(isRelative).toBe(true)
      expect(low).toBeLessThan(0.5)
      expect(high).toBeGreaterThan(0.5)
    }
  })

  it('is told in what it is counted in where it was nothing before', () => {
    const [mean] = movedSince(baseline(drawn(100, 'a', 0)), baseline(drawn(100, 'b', 50))).moved
    expect(mean).toMatchObject({ figure: 'requests.excess.mean', before: 0, isRelative: false })
    expect(mean!.low).toBeGreaterThan(40)
  })

  it('may be how often something happens', () => {
    const moved = names(drawn(200, 'a', 50), drawn(200, 'b', 50, 0.2))
    const durations = ['duration.mean', 'duration.p90']
    expect(moved).toEqual([...durations, 'promoted', 'aborted', 'missed', 'detect.never', 'safe.never'])
    expect(names(drawn(200, 'a', 50), drawn(200, 'b', 50, 0.01))).toEqual([])
  })

  it('is not what too few runs show', () => {
    expect(names(drawn(1, 'a', 50), drawn(1, 'b', 500))).toEqual([])
    expect(names(drawn(4, 'a', 50), drawn(4, 'b', 60))).toEqual([])
  })
})

describe('A report', () => {
  const before = baseline(drawn(100, 'a', 120))
  const report = (runs: readonly Made[]) =>
    reportOf([testedScenario(['missed < 50%'], runs, { baseline: before })], 0.99, version)
  const lines = (runs: readonly Made[]) => defaultReport(report(runs), noColours).split('\n')

  it('says in a line that nothing has moved', () => {
    expect(lines(drawn(100, 'a', 120))[2]).toBe('    ✔ baseline      the same, run by run')
    expect(lines(drawn(100, 'b', 120))[2]).toBe('    ✔ baseline      none of 27 figures has clearly moved')
  })

  it('fails once, with a table of the figures that have, and says once how to accept it', () => {
    const moved = report(drawn(100, 'b', 180))
    expect(moved.scenarios[0]!.status).toBe('failed')
    const text = defaultReport(moved, noColours).split('\n')
    const from = text.findIndex((line) => line.includes('✖ baseline'))
    expect(text[from]).toMatch(/^ {4}✖ baseline +\d of 27 figures have clearly moved {2}made-up\.yaml:1:1$/)
    const rows = text.slice(
      from + 1,
      text.findIndex((line) => line.includes('# if it shall be so')),
    )
    expect(rows).toHaveLength(Number(/(\d) of 27/.exec(text[from]!)![1]))
    for (const row of rows) expect(row).toMatch(/^ {8}[a-z.]+\S* +\S.* → .* +\([+−]\S.* to [+−]\S.*\)$/)
    expect(new Set(rows.map((row) => row.indexOf('('))).size).toBe(1)
    expect(text.filter((line) => line.includes('coalmine test'))).toEqual([
      '        coalmine test made-up.yaml -u  # if it shall be so',
    ])
    expect(text).toContain('  Budgets  1 failed | 1 passed (2)')
  })

  it('is one case to CI servers, with the same table', () => {
    const moved = report(drawn(100, 'b', 180))
    const [row] = movedText(moved.scenarios[0]!.budgets[1]!)
    expect(row).toMatch(/^\S+ +1\S* → 1/)
    expect(junitReport(moved).match(/<testcase name="baseline"/g)).toHaveLength(1)
    for (const text of [
      junitReport(moved),
      tapReport(moved),
      githubReport(moved).replaceAll('%25', '%'),
      markdownReport(moved),
    ]) {
      expect(text.replaceAll('&gt;', '>')).toContain(row)
    }
  })
})

it('goes with what shards have flown', () => {
  const tested = testedScenario(['missed < 50%'], drawn(50, 'b', 180), { baseline: baseline(drawn(50, 'a', 120)) })
  const blob = blobOf([tested], { version, confidence: 0.99, runs: 50, shard: { index: 1, of: 1 } })
  const read = readBlob('blob.json', JSON.stringify(blob), version, new Problems())!
  const merged = mergeBlobs([{ file: 'blob.json', blob: read }], new Problems())!
  expect(JSON.stringify(reportOf(merged.tested, 0.99, version))).toBe(JSON.stringify(reportOf([tested], 0.99, version)))
})

describe('A baseline', () => {
  const read = (text: string) => {
    const problems = new Problems()
    const found = readBaseline('x.baseline.json', text, version, problems)
    return { found, told: problems.sorted().map(({ message }) => message) }
  }

  it('lies beside its scenario', () => {
    expect(['a/b.yaml', 'c.yml'].map(baselinePath)).toEqual(['a/b.baseline.json', 'c.baseline.json'])
  })

  it('is the same when it is read again', () => {
    const written = baseline(drawn(100, 'a', 50, 0.1))
    expect(read(JSON.stringify(written))).toEqual({ found: written, told: [] })
  })

  it.each([
    ['{', 'this is no JSON, and so no baseline'],
    ['{"schema": "coalmine.blob/v1"}', 'this is no baseline of schema coalmine.baseline/v1: schema: '],
    [JSON.stringify({ ...baseline([{}]), runs: 0 }), 'this is no baseline of schema coalmine.baseline/v1: runs: '],
    [
      JSON.stringify({ ...baseline([{}]), version: '0.0.1' }),
      'this baseline was written by coalmine 0.0.1, and this is 1.2.3, which may fly another way',
    ],
  ])('is refused if it is none: %#', (text, message) => {
    const { found, told } = read(text)
    expect([found, told.length]).toEqual([undefined, 1])
    expect(told[0]).toContain(message)
  })
})
