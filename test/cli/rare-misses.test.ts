// `coalmine run --rare-misses`: how often a release is missed where that is too rare to be seen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rollout, template } from '../run/plans.js'
import { coalmine } from './coalmine.js'

let folder: string

/** One check of 45 s of a tenth of the requests, some 22 a second: it passes with up to 5 errors where 18 are expected. */
const scenario = `
teaches: A single check lets a bad release through now and then.
policy: policy.yaml
release: {at: 30s, image: "shop:2"}
duration: 4m
traffic: {rate: 20/s}
service: {stable: {errors: 0%, start: 5s}}
faults: [{on: canary, errors: 20%}]
observability:
  metrics:
    - {name: asked_total, counts: requests, at: gateway, labels: {version: $version}, fromStart: true}
    - {name: answered_total, counts: successes, at: gateway, labels: {version: $version}, fromStart: true}
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coalmine-misses-'))
  const policy =
    rollout(
      5,
      'steps: [{setWeight: 10}, {pause: {duration: 90s}}, {analysis: {templates: [{templateName: errors}]}}]',
    ) +
    template(
      'errors',
      'count: 1\n      successCondition: result[0] <= 0.06',
      '1 - sum(rate(answered_total{version="canary"}[1m])) / sum(rate(asked_total{version="canary"}[1m]))',
    )
  writeFileSync(join(folder, 'policy.yaml'), policy)
  writeFileSync(join(folder, 'rare.yaml'), scenario)
})

afterAll(() => rmSync(folder, { recursive: true }))

const rare = (...args: string[]) => coalmine(['run', 'rare.yaml', '--rare-misses', ...args], { cwd: folder })

describe('coalmine run SCENARIO --rare-misses', () => {
  it('says in how many releases one is missed, how sure that is, and what luck it takes', () => {
    const { status, stdout, stderr } = rare('--workers', '1')
    expect([status, stderr]).toEqual([0, ''])
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^missed 1 in [\d,]+ {2}rare {2}[\d,]+ flights from seed 1$/)
    expect(lines[1]).toBe('  A single check lets a bad release through now and then.')
    expect(lines[3]).toMatch(
      /^ {2}95 % sure: from 1 in [\d,]+ to 1 in [\d,]+\. \d+ of 2,000 flights by chance missed\.$/,
    )
    expect(stdout).toMatch(
      /bad answers of the canary came\n {4}0\.\d+ times as often as they should, from 1m.* after the release/,
    )
  })

  it('comes to the same on any number of workers, as JSON', () => {
    const [one, two] = ['1', '2'].map((workers) => rare('--workers', workers, '--json'))
    expect(one!.status).toBe(0)
    expect(two!.stdout).toBe(one!.stdout)
    const { missed, by, swarms } = JSON.parse(one!.stdout)
    expect({ by, swarms }).toMatchObject({ by: 'swarms', swarms: expect.any(Number) })
    expect(missed.low).toBeLessThan(missed.value)
    expect(missed.high).toBeGreaterThan(missed.value)
  })

  it('refuses what no luck can be given to, and options that ask for something else', () => {
    const one = rare('--fidelity', 'request')
    expect(one.status).toBe(2)
    expect(one.stderr).toContain(
      '--rare-misses needs requests that come by chance, as a flow: here they are flown one by one',
    )
    writeFileSync(join(folder, 'well.yaml'), scenario.replace(/faults: .*/, ''))
    const well = coalmine(['run', 'well.yaml', '--rare-misses'], { cwd: folder })
    expect([well.status, well.stdout]).toEqual([2, ''])
    expect(well.stderr).toContain("nothing is wrong with this one, so it can't be missed")
    for (const other of [['--runs', '100'], ['--watch'], ['--serve'], ['--sample', 'x']]) {
      const { status, stderr } = rare(...other)
      expect(status).toBe(2)
      expect(stderr).toContain("option '--rare-misses' cannot be used with option")
    }
  })
})

describe('coalmine test SCENARIO', () => {
  it('lets swarms decide budgets of misses that its runs can’t, and says so; not where the number of runs is given', () => {
    const budgets = 'budgets: [missed < 1%, "missed < 0.000001%"]'
    writeFileSync(join(folder, 'tested.yaml'), `${scenario}${budgets}\n`)
    const { status, stdout } = coalmine(['test', 'tested.yaml', '--max-runs', '100'], { cwd: folder })
    expect(status).toBe(1)
    expect(stdout).toMatch(/✔ missed < 1% +0\.0\d+ % {2}\(.* % to .* %\), by \d+ swarms of luckier canaries/)
    expect(stdout).toMatch(/✖ missed < 0\.000001% .*, by \d+ swarms of luckier canaries {2}tested\.yaml:\d+:\d+/)
    const plain = coalmine(['test', 'tested.yaml', '--runs', '100'], { cwd: folder })
    expect(plain.stdout).toMatch(/\? missed < 1% +0 % {2}\(0 % to/)
    expect(plain.stdout).not.toContain('swarms')
  })
})
