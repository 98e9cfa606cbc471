// Reading a condition: what binds to what, and that printing a tree and reading it again gives the same tree.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BINARY_PRECEDENCE, isOrder, UNARY_PRECEDENCE } from '../../../../src/policy/argo/condition/syntax/operator.js'
import { parse } from '../../../../src/policy/argo/condition/syntax/parser.js'
import { print } from '../../../../src/policy/argo/condition/syntax/printer.js'
import type { Node } from '../../../../src/policy/argo/condition/syntax/tree.js'

const SEED = 20_261_121

describe('precedence', () => {
  const operators = [...BINARY_PRECEDENCE.keys()].filter((operator) => operator !== '|' && operator !== '??')

  it('groups a b c by the table for every two operators', () => {
    for (const first of operators) {
      for (const second of operators) {
        if (isOrder(first) && isOrder(second)) continue
        const [a, b] = [BINARY_PRECEDENCE.get(first)!, BINARY_PRECEDENCE.get(second)!]
        const rightFirst = b > a || (a === b && (first === '**' || first === '^'))
        const grouped = rightFirst ? `x ${first} (y ${second} z)` : `(x ${first} y) ${second} z`
        expect(shape(`x ${first} y ${second} z`), `${first} ${second}`).toEqual(shape(grouped))
      }
    }
  })

  it('takes a sign before a product and not before a sum, and a power before either', () => {
    for (const [sign, precedence] of UNARY_PRECEDENCE) {
      for (const operator of operators) {
        const inner = BINARY_PRECEDENCE.get(operator)! >= precedence
        const grouped = inner ? `${sign} (x ${operator} y)` : `(${sign} x) ${operator} y`
        expect(shape(`${sign} x ${operator} y`), `${sign} ${operator}`).toEqual(shape(grouped))
      }
    }
  })

  it.each([
    ['a < b < c', 'a < b && b < c'],
    ['x not in [1]', 'not (x in [1])'],
    ['a ?: b', 'a ? a : b'],
    ['result | all(# < 1)', 'all(result, # < 1)'],
    ['all(result, .v > 0)', 'all(result, {#.v > 0})'],
    ['a ? b : c ? d : e', 'a ? b : (c ? d : e)'],
    ['1 + nil ?? 2', '1 + (nil ?? 2)'],
    ['::len(result)', 'len(result)'],
    ['017 + 0x10 + 1_0', '17 + 16 + 10'],
    ['a /* not this */ + b // nor this', 'a + b'],
    ['`x``y`', '"x`y"'],
  ])('reads %s as %s', (text, same) => {
    expect(shape(text)).toEqual(shape(same))
  })
})

describe('printing', () => {
  it('gives back what parses to the same tree', () => {
    fc.assert(
      fc.property(tree(), (node) => {
        const text = print(node)
        expect(shape(text), text).toEqual(bare(node))
      }),
      { seed: SEED, numRuns: 2000 },
    )
  })
})

describe('ranges', () => {
  it.each([
    ['result[0] >= 0.95', 'result[0] >= 0.95'],
    ['  result.foo > 1 ', 'result.foo > 1'],
    ['not (a and b)', 'not (a and b)'],
    ['all(result, {# < 1})', 'all(result, {# < 1})'],
    ['"é" + x[1:2]', '"é" + x[1:2]'],
  ])('of the root of %j cover %j', (text, covered) => {
    const { range } = treeOf(text)
    expect(text.slice(range.from, range.to)).toBe(covered)
  })

  it('point at what is wrong', () => {
    const parsed = parse('result[0] = 0.95')
    expect(parsed).toEqual({ error: { message: 'unexpected token Operator("=")', from: 10, to: 11 } })
  })
})

