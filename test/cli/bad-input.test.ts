// Whatever a person hands in wrongly: a problem at its place with a hint, exit code 2, and nothing on standard output.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { coalmine } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-bad-input-'))
afterAll(() => rmSync(folder, { recursive: true }))

const scenario = (policy: string, more = '') =>
  `teaches: What goes wrong is told.\npolicy: ${policy}\nrelease: {at: 5m}\nduration: 30m\ntraffic: {rate: 1/s}\n${more}`

const rollout = (canary: string) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  strategy: {canary: ${canary}}
`

const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
for (const letter of 'bcdefg') {
  const before = String.fromCharCode(letter.charCodeAt(0) - 1)
  bomb.push(`${letter}: &${letter} [${Array(9).fill(`*${before}`).join(',')}]`)
}

const files: Readonly<Record<string, string>> = {
  'rollout.yaml': rollout('{}'),
  'broken.yaml': 'teaches: [broken\n  policy',
  'broken-policy.yaml': scenario('broken.yaml'),
  'sound.yaml': scenario('rollout.yaml'),
  'unknown-field.yaml': scenario('rollout.yaml', 'falts: []\n'),
  'wrong-type.yaml': scenario('rollout.yaml', 'seed: many\n'),
  'no-template.yaml': scenario('no-template-policy.yaml'),
  'no-template-policy.yaml': rollout('{analysis: {templates: [{templateName: success}]}}'),
  'empty.yaml': '',
  'empty-policy.yaml': scenario('empty.yaml'),
  'no-policy.yaml': scenario('nothing.yaml'),
  'folder.yaml': scenario('folder'),
  'huge.yaml': `# ${'x'.repeat(50 * 1024 * 1024 - 3)}\n`,
  'huge-policy.yaml': scenario('huge.yaml'),
  'bomb.yaml': bomb.join('\n'),
  'bomb-policy.yaml': scenario('bomb.yaml'),
  'unsupported.yaml': scenario('unsupported-policy.yaml'),
  'unsupported-policy.yaml': rollout(
    '{steps: [{experiment: {templates: [{name: a, specRef: canary, selector: {matchExpressions: []}}]}}]}',
  ),
  'everything.yaml': scenario('[nothing.yaml, broken.yaml, no-template-policy.yaml]', 'seed: many\nfalts: []\n'),
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
writeFileSync(join(folder, 'latin-1.yaml'), Buffer.from('teaches: "caf\u00e9"\npolicy: rollout.yaml\n', 'latin1'))
mkdirSync(join(folder, 'folder'))
const before = readdirSync(folder).sort()

describe('A problem has a place, a hint and exit code 2', () => {
  it.each([
    ['a missing scenario', 'nowhere.yaml', 'nowhere.yaml  error  there is no file `nowhere.yaml` [file-missing]'],
    ['a missing policy', 'no-policy.yaml', 'no-policy.yaml:2:9  error  there is no file `nothing.yaml` [file-missing]'],
    ['broken YAML', 'broken.yaml', 'broken.yaml:2:9  error'],
    ['broken YAML in the policy', 'broken-policy.yaml', 'broken.yaml:2:9  error'],
    [
      'an unknown field',
      'unknown-field.yaml',
      'unknown-field.yaml:6:1  error  unknown field `falts`: did you mean `faults`?',
    ],
    ['a wrong type', 'wrong-type.yaml', 'wrong-type.yaml:6:7  error'],
    [
      'an analysis template that is not there',
      'no-template.yaml',
      "no-template-policy.yaml:9:61  error  AnalysisTemplate 'success' not found",
    ],
    ['an empty scenario', 'empty.yaml', 'empty.yaml  error  this file holds no scenario'],
    ['an empty policy', 'empty-policy.yaml', 'empty.yaml  error  this file holds no manifest'],
    ['a folder without manifests', 'folder.yaml', 'folder.yaml:2:9  error  no manifests in the directory `folder`'],
    ['50 MB for a scenario', 'huge.yaml', 'huge.yaml  error  this file has 50 MB: the limit is 1 MB'],
    ['50 MB for a policy', 'huge-policy.yaml', 'huge.yaml  error  this file has 50 MB: the limit is 10 MB'],
    ['text in another encoding', 'latin-1.yaml', 'latin-1.yaml:1:14  error  this is no UTF-8 text: the byte 0xE9'],
    ['a bomb of aliases', 'bomb-policy.yaml', 'bomb.yaml:6:8  error  aliases stand for more than 100000 values'],
    [
      'a field that is not simulated',
      'unsupported.yaml',
      'spec.strategy.canary.steps[0].experiment.templates[0].selector.matchExpressions is not simulated',
    ],
  ])('%s', (_, name, message) => {
    const { status, stdout, stderr } = coalmine(['run', name], { cwd: folder })
    expect(stderr).toContain(message)
    expect([status, stdout]).toEqual([2, ''])
  })

  it('and all of them are told at once', () => {
    const { stderr } = coalmine(['run', 'everything.yaml'], { cwd: folder })
    for (const code of [
      'file-missing',
      'yaml-syntax',
      'missing-reference',
      'scenario-unknown-field',
      'scenario-type',
    ]) {
      expect(stderr).toContain(`[${code}]`)
    }
  })

  it.each([
    ['no scenario', ['run'], "missing required argument 'scenario'"],
    ['an unknown command', ['fly'], "unknown command 'fly'"],
    ['an unknown option', ['run', 'x.yaml', '--sped', '5'], "unknown option '--sped'"],
    ['a seed that is no number', ['run', 'x.yaml', '--seed', 'abc'], 'It must be a whole number.'],
    ['no runs at all', ['run', 'x.yaml', '--runs', '0'], 'It must be 1 or more.'],
    ['a negative seed', ['run', 'x.yaml', '--seed', '-1'], 'It must be 0 or more.'],
    [
      'seeds beyond the last',
      ['run', 'sound.yaml', '--seed', '9007199254740990', '--runs', '5'],
      'beyond the last seed',
    ],
    ['looking on at many', ['run', 'x.yaml', '--watch', '--runs', '5'], "'--watch' cannot be used with option '--runs"],
    ['looking on as JSON', ['run', 'x.yaml', '--watch', '--json'], "'--watch' cannot be used with option '--json'"],
    ['a speed of nothing', ['run', 'x.yaml', '--speed', '0'], 'It must be a number above 0'],
  ])('%s', (_, args, message) => {
    const { status, stdout, stderr } = coalmine(args, { cwd: folder })
    expect(stderr).toContain(message)
    expect([status, stdout]).toEqual([2, ''])
  })

  it('and nothing was written', () => {
    expect(readdirSync(folder).sort()).toEqual(before)
  })
})
