// `coalmine test --shrink` writes failed scenarios smaller, as files that can be flown.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-shrink-'))
const policy = join(root, 'scenarios', 'caught-by-background-analysis')
afterAll(() => rmSync(folder, { recursive: true }))

it('names the file and the line that replays it', () => {
  const text = `teaches: What is made smaller.
policy: ${policy}
release: {at: 2m}
duration: 12m
traffic: {rate: 400/s, users: 50k}
faults: [{on: canary, errors: 5%}, {on: stable, errors: 0.01%}]
budgets: [users.harmed.p95 < 20]
`
  writeFileSync(join(folder, 'harmless.yaml'), text)
  const { status, stderr } = coalmine(['test', '--runs', '100', '--shrink', 'small'], { cwd: folder })
  expect(status).toBe(1)
  const told =
    /^note: harmless\.yaml made smaller, .*:\n {2}coalmine (run small\/harmless\.small\.yaml --seed (\d+))\n$/
  const [, line, seed] = told.exec(stderr)!
  const [head, replay, ...scenario] = readFileSync(join(folder, 'small', 'harmless.small.yaml'), 'utf8').split('\n')
  expect(head).toMatch(new RegExp(`in \\d+ flights: seed ${seed} still breaks users\\.harmed\\.p95 < 20$`))
  expect(replay).toBe(`# coalmine ${line}`)
  expect(scenario.join('\n')).not.toContain('stable')
  const replayed = coalmine([...line!.split(' '), '--json'], { cwd: folder })
  expect(JSON.parse(replayed.stdout).blastRadius.users.harmed).toBeGreaterThanOrEqual(20)
})
