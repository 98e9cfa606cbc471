// 100,000 texts, from queries that mean something to noise: each is compiled or refused with a place in it, and what
// compiles is evaluated or fails by name. Nothing else may be thrown, and nothing may go on for ever.

import { stdout } from 'node:process'
import { describe, expect, test } from 'vitest'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { compile } from '../../../src/metrics/promql/query.js'
import { Chance } from '../../conformance/chance.js'
import { mutated } from './mutation.js'
import { RandomQuery } from './random-query.js'
import { randomSeries } from './random-series.js'
import { loadSeries } from './series-notation.js'

const seed = 'a canary in a coal mine'
const PARTS = 10
const TEXTS_OF_A_PART = 10_000

describe(`${PARTS * TEXTS_OF_A_PART} texts, seed ${seed}`, () => {
  for (let part = 1; part <= PARTS; part++) {
    test(`part ${part} of ${PARTS}`, () => {
      const chance = new Chance(`${seed} ${part}`)
      const set = randomSeries(chance)
      const { series, stepSeconds, lastSeconds } = set
      const store = loadSeries(series, stepSeconds * 1000)
      const random = new RandomQuery(chance, set, true)
      const tally = { evaluated: 0, failed: 0, refused: 0 }
      for (let i = 0; i < TEXTS_OF_A_PART; i++) {
        const text = anyText(chance, random)
        const query = attempt(text, () => compile(text))
        const startMs = chance.below(lastSeconds * 1000)
        const range = { startMs, endMs: startMs + 60_000, stepMs: 20_000 }
        const result =
          query &&
          attempt(text, () =>
            chance.happens(0.7) || query.type === 'string' || query.type === 'matrix'
              ? query.at(store, startMs)
              : query.over(store, range),
          )
        tally[result ? 'evaluated' : query ? 'failed' : 'refused']++
      }
      stdout.write(`Texts of ${seed} ${part}: ${JSON.stringify(tally)}\n`)
      // Were one of these rare, the others would test little.
      for (const count of Object.values(tally)) expect(count).toBeGreaterThan(0)
    })
  }
})

/** Undefined if it is refused, for a reason and at a place inside the text. */
function attempt<Result>(text: string, act: () => Result): Result | undefined {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof PromqlError)) throw new Error(`${JSON.stringify(text)}: ${String(error)}`, { cause: error })
    const { message, from, to } = error
    if (message === '' || !(from >= 0 && from <= to && to <= text.length)) {
      throw new Error(`${JSON.stringify(text)} is refused with "${message}" from ${from} to ${to}`)
    }
    return undefined
  }
}

function anyText(chance: Chance, random: RandomQuery): string {
  const kind = chance.below(100)
  if (kind < 30) return random.any()
  if (kind < 85) return damaged(chance, random)
  if (kind < 86) return nested(chance, random.any())
  if (kind < 88) return repeated(chance, random)
  if (kind < 94) return withExtremes(chance, random.any())
  return noise(chance)
}

function damaged(chance: Chance, random: RandomQuery): string {
  let text = random.any()
  for (let times = 1 + chance.below(3); times > 0; times--) text = mutated(chance, text, [random.any()])
  return text
}

function nested(chance: Chance, text: string): string {
  const depth = chance.happens(0.02) ? 5000 : chance.oneOf([3, 30, 99, 199, 200, 300])
  const [open, close] = chance.oneOf([
    ['(', ')'],
    ['-', ''],
    ['sum(', ')'],
    ['abs(-', ')'],
    ['max_over_time((', ')[5m:1m])'],
    ['', '[5m:1m]'],
    ['', ' offset 5m'],
    ['{', '}'],
    ['up + (', ')'],
    ['2 ^ ', ''],
  ] as const)
  const missing = chance.happens(0.2) ? chance.below(3) : 0
  return open.repeat(depth) + text + close.repeat(depth - missing)
}

function repeated(chance: Chance, random: RandomQuery): string {
  const operator = chance.oneOf([' + ', ' or ', ' and on () ', ' == bool ', ' ^ ', ',', ' '])
  const length = chance.happens(0.05) ? 600 : chance.oneOf([2, 5, 20])
  const operand = chance.happens(0.5) ? random.number() : random.scalar(1)
  return Array.from({ length }, () => operand).join(operator)
}

function withExtremes(chance: Chance, text: string): string {
  const extreme = chance.oneOf([
    ...[
      '1e308',
      '1e-320',
      '9223372036854775808',
      '0xFFFFFFFFFFFFFFFFFF',
      '1'.repeat(400),
      '292y',
      '300y',
      '9999999999d',
    ],
    ...[
      '1e18',
      '-1e18',
      '1e30',
      '0.0001',
      '0.000000001',
      'NaN',
      '-Inf',
      `"${'a'.repeat(3000)}"`,
      `{a=~"${'(a|'.repeat(300)}"}`,
    ],
    ...[
      `{a=~"${'(a*)*'.repeat(40)}b"}`,
      '{a=~"(x{500}){500}"}',
      '{a=~"[\\\\pL\\\\d]{1,1000}"}',
      '"\u{1f424}"',
      '\ud800',
    ],
  ])
  return text.replace(/"[^"]*"|\b\d[\w.]*|[\w:]+(?![\w(])/g, (token) => (chance.happens(0.3) ? extreme : token))
}

function noise(chance: Chance): string {
  const end = chance.oneOf([0x80, 0x250, 0x3000, 0x10ffff])
  return Array.from({ length: chance.below(30) }, () => String.fromCodePoint(chance.below(end))).join('')
}

describe('What would take for ever or all memory is refused by name', () => {
  const store = loadSeries(['c 0+1x100'], 15_000)
  const tooMany = 'query processing would load too many samples into memory in query execution'

  test.each([
    'count_over_time(c[10y:1ms])',
    'max_over_time(sum(c[1d:1ms])[1y:])',
    'c[100y:1ms]',
    'sum_over_time(time()[1y:0.1])',
  ])('%s', (text) => {
    expect(() => compile(text).at(store, 60_000)).toThrow(/too many samples|expected type|only allowed/)
  })

  test('a range of too many steps', () => {
    const over = () => compile('c').over(store, { startMs: 0, endMs: 1e12, stepMs: 1 })
    expect(over).toThrow(tooMany)
  })

  test('a range without steps', () => {
    const over = (stepMs: number) => () => compile('c').over(store, { startMs: 0, endMs: 1000, stepMs })
    expect(over(0)).toThrow('a step of 0 ms leads nowhere')
    expect(over(-1)).toThrow('a step of -1 ms leads nowhere')
    expect(over(Number.NaN)).toThrow('a step of NaN ms leads nowhere')
  })

  test('but subqueries within subqueries are evaluated once each, not once a step', () => {
    const { samples } = compile('max_over_time(max_over_time(max_over_time(c[1d:1m])[1d:1m])[1d:1m])').at(
      store,
      60_000,
    ) as { samples: readonly { value: number }[] }
    expect(samples.map(({ value }) => value)).toEqual([4])
  })

  test('and as many as there are is no number too large', () => {
    expect(compile('topk(1e18, c)').at(store, 60_000)).toMatchObject({ samples: [{ value: 4 }] })
  })
})
