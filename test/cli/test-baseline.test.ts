// `coalmine test -u` stores what runs come to, and later tests are held against it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-baseline-'))
const stored = join(folder, 'caught.baseline.json')
afterAll(() => rmSync(folder, { recursive: true }))

function scenario(errors: string): void {
  const text = `teaches: What is caught.
policy: ${join(root, 'scenarios', 'caught-by-background-analysis')}
release: {at: 2m}
duration: 12m
traffic: {rate: 400/s, users: 50k}
faults: [{on: canary, errors: ${errors}}]
budgets: [verdict == aborted]
`
  writeFileSync(join(folder, 'caught.yaml'), text)
}

function test(...args: string[]) {
  return coalmine(['test', '--runs', '100', ...args], { cwd: folder })
}

it('is written when somebody asks for it, and held against until then', () => {
  scenario('5%')
  expect(test().stdout).not.toContain('baseline')
  expect(existsSync(stored)).toBe(false)
  const { status, stderr } = test('-u')
  expect([status, stderr]).toEqual([0, 'note: baseline caught.baseline.json: new, of 100 runs\n'])
  expect(JSON.parse(readFileSync(stored, 'utf8'))).toMatchObject({ schema: 'coalmine.baseline/v1', seed: 1, runs: 100 })
  expect(test().stdout).toContain('✔ baseline            the same, run by run')
  scenario('10%')
  const moved = test()
  expect([moved.status, moved.stderr]).toEqual([1, ''])
  expect(moved.stdout).toMatch(
    /✖ baseline +\d+ of 27 figures have clearly moved .*\n(.*\n)* {8}users\.harmed\.mean .* → .* {2}\(\+.* % to \+.* %\)/,
  )
})

it('is refused from another version until it is written anew', () => {
  const text = readFileSync(stored, 'utf8')
  writeFileSync(stored, text.replace(/"version": ".*"/, '"version": "0.0.1"'))
  const { status, stdout, stderr } = test()
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain('caught.baseline.json  error  this baseline was written by coalmine 0.0.1')
  expect(stderr).toContain('`coalmine test -u` writes it anew')
  expect(test('-u').stderr).toBe('note: baseline caught.baseline.json: changed, of 100 runs\n')
})

it('is not written by shards', () => {
  expect(test('-u', '--shard', '1/2').stderr).toContain("'-u, --update' cannot be used with option '--shard <i/n>'")
})
