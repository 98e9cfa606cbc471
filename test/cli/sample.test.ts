import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { coalmine } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-sample-'))
afterAll(() => rmSync(folder, { recursive: true }))

const caught = 'scenarios/caught-by-background-analysis.yaml'

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('coalmine run SCENARIO --sample FILE', () => {
  it('logs every n-th request with whose it was, who answered it and how, and says why requests are flown one by one', () => {
    const path = join(folder, 'requests.jsonl')
    const { status, stdout, stderr } = coalmine(['run', caught, '--json', '--sample', path, '--sample-every', '5000'])
    expect([status, stderr]).toEqual([0, 'note: requests are flown one by one: a request log shows single requests\n'])
    const record = JSON.parse(stdout)
    expect(record.fidelity).toBe('request')
    const lines = linesOf(readFileSync(path, 'utf8'))
    expect(lines.length).toBe(Math.ceil(record.blastRadius.requests.total / 5000))
    for (const line of lines.slice(1)) {
      expect(line).toEqual({
        time: expect.stringMatching(/^2026-01-05T00:\d\d:\d\d\.\d{6}Z$/),
        user: expect.stringMatching(/^user-\d+$/),
        version: expect.stringMatching(/^(stable|canary)$/),
        pod: expect.stringMatching(/^shop-/),
        status: expect.any(Number),
        duration_ms: expect.any(Number),
        attempts: 1,
        wait_ms: 0,
      })
    }
    const times = lines.map(({ time }) => time)
    expect(times).toEqual([...times].sort())
    expect(readdirSync(folder)).toEqual(['requests.jsonl'])
  })

  it('flies as it does without a log', () => {
    const plain = JSON.parse(coalmine(['run', caught, '--json', '--fidelity', 'request']).stdout)
    const path = join(folder, 'same.jsonl')
    const logged = JSON.parse(coalmine(['run', caught, '--json', '--sample', path]).stdout)
    expect(logged).toEqual(plain)
  })

  it('writes to standard output under the name of -, and tells the rest beside it', () => {
    const { status, stdout, stderr } = coalmine(['run', caught, '--sample', '-', '--sample-every', '50000'])
    expect(status).toBe(0)
    expect(linesOf(stdout).length).toBeGreaterThan(10)
    expect(stderr).toMatch(/^✖ aborted {2}caught-by-background-analysis {2}seed 1, requests one by one$/m)
  })

  it.each([
    [['--sample', '-', '--json'], "--sample - can't be used with --json"],
    [['--sample', '-', '--watch'], "--sample - can't be used with --watch"],
    [['--sample', 'x', '--runs', '3'], "'--sample <file>' cannot be used with option '--runs <n>'"],
    [['--sample-every', '3'], "'--sample-every <n>' needs option '--sample'"],
    [['--sample', 'x', '--sample-every', '0'], 'It must be 1 or more.'],
    [['--fidelity', 'flow', '--sample', 'x'], "a flow can't tell this: a request log shows single requests"],
    [['--fidelity', 'packet'], 'Allowed choices are flow, request.'],
  ])('refuses %j', (options, message) => {
    const { status, stdout, stderr } = coalmine(['run', caught, ...options])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  it('leaves nothing behind where it cannot write, and what was there stays', () => {
    const { status, stdout, stderr } = coalmine(['run', caught, '--sample', join(folder, 'absent', 'x.jsonl')])
    expect([status, stdout]).toEqual([74, ''])
    expect(stderr).toContain('cannot be written: ENOENT')
    const place = mkdtempSync(join(folder, 'taken-'))
    writeFileSync(join(place, 'inside'), 'here')
    const taken = coalmine(['run', caught, '--sample', place])
    expect(taken.status).toBe(74)
    expect(taken.stderr).toContain('cannot be written: EISDIR')
    expect(readFileSync(join(place, 'inside'), 'utf8')).toBe('here')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