describe('limits', () => {
  it('fail by name instead of exhausting the stack', () => {
    const deep = [`${'('.repeat(5000)}1${')'.repeat(5000)}`, `${'-'.repeat(5000)}1`, `1${' + 1'.repeat(4000)}`]
    for (const text of deep) expect(errorOf(text)).toBe('coalmine reads no condition nested deeper than 500 levels')
    expect(errorOf(`[${'1, '.repeat(10_001)}]`)).toBe('compilation failed: expression exceeds maximum allowed nodes')
  })

  it('hold for chained comparisons, which unfold', () => {
    expect(errorOf(`${'1 < ('.repeat(30)}1${') < 1'.repeat(30)}`)).toMatch(/nested deeper/)
  })
})

function treeOf(text: string): Node {
  const parsed = parse(text)
  if ('error' in parsed) throw new Error(`${text}: ${parsed.error.message}`)
  return parsed.tree
}

function errorOf(text: string): string | undefined {
  const parsed = parse(text)
  return 'error' in parsed ? parsed.error.message : undefined
}

function shape(text: string): unknown {
  return bare(treeOf(text))
}

/** The tree without where it stood. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'range' && key !== 'nature')
  return Object.fromEntries(entries.map(([key, held]) => [key, bare(held)]))
}

/** Random trees, as the parser would build them. */
function tree(): fc.Arbitrary<Node> {
  const nowhere = { range: { from: 0, to: 0 } }
  const make = (fields: Record<string, unknown>) => ({ ...fields, ...nowhere }) as unknown as Node
  const name = fc.constantFrom('result', 'a', 'x1', '_y', '$z')
  const binary = [...BINARY_PRECEDENCE.keys()].filter((operator) => operator !== '|')
  const { node } = fc.letrec<{ node: Node; leaf: Node }>((tie) => ({
    leaf: fc.oneof(
      fc.constant(make({ kind: 'nil' })),
      fc.boolean().map((value) => make({ kind: 'bool', value })),
      fc.nat(1000).map((value) => make({ kind: 'integer', value })),
      fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => make({ kind: 'float', value })),
      fc.string({ unit: 'grapheme', maxLength: 5 }).map((value) => make({ kind: 'string', value: value.normalize() })),
      name.map((text) => make({ kind: 'identifier', name: text })),
    ),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      fc
        .record({ operator: fc.constantFrom(...UNARY_PRECEDENCE.keys()), operand: tie('node') })
        .map((fields) => make({ kind: 'unary', ...fields })),
      fc
        .record({ operator: fc.constantFrom(...binary), left: tie('node'), right: tie('node') })
        .map((fields) => make({ kind: 'binary', ...fields })),
      fc
        .record({ condition: tie('node'), yes: tie('node'), no: tie('node'), ternary: fc.boolean() })
        .map((fields) => make({ kind: 'conditional', ...fields })),
      fc
        .record({ node: tie('node'), property: tie('node') })
        .map((fields) => make({ kind: 'member', ...fields, optional: false, called: false })),
      fc
        .record({ node: tie('node'), start: fc.option(tie('node'), { nil: undefined }), end: tie('node') })
        .map((fields) => make({ kind: 'slice', ...fields })),
      fc.array(tie('node'), { maxLength: 3 }).map((nodes) => make({ kind: 'array', nodes })),
      fc
        .array(fc.record({ key: fc.string().map((value) => make({ kind: 'string', value })), value: tie('node') }), {
          maxLength: 2,
        })
        .map((pairs) => make({ kind: 'map', pairs })),
      fc
        .array(tie('node'), { maxLength: 2 })
        .map((args) => make({ kind: 'builtin', name: 'max', args, throws: false, map: undefined })),
      fc.record({ list: tie('node'), body: tie('node') }).map(({ list, body }) => {
        const predicate = make({ kind: 'predicate', body })
        return make({ kind: 'builtin', name: 'filter', args: [list, predicate], throws: false, map: undefined })
      }),
      fc
        .record({ name: fc.constantFrom('p', 'q'), value: tie('node'), body: tie('node') })
        .map((fields) => make({ kind: 'let', ...fields })),
      fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((nodes) => make({ kind: 'sequence', nodes })),
    ),
  }))
  return node
}
