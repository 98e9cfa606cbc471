// Places in a text, and the YAML 1.2 of scenario files.
import { describe, expect, test } from 'vitest'
import { formatProblem, Problems } from '../../src/scenario/problem.js'
import { type Dialect, parseYaml } from '../../src/scenario/yaml.js'
import type { Path } from '../../src/scenario/yaml-value.js'

const manifest = `apiVersion: v1
kind: Thing
base: &base
  image: shop
  ports: [80, {name: http}]
spec:
  <<: *base
  empty:
  again: *base
  steps:
  - setWeight: 5
  -
    pause: {duration: 10m}
`

describe('the place of a value', () => {
  test.each<[string, Path, number, number]>([
    ['text stands where it begins', ['apiVersion'], 1, 13],
    ['a block stands at its key', ['spec'], 6, 1],
    ['an item in brackets', ['base', 'ports', 1], 5, 15],
    ['a value in braces', ['base', 'ports', 1, 'name'], 5, 22],
    ['an item of a list', ['spec', 'steps', 0], 11, 5],
    ['a value below a dash', ['spec', 'steps', 1, 'pause', 'duration'], 13, 23],
    ['a value that is not there stands at its key', ['spec', 'empty'], 8, 3],
    ['an alias stands where it is written', ['spec', 'again'], 9, 10],
    ['what is in an alias stands at the anchor', ['spec', 'again', 'image'], 4, 10],
    ['what is merged in stands where it was written', ['spec', 'image'], 4, 10],
    ['a path that leads nowhere ends at the last step that leads somewhere', ['spec', 'steps', 7, 'x'], 10, 3],
    ['a path through text ends at the text', ['kind', 'x', 'y'], 2, 7],
    ['the empty path is where the document begins', [], 1, 1],
  ])('%s', (_, path, line, column) => {
    expect(documentIn(manifest).positionOf(path)).toEqual({ line, column })
  })

  test('the place of a key', () => {
    expect(documentIn(manifest).keyPositionOf(['base', 'image'])).toEqual({ line: 4, column: 3 })
  })

  test('lines count on over documents and Windows line ends, and a byte order mark takes no column', () => {
    const documents = parseYaml('\ufeffa: 1\r\n---\r\nb:\r\n  c: 2\r\n', 'f.yaml', 'kubernetes', new Problems())
    expect(documents[0]!.positionOf(['a'])).toEqual({ line: 1, column: 4 })
    expect(documents[1]!.positionOf(['b', 'c'])).toEqual({ line: 4, column: 6 })
  })

  test('empty documents count', () => {
    const documents = parseYaml('---\n---\nb: 1\n', 'f.yaml', 'kubernetes', new Problems())
    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [0, null],
      [1, { b: 1 }],
    ])
  })
})

