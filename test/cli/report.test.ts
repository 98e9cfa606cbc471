// `coalmine report`: what the other commands have stored, told again.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coalmine, root } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-report-'))
afterAll(() => rmSync(folder, { recursive: true }))

const inFolder = (...args: string[]) => coalmine(args, { cwd: folder })
const report = (...args: string[]) => inFolder('report', ...args)
const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
const textIn = (name: string) => readFileSync(join(folder, name), 'utf8')

const policy = join(root, 'scenarios', 'caught-by-background-analysis')
const scenario = `teaches: Half of the canary's requests fail.
policy: ${policy}
release: {at: 2m}
duration: 12m
traffic: {rate: 50/s, users: 5k}
faults: [{on: canary, errors: 50%}]
budgets: [verdict == aborted, users.harmed.max < 1]
`

beforeAll(() => {
  put('errors.yaml', scenario)
  put('run.json', inFolder('run', 'errors.yaml', '--json').stdout)
})

describe('The very bytes that the command printed come of', () => {
  const many = ['--runs', '50', '--workers', '1']
  it.each([
    ['a run', ['run', 'errors.yaml'], [['--json']]],
    ['a study', ['run', 'errors.yaml', ...many], [['--json']]],
    [
      'a check',
      ['check', policy, ...many],
      [
        ['--format', 'json'],
        ['--format', 'sarif'],
        ['--format', 'github'],
      ],
    ],
    [
      'a test',
      ['test', 'errors.yaml', ...many],
      [
        ['--reporter', 'json'],
        ['--reporter', 'junit'],
        ['--reporter', 'markdown'],
      ],
    ],
    [
      'a comparison',
      ['compare', policy, join(root, 'scenarios', 'window-longer-than-pause'), '--scenario', 'errors.yaml', ...many],
      [
        ['--format', 'json'],
        ['--format', 'markdown'],
      ],
    ],
    ['a search', ['tune', 'errors.yaml', '--candidates', '4', ...many, '--no-budgets'], [['--json']]],
  ])('%s', (_, command, [asJson, ...others]) => {
    const text = inFolder(...command).stdout
    const json = inFolder(...command, ...asJson!).stdout
    put('stored.json', json)
    expect(text.length).toBeGreaterThan(100)
    expect(report('stored.json')).toEqual({ status: 0, stdout: text, stderr: '' })
    expect(report('stored.json', '--json').stdout).toBe(json)
    for (const [option, name] of others)
      expect(report('stored.json', '--format', name!).stdout).toBe(inFolder(...command, option!, name!).stdout)
  })

  it('a shard of a test, which failed: that is told, and is no failure of telling it', () => {
    const shard = ['test', 'errors.yaml', '--runs', '100', '--shard', '2/2', '--reporter', 'blob=blob.json']
    const flown = inFolder(...shard, '--reporter', 'default')
    expect(flown.stdout).toContain('✖ users.harmed.max < 1')
    expect(report('blob.json')).toEqual({ status: 0, stdout: flown.stdout, stderr: '' })
  })
})

describe('What is stored', () => {
  it('comes from standard input under the name of -', () => {
    const { stdout } = coalmine(['report', '-'], { input: textIn('run.json') })
    expect(stdout).toBe(report('run.json').stdout)
  })

  it('is told one after another, with a line between what people read', () => {
    const once = report('run.json').stdout
    expect(report('run.json', 'run.json').stdout).toBe(`${once}\n${once}`)
    expect(report('run.json', 'run.json', '--json').stdout).toBe(textIn('run.json').repeat(2))
  })

  it('goes into a file whole, without colours', () => {
    const { status, stdout } = report('run.json', '-o', 'run.txt')
    expect([status, stdout]).toEqual([0, ''])
    expect(textIn('run.txt')).toBe(report('run.json').stdout)
  })
})

describe('Refused, with nothing printed or written, is', () => {
  it.each([
    [
      'a file that is not there',
      ['rn.json'],
      'rn.json  error  there is no file `rn.json` [file-missing]\n    Did you mean `run.json`?',
    ],
    ['an empty file', ['empty.json'], 'empty.json:1:1  error  there is nothing in it [json-empty]'],
    [
      'a file that was cut off',
      ['cut.json'],
      'cut.json:1:101  error  it was cut off: this JSON ends in the middle [json-cut]',
    ],
    [
      'no JSON',
      ['errors.yaml'],
      'errors.yaml:1:1  error  this is no JSON: expected a value, found `teaches` [json-syntax]',
    ],
    ['JSON of something else', ['else.json'], 'else.json  error  this JSON is nothing that coalmine stores'],
    [
      'a schema of another version',
      ['later.json'],
      'later.json:1:11  error  this is of schema v7 of `coalmine.run`, printed by coalmine 9.0.0; coalmine',
    ],
    [
      'a number out of its range',
      ['wrong.json'],
      /^wrong\.json:1:\d+ {2}error {2}this must be at least 0 \[stored-value\]/,
    ],
    ['one of several', ['run.json', 'empty.json'], 'empty.json:1:1  error'],
    [
      'a format that it does not have',
      ['run.json', '--format', 'junit'],
      'run.json  error  a run can’t be told as junit [no-such-format]\n    It has `text`, `json`.',
    ],
    ['a format that there is not', ['run.json', '--format', 'pdf'], 'Allowed choices are text, json, markdown'],
    [
      'a marker where there is no comment',
      ['run.json', '--marker', 'shop'],
      "error: option '--marker <name>' needs --format markdown",
    ],
    [
      'several files as one document',
      ['run.json', 'run.json', '--format', 'tap'],
      'run.json  error  tap is one document, and 2 files are given [one-document]',
    ],
    [
      'writing over what is read',
      ['run.json', '-o', './run.json'],
      './run.json  error  this file is read: writing into it would lose what is stored there',
    ],
    [
      'writing where nothing can be',
      ['run.json', '-o', 'no/such/folder.txt'],
      "no/such/folder.txt  error  this file can't be written: ENOENT",
    ],
    ['nothing at all', [], "error: missing required argument 'files'"],
  ])('%s', (_, args, problem) => {
    const run = textIn('run.json')
    put('empty.json', '')
    put('cut.json', run.slice(0, 100))
    put('else.json', '{"name": "else"}')
    put('later.json', run.replace('run/v1', 'run/v7').replace(/"version":"[^"]*"/, '"version":"9.0.0"'))
    put('wrong.json', run.replace(/"seed":\d+/, '"seed":-1'))
    const before = readdirSync(folder)
    const { status, stdout, stderr } = report(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(problem)
    expect(readdirSync(folder)).toEqual(before)
    expect(textIn('run.json')).toBe(run)
  })
})
