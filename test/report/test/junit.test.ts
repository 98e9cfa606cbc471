// What `--reporter junit` writes is XML as a strict parser wants it, and of the shape that CI servers read: elements, their
// order and their required attributes are those of the schema of Jenkins (xunit-plugin, junit-10.xsd). `file` and `line` of
// a testcase aren't in it: GitLab and CircleCI read the one, annotating actions the other.
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { junitReport } from '../../../src/report/test/junit.js'
import { awkwardName, hardToWrite } from './hard-to-write.js'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

interface Shape {
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly children: readonly string[]
}

const shapes: Readonly<Record<string, Shape>> = {
  testsuites: { required: [], optional: ['name', 'time', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file'],
    children: ['properties', 'testcase'],
  },
  properties: { required: [], optional: [], children: ['property'] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  testcase: { required: ['name'], optional: ['time', 'classname', 'file', 'line'], children: ['failure'] },
  failure: { required: [], optional: ['type', 'message'], children: [] },
}

describe('A report as JUnit writes it', () => {
  const root = parsed(junitReport(hardToWrite))
  const suites = root.children

  it('has the elements and attributes that CI servers know', () => {
    const wrong = everyElement(root).flatMap(({ name, attributes, children }) => {
      const { required, optional, children: allowed } = shapes[name]!
      const given = Object.keys(attributes)
      return [
        ...required.filter((each) => !given.includes(each)).map((each) => `${name} without ${each}`),
        ...given
          .filter((each) => !required.includes(each) && !optional.includes(each))
          .map((each) => `${name} ${each}`),
        ...children.filter((each) => !allowed.includes(each.name)).map((each) => `${name} > ${each.name}`),
      ]
    })
    expect([root.name, wrong]).toEqual(['testsuites', []])
  })

  it('counts what it holds', () => {
    const counts = (elements: readonly Element[]) => {
      const cases = elements.flatMap(everyElement).filter(({ name }) => name === 'testcase')
      const failed = cases.filter(({ children }) => children.length > 0)
      return { tests: String(cases.length), failures: String(failed.length), errors: '0' }
    }
    expect(root.attributes).toMatchObject(counts(suites))
    for (const suite of suites) expect(suite.attributes).toMatchObject(counts([suite]))
    expect(root.attributes).toMatchObject({ tests: '6', failures: '3' })
  })

  it('tells names as they are, but for characters that XML has no place for', () => {
    const written = awkwardName.replace('\u0007', '')
    const [, suite] = suites
    expect(suite!.attributes).toMatchObject({ name: written, file: `it's <here> & #1\n/a b.yaml` })
    const [failing] = suite!.children.filter(({ name }) => name === 'testcase')
    expect(failing!.attributes).toMatchObject({ name: 'detect.p90 < 1m', classname: written })
    expect(failing!.children[0]!.text).toContain(`coalmine run 'it'\\''s <here> & #1\n/a b.yaml' --seed `)
  })

  it('tells what fails from what is undecided', () => {
    const failures = everyElement(root).filter(({ name }) => name === 'failure')
    expect(failures.map(({ attributes }) => attributes['type'])).toEqual(['budget', 'undecided', 'budget'])
  })
})

/** Throws at whatever is not well-formed. */
function parsed(xml: string): Element {
  const document: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [document]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes, children: [], text: '' }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    open.at(-1)!.text += text
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(xml).close()
  return document.children[0]!
}

function everyElement(element: Element): readonly Element[] {
  return [element, ...element.children.flatMap(everyElement)]
}