describe('mistakes', () => {
  test.each([
    [
      'a tab',
      'a:\n\tb: 1\n',
      ['f.yaml:2:1  error  Tabs are not allowed as indentation [yaml-tab]\n    Indent with spaces.'],
    ],
    ['a tag', 'a: !!int x\n', ['f.yaml:1:4  error  cannot read `x` as !!int [yaml-tag]']],
    ['infinity', 'a: .inf\n', ['f.yaml:1:4  error  JSON has no infinity and no NaN: quote the word [yaml-number]']],
    ['an alias', 'a: *x\n', ['f.yaml:1:4  error  no anchor `&x` before this alias [yaml-alias]']],
    ['a circle', 'a: &x [*x]\n', ['f.yaml:1:8  error  the value of anchor `&x` contains itself [yaml-alias]']],
    ['a key', 'a: 1\n~: 2\n', ['f.yaml:2:1  error  a key must be text, not null [yaml-key]']],
    ['a merge', 'a:\n  <<: 3\n', ['f.yaml:2:3  error  `<<` wants a mapping, or a list of mappings [yaml-merge]']],
    [
      'a key twice',
      'a: 1\na: 2\n',
      ['f.yaml:2:1  warning  key `a` is written twice in this mapping: the last one counts [yaml-duplicate-key]'],
    ],
    [
      'a directive',
      '%YAML 1.1\n---\na: 1\n',
      ['f.yaml:1:1  error  kubectl takes no directives such as %YAML: remove the line [yaml-stream]'],
    ],
    [
      'a separator',
      'a: 1\n--- b\n',
      ['f.yaml:2:1  error  kubectl takes nothing but a comment after `---`: begin a new line [yaml-stream]'],
    ],
    [
      'the end mark',
      'a: 1\n...\nb: 1\n',
      [
        'f.yaml:3:1  error  kubectl reads nothing between `...` and `---` [yaml-stream]\n    Begin each document with `---`.',
      ],
    ],
    [
      'a control character',
      'a: 1\nb: x\u0007\n',
      [
        'f.yaml:2:5  error  the character U+0007 is not allowed in YAML [yaml-character]\n    Write it as an escape in double quotes, or remove it.',
      ],
    ],
    [
      'half a character',
      'a: \ud800\n',
      [
        'f.yaml:1:4  error  the character U+D800 is not allowed in YAML [yaml-character]\n    Write it as an escape in double quotes, or remove it.',
      ],
    ],
    [
      'UTF-16',
      'a\0:\0 \x001\0',
      ['f.yaml  error  this is no UTF-8 text [yaml-encoding]\n    It looks like UTF-16: save it as UTF-8.'],
    ],
  ])('%s', (_, text, wanted) => {
    expect(problemsOf(text, 'kubernetes')).toEqual(wanted)
  })

  test('one in each broken document, and the others are read', () => {
    const problems = new Problems()
    const text = 'a: b: c\nd: ]\n---\nc: 3\n---\nd: ]\n---\ne: 5\n'
    const documents = parseYaml(text, 'f.yaml', 'kubernetes', problems)
    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [1, { c: 3 }],
      [3, { e: 5 }],
    ])
    expect(problems.sorted().map(({ line }) => line)).toEqual([1, 6])
  })
})

test.each([
  'a: {{ .Values.x }}\n',
  'a: {{args.x}}\n',
  '{{- if .x }}\na: 1\n{{- end }}\n',
  'a:\n  {{- toYaml .Values.y | nindent 2 }}\n',
])('a template comes with a hint: %j', (text) => {
  const problems = new Problems()
  parseYaml(text, 'f.yaml', 'kubernetes', problems)
  expect(problems.sorted()).toMatchObject([
    { hint: 'Put `{{…}}` in quotes; a Helm chart must be rendered first: `helm template …`.' },
  ])
})

describe('YAML 1.2', () => {
  test('knows only true and false, and no octal without o', () => {
    const value = documentIn(
      'a: [yes, on, n, true, 010, 0o10, 0x10, 1_0, 1e1, "5", 12:30, 2001-01-01, ~]\n',
      'yaml-1.2',
    ).value
    expect(value).toEqual({ a: ['yes', 'on', 'n', true, 10, 8, 16, '1_0', 10, '5', '12:30', '2001-01-01', null] })
  })

  test('has anchors, but no merge key', () => {
    expect(documentIn('a: &a {b: 1}\nc: *a\n<<: 1\n', 'yaml-1.2').value).toEqual({ a: { b: 1 }, c: { b: 1 }, '<<': 1 })
  })

  test('a key written twice is an error', () => {
    expect(problemsOf('a: 1\nb: 2\na: 3\n', 'yaml-1.2')).toEqual([
      'f.yaml:3:1  error  key `a` is written twice in this mapping [yaml-duplicate-key]',
    ])
  })
})

function documentIn(text: string, dialect: Dialect = 'kubernetes') {
  const problems = new Problems()
  const [document] = parseYaml(text, 'f.yaml', dialect, problems)
  expect(problems.sorted()).toEqual([])
  return document!
}

function problemsOf(text: string, dialect: Dialect): string[] {
  const problems = new Problems()
  parseYaml(text, 'f.yaml', dialect, problems)
  return problems.sorted().map(formatProblem)
}
