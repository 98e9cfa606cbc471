// Manifests are read as the API server reads them: the case files hold its own answers.
import { describe, expect, test } from 'vitest'
import { type Problem, Problems } from '../../src/scenario/problem.js'
import { parseYaml } from '../../src/scenario/yaml.js'
import { casesOf, tableOf } from './case-file.js'

describe('an unquoted word', () => {
  test.each(tableOf('kubernetes-scalars.txt'))('%s is %s', (word, json) => {
    expect(answerTo(`v: ${word}\n`)).toEqual(json === 'refused' ? 'refused' : [{ v: jsonValue(json!) }])
  })

  test.each(tableOf('kubernetes-scalars.txt').slice(0, 60))('%s is %s in a list, too', (word, json) => {
    expect(answerTo(`- {v: ${word}, w: [${word}]}\n`)).toEqual(
      json === 'refused' ? 'refused' : [[{ v: jsonValue(json!), w: [jsonValue(json!)] }]],
    )
  })
})

describe('a key', () => {
  test.each(tableOf('kubernetes-keys.txt'))('%s becomes %s', (key, json) => {
    expect(answerTo(`${key}: v\n`)).toEqual(json === 'refused' ? 'refused' : [{ [JSON.parse(json!)]: 'v' }])
  })
})

describe('a file', () => {
  test.each(casesOf('kubernetes-documents.txt'))('$name', ({ text, answers }) => {
    const answer = (who: string) => answers.find((line) => line.startsWith(who))?.slice(who.length + 2)
    const wanted = (answer('coalmine') ?? answer('kubectl'))!.replace(/ \([^)]*\)$/, '')
    const { values, problems } = read(unescaped(text))
    const refused = problems.some(({ severity }) => severity === 'error')
    if (wanted === 'refused') expect(refused).toBe(true)
    else expect({ problems: problems.filter(isError), values }).toEqual({ problems: [], values: JSON.parse(wanted) })
    const warnings = problems.filter(({ severity }) => severity === 'warning').map(({ code }) => code)
    const wantedWarnings = answers.filter((line) => line.startsWith('warning: ')).map((line) => line.slice(9))
    expect([...new Set(warnings)]).toEqual(wantedWarnings)
  })
})

test('data is frozen all the way down', () => {
  const { values } = read('a: {b: [c: 1]}\n')
  const [root] = values as [{ a: { b: [object] } }]
  for (const each of [root, root.a, root.a.b, root.a.b[0]]) expect(Object.isFrozen(each)).toBe(true)
})

test('a key that names the prototype is a key like any other', () => {
  const [value] = read('__proto__: {polluted: true}\n').values as [object]
  expect(Object.keys(value)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})

/** Go's `-0` is the integer 0 to whoever reads the JSON for Kubernetes. */
function jsonValue(json: string): unknown {
  return json === '-0' ? 0 : JSON.parse(json)
}

function answerTo(text: string): unknown {
  const { values, problems } = read(text)
  return problems.some(isError) ? 'refused' : values
}

function read(text: string) {
  const problems = new Problems()
  const documents = parseYaml(text, 'file.yaml', 'kubernetes', problems)
  return { values: documents.map(({ value }) => value).filter((value) => value !== null), problems: problems.sorted() }
}

function isError({ severity }: Problem): boolean {
  return severity === 'error'
}

function unescaped(text: string): string {
  return text
    .replaceAll('<TAB>', '\t')
    .replaceAll('<CR>', '\r')
    .replaceAll('<BOM>', '\ufeff')
    .replaceAll('<U+0001>', '\u0001')
}
