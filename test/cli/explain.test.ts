// `coalmine explain`, as a person or a script runs it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-explain-'))
afterAll(() => rmSync(folder, { recursive: true }))

const good = 'scenarios/good-release'
const analysis = readFileSync(join(root, good, 'analysis.yaml'), 'utf8')

describe('coalmine explain FILES…', () => {
  it('says of each selector what it counts, of which version, and the series it finds', () => {
    const { status, stdout, stderr } = coalmine(['explain', `${good}.yaml`])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Rollout shop {2}in the world of good-release, without its faults\n {2}400\/s, 0.1% errors/)
    expect(stdout).toMatch(/✔ promoted [\dm.s]+ after the release/)
    expect(stdout).toContain(`${good}/analysis.yaml:17:18`)
    expect(stdout).toMatch(
      /^ {6}the canary; requests .* over 1m\n {6}\d series {2}\{destination_service_name="shop-canary"/m,
    )
    expect(stdout).toMatch(/^ {2}measured +\d+ times: \d+ Successful$/m)
    expect(stdout).toMatch(/^ {2}values +first [\d.]+, min [\d.]+, median [\d.]+, max [\d.]+, last [\d.]+/m)
    expect(stdout).not.toContain('\u001b')
  })

  it('takes a policy without a scenario, from folders or standard input, and says what it assumes', () => {
    const fromFolder = coalmine(['explain', good])
    expect([fromFolder.status, fromFolder.stderr]).toEqual([0, ''])
    expect(fromFolder.stdout).toContain('in an assumed world, as no scenario was given\n  100/s, 0.1% errors')
    const names = ['rollout', 'analysis', 'services', 'virtual-service']
    const input = names.map((name) => readFileSync(join(root, good, `${name}.yaml`), 'utf8')).join('\n---\n')
    const piped = coalmine(['explain', '-'], { input })
    expect([piped.status, piped.stderr]).toEqual([0, ''])
    const withoutPlaces = (text: string) => text.replace(/^ {2}\S+:\d+:\d+$/gm, '')
    expect(withoutPlaces(piped.stdout)).toBe(withoutPlaces(fromFolder.stdout))
  })

  it('prints one JSON document and nothing else with --json', () => {
    const { status, stdout } = coalmine(['explain', good, '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'coalmine.explain/v1',
      rollout: 'shop',
      world: { scenario: null },
      flight: { verdict: 'promoted' },
      metrics: [{ name: 'success-rate', query: { error: null, selectors: [{ sees: 'canary' }, { sees: 'canary' }] } }],
      rules: [],
    })
  })

  it('puts a caret under what Prometheus refuses, names its place in the file, and ends with exit code 2', () => {
    const file = join(folder, 'analysis.yaml')
    writeFileSync(file, analysis.replace('[1m]))\n            /', '[1 m]))\n            /'))
    const others = ['rollout', 'services', 'virtual-service'].map((name) => join(good, `${name}.yaml`))
    const { status, stdout } = coalmine(['explain', file, ...others])
    expect(status).toBe(2)
    const lines = stdout.split('\n')
    const caret = lines.findIndex((line) => /^ +\^+$/.test(line))
    const column = lines[caret]!.indexOf('^')
    expect(lines[caret - 1]!.slice(column)).toMatch(/^m\]/)
    const [, line, at] = /analysis\.yaml:(\d+):(\d+) {2}1:\d+: parse error/.exec(stdout)!
    expect(
      readFileSync(file, 'utf8')
        .split('\n')
        [Number(line) - 1]!.slice(Number(at) - 1),
    ).toMatch(/^m\]/)
  })

  it('puts the caret behind the last letter of a query that misses its end', () => {
    const file = join(folder, 'unclosed.yaml')
    writeFileSync(file, analysis.replace(/\}\[1m\]\)\)\n$/, '}[1m])\n'))
    const others = ['rollout', 'services', 'virtual-service'].map((name) => join(good, `${name}.yaml`))
    const { status, stdout } = coalmine(['explain', file, ...others])
    expect(status).toBe(2)
    const lines = stdout.split('\n')
    const caret = lines.findIndex((line) => /^ +\^$/.test(line))
    expect(lines[caret]!.length).toBe(lines[caret - 1]!.length + 1)
    const last = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(stdout).toContain(`${file}:${last.length}:${last.at(-1)!.length + 1}  `)
  })

  it('prints what its page shows', () => {
    const page = readFileSync(join(root, 'docs', 'explain.md'), 'utf8')
    expect(page).toContain(coalmine(['explain', 'scenarios/window-longer-than-pause.yaml']).stdout)
  })

  it('ends with exit code 2 where there is nothing to explain', () => {
    const { status, stdout, stderr } = coalmine(['explain', join(good, 'analysis.yaml')])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('no Rollout among the manifests')
    expect(coalmine(['explain', join(folder, 'nothing.yaml')]).status).toBe(2)
  })
})
