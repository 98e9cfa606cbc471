import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const caught = 'scenarios/caught-by-background-analysis.yaml'

describe('coalmine run SCENARIO', () => {
  it('prints the timeline and the verdict plainly without a terminal', () => {
    const { status, stdout, stderr } = coalmine(['run', caught])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^\+00:00\.0 {2}release {6}registry\.example\.com\/shop:2\.0$/m)
    expect(stdout).toMatch(/measurement {2}success-rate {2}Failed {2}\[0\.9/)
    expect(stdout).toMatch(/^✖ aborted {2}caught-by-background-analysis {2}seed 1$/m)
    expect(stdout).toMatch(/decided +[\d.ms]+ {2}detection time/)
    // No colour, no cursor movement.
    expect(stdout).not.toContain('\u001b')
  })

  it('does the same with --watch when there is no terminal to draw on', () => {
    expect(coalmine(['run', caught, '--watch', '--speed', '1000']).stdout).toBe(coalmine(['run', caught]).stdout)
  })

  it('prints one JSON document and nothing else with --json', () => {
    const { status, stdout, stderr } = coalmine(['run', caught, '--json'])
    expect([status, stderr]).toEqual([0, ''])
    const record = JSON.parse(stdout)
    expect(record).toMatchObject({
      schema: 'coalmine.run/v1',
      scenario: 'caught-by-background-analysis',
      seed: 1,
      verdict: 'aborted',
      detectionMs: expect.any(Number),
      timeToSafeMs: expect.any(Number),
      blastRadius: {
        requests: {
          total: expect.any(Number),
          exposed: expect.any(Number),
          failed: expect.any(Number),
          excess: expect.any(Number),
        },
        users: { total: 50_000, exposed: expect.any(Number), harmed: expect.any(Number) },
        userMinutes: expect.any(Number),
        budgetSpentPercent: expect.any(Number),
        peakWeightPercent: 10,
      },
    })
    expect(record.detectionMs).toBe(record.times.decidedMs - record.times.onsetMs)
    expect(record.timeToSafeMs).toBe(record.times.safeMs - record.times.onsetMs)
    const { onsetMs, firstExposedMs, firstObservableMs, firstFailedCheckMs, decidedMs, safeMs } = record.times
    const inOrder = [onsetMs, firstExposedMs, firstObservableMs, firstFailedCheckMs, decidedMs, safeMs]
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b))
    expect(record.timeline.map(({ atMs }: { atMs: number }) => atMs)).toEqual(
      [...record.timeline.map(({ atMs }: { atMs: number }) => atMs)].sort((a, b) => a - b),
    )
  })

  it('takes the seed from the scenario, or from --seed', () => {
    expect(JSON.parse(coalmine(['run', caught, '--json', '--seed', '7']).stdout).seed).toBe(7)
  })

  it('is the same to the byte in another process, time zone and language', () => {
    const plain = coalmine(['run', caught, '--json', '--seed', '3'])
    const elsewhere = coalmine(['run', caught, '--json', '--seed', '3'], {
      env: { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    })
    expect(elsewhere.stdout).toBe(plain.stdout)
  })

  it('flies many seeds with --runs and says how the numbers are distributed', () => {
    const { status, stdout } = coalmine(['run', caught, '--runs', '40', '--json'])
    expect(status).toBe(0)
    const study = JSON.parse(stdout)
    expect(study).toMatchObject({ schema: 'coalmine.study/v2', seed: 1, runs: 40 })
    const values = Object.entries(study.verdicts as Record<string, { value: number }>)
    expect(values.map(([verdict, { value }]) => [verdict, value])).toEqual([
      ['promoted', 0],
      ['aborted', 1],
      ['paused', 0],
      ['stuck', 0],
    ])
    // None of forty: between 0 and what Clopper and Pearson allow.
    expect(study.missed).toEqual({ value: 0, low: 0, high: expect.closeTo(0.0881, 4) })
    const { runs, mean, p5, p50, p90, p95, p99 } = study.numbers.detectionMs
    expect(runs).toBe(40)
    const quantiles = [p5, p50, p90, p95, p99].map(({ value }) => value)
    expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
    expect(p50.low).toBeLessThanOrEqual(p50.value)
    expect(p50.high).toBeGreaterThanOrEqual(p50.value)
    // Forty values don't say how far out one in a hundred lies.
    expect(p99.high).toBe(null)
    expect(mean.high - mean.value).toBeGreaterThan(0)
  })

  it('is the same to the byte on any number of workers', () => {
    const [one, ...others] = [1, 2, 4].map((workers) => {
      return coalmine(['run', caught, '--runs', '220', '--json', '--workers', String(workers)]).stdout
    })
    expect(JSON.parse(one!).runs).toBe(220)
    expect(others).toEqual([one, one])
  })

  it('flies until --precision is reached, and says how many runs that took', () => {
    const { status, stdout, stderr } = coalmine(['run', caught, '--precision', '5%', '--json'])
    const { runs, numbers } = JSON.parse(stdout)
    expect([status, stderr]).toEqual([0, `note: ±5 % after ${runs} runs\n`])
    const { value, low, high } = numbers['blastRadius.users.harmed'].mean
    expect((high - low) / 2 / value).toBeLessThan(0.05)
    const short = coalmine(['run', caught, '--precision', '0.1%', '--runs', '60', '--json'])
    expect(short.stderr).toBe('warning: less precise than ±0.1 % after 60 runs: ask for more by --runs\n')
  })

  it('flies the first of many seeds exactly as a single run', () => {
    const one = JSON.parse(coalmine(['run', caught, '--json', '--seed', '5']).stdout)
    const study = JSON.parse(coalmine(['run', caught, '--json', '--seed', '5', '--runs', '1']).stdout)
    expect(study.numbers['blastRadius.users.harmed'].mean.value).toBe(one.blastRadius.users.harmed)
    expect(study.numbers.detectionMs.mean.value).toBe(one.detectionMs)
  })

  it('flies another policy in the same scenario with --policy', () => {
    const { stdout } = coalmine(['run', caught, '--json', '--policy', 'scenarios/window-longer-than-pause'])
    expect(JSON.parse(stdout).verdict).toBe('promoted')
  })

  it('takes a policy from standard input under the name of -', () => {
    const folder = join(root, 'scenarios', 'caught-by-background-analysis')
    const files = ['rollout.yaml', 'analysis.yaml', 'services.yaml', 'virtual-service.yaml']
    const input = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('---\n')
    const { status, stdout } = coalmine(['run', caught, '--json', '--policy', '-'], { input })
    expect([status, stdout]).toEqual([0, coalmine(['run', caught, '--json']).stdout])
  })
})

describe('coalmine schema', () => {
  it('prints a JSON Schema for editors', () => {
    const { status, stdout } = coalmine(['schema'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
  })
})
