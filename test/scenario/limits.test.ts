// Everything read from outside is bounded, and what is over a limit is refused by name.
import { expect, test } from 'vitest'
import type { Files } from '../../src/scenario/files.js'
import { limits } from '../../src/scenario/limits.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'
import { parseYaml } from '../../src/scenario/yaml.js'
import { fileMap } from './file-map.js'
import { loadManifests } from './loading.js'

const MEGABYTE = 1024 * 1024

test('a file of 50 MB is not even read', () => {
  const asked: number[] = []
  const files: Files = {
    read: (_, maxBytes) => {
      asked.push(maxBytes)
      return { tooLarge: 50 * MEGABYTE }
    },
  }
  expect(problemsOf((problems) => readManifests(['big.yaml'], files, problems))).toEqual([
    'limit-file-size: this file has 50 MB: the limit is 10 MB',
  ])
  expect(problemsOf((problems) => readScenario('big.yaml', files, problems))).toEqual([
    'limit-file-size: this file has 50 MB: the limit is 1 MB',
  ])
  expect(asked).toEqual([limits.manifestBytes, limits.scenarioBytes])
})

test('a reader that hands over too much all the same is not listened to', () => {
  const files: Files = { read: () => ({ text: 'x'.repeat(50 * MEGABYTE) }) }
  expect(problemsOf((problems) => readManifests(['big.yaml'], files, problems))).toEqual([
    'limit-file-size: this file has 50 MB: the limit is 10 MB',
  ])
})

test('aliases that double themselves stand for too much', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 40; level++) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`)
  }
  expect(yamlProblems(lines.join('\n'))).toEqual(['limit-aliases: aliases stand for more than 100000 values'])
})

test('merge keys cannot be used to the same end', () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `k${index}: 1`).join(', ')
  const merges = Array.from({ length: 200 }, (_, index) => `m${index}: {<<: *base}`).join('\n')
  expect(yamlProblems(`base: &base {${keys}}\n${merges}\n`)).toEqual([
    'limit-aliases: aliases stand for more than 100000 values',
  ])
})

test('an alias shares what its anchor holds, and takes no memory of its own', () => {
  const [document] = parseYaml('a: &a {b: [1]}\nc: *a\n', 'f.yaml', 'kubernetes', new Problems())
  const { a, c } = document!.value as { a: object; c: object }
  expect(c).toBe(a)
})

test.each([
  ['brackets', '['],
  ['braces', '{a: '],
  ['dashes', '- '],
  ['question marks', '? '],
])('too many %s inside each other', (_, opening) => {
  expect(yamlProblems(opening.repeat(1_000_000))).toEqual(['limit-nesting: more than 200 levels inside each other'])
})

test('too many blocks inside each other', () => {
  const blocks = Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')
  expect(yamlProblems(blocks)).toEqual(['limit-nesting: more than 200 levels inside each other'])
})

test('as deep as manifests go is fine', () => {
  expect(yamlProblems(`${'{a: '.repeat(90)}1${'}'.repeat(90)}`)).toEqual([])
})

test('too many words', () => {
  expect(yamlProblems(`[${'[],'.repeat(limits.tokens / 2)}]`)).toEqual([
    'limit-tokens: more than 2000000 words and marks in one file',
  ])
})

test('too many documents', () => {
  expect(yamlProblems('---\n'.repeat(limits.documentsInFile + 1))).toEqual([
    'limit-documents: more than 5000 documents in one file',
  ])
  expect(yamlProblems('---\n'.repeat(limits.documentsInFile))).toEqual([])
})

test('one key written very often is told so often, and no more', () => {
  const problems = new Problems()
  parseYaml('a: 1\n'.repeat(3 * limits.problems), 'f.yaml', 'kubernetes', problems)
  expect(problems.sorted()).toHaveLength(limits.problems + 1)
})

test('too many files in a directory', () => {
  const names = Array.from({ length: limits.filesInDirectory + 1 }, (_, index) => `dir/${index}.yaml`)
  const files = fileMap(Object.fromEntries(names.map((name) => [name, ''])))
  expect(problemsOf((problems) => readManifests(['dir'], files, problems))).toEqual([
    'limit-files: more than 2000 manifest files in `dir`',
  ])
  expect(files.reads).toEqual(['dir'])
})

test('too much in all files together is told once', () => {
  const comment = `# ${'x'.repeat(9 * MEGABYTE)}\n`
  const manifest = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n'
  const paths = Array.from({ length: 10 }, (_, index) => `${index}.yaml`)
  const files: Files = { read: () => ({ text: comment + manifest }) }
  let manifests: unknown[] = []
  const told = problemsOf((problems) => {
    manifests = readManifests(paths, files, problems)
  })
  expect(told).toEqual([
    'limit-policy-size: the manifests have more than 67108864 bytes together: the rest is not read',
  ])
  expect(manifests).toHaveLength(7)
})

test('too many lists inside each other', () => {
  const list = (depth: number): unknown => ({
    apiVersion: 'v1',
    kind: 'List',
    items: depth === 0 ? [] : [list(depth - 1)],
  })
  const deep = fileMap({ 'a.json': JSON.stringify(list(20)) })
  expect(problemsOf((problems) => readManifests(['a.json'], deep, problems))).toEqual([
    'limit-lists: more than 8 lists inside each other',
  ])
  expect(loadManifests(['b.json'], fileMap({ 'b.json': JSON.stringify(list(5)) }))).toEqual([])
})

test('a list in a scenario has so many items', () => {
  const faults = '  - {on: canary, errors: 1%}\n'.repeat(limits.scenarioListItems + 1)
  const text = `teaches: x\npolicy: a\nrelease: {at: 1s}\nduration: 1h\ntraffic: {rate: 1/s}\nfaults:\n${faults}`
  expect(problemsOf((problems) => readScenario('s.yaml', fileMap({ 's.yaml': text }), problems))).toEqual([
    'scenario-value: this list has more than 1000 items',
  ])
})

function yamlProblems(text: string): string[] {
  return problemsOf((problems) => parseYaml(text, 'f.yaml', 'kubernetes', problems))
}

function problemsOf(action: (problems: Problems) => unknown): string[] {
  const problems = new Problems()
  action(problems)
  return problems.sorted().map(({ code, message }) => `${code}: ${message}`)
}
