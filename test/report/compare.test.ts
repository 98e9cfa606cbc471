// The comparison of two policies as people read it.
import { describe, expect, it } from 'vitest'
import { compareText } from '../../src/report/compare.js'
import { compareMarkdown } from '../../src/report/compare-markdown.js'
import { noColours } from '../../src/report/paint.js'
import { compare } from '../../src/study/compare/comparison.js'
import { parseMargins } from '../../src/study/compare/margin.js'
import { type Pair, resultOf } from '../study/compare/paired-outcomes.js'

function comparisonOf(worlds: readonly (readonly Pair[])[], margins: readonly string[] = []) {
  const told = worlds.map((_, index) => ({
    scenario: `world_${index}`,
    faults: [`a|b ${index}`],
    seed: 1,
    fidelity: 'flow' as const,
  }))
  const sides = { version: '1.0.0', first: 'old/', second: 'new/', isIdentical: false }
  return compare(sides, told, worlds.map(resultOf), parseMargins(margins))
}

const many = (pair: (index: number) => Pair, count = 100) => Array.from({ length: count }, (_, index) => pair(index))
const textOf = (...worlds: readonly Pair[][]) => compareText(comparisonOf(worlds), noColours)

/** What stands behind the two values of a row. */
function told(text: string, title: string): string {
  const line = text.split('\n').find((each) => each.trimStart().startsWith(title))!
  return line.replace(/^ +/, '').split(/ {2,}/).slice(3).join('  ')
}

const harm = (times: number) =>
  many((index) => {
    const harmed = 1000 + (index % 10)
    return [{ harmed }, { harmed: times * harmed + (index % 3) - 1 }]
  })

describe('A figure', () => {
  it.each([
    [2.3, '✖ 2.3 times as many'],
    [12, '✖ 12 times as many'],
    [0.43, '✔ 0.43 times as many'],
    [1.25, '✖ 25 % more'],
    [0.75, '✔ 25 % fewer'],
  ])('%f times as large', (times, text) => {
    expect(told(textOf(harm(times)), 'users harmed')).toContain(text)
  })

  it('that nothing tells apart says how far apart it may be', () => {
    const text = textOf(many((index) => [{ harmed: 100 }, { harmed: 100 + 10 * ((index % 3) - 1) }]))
    expect(told(text, 'users harmed')).toMatch(/^no difference that 100 runs could show: within ±1\.\d+$/)
    expect(text).toContain('Nothing tells B from A in 100 runs of each.')
  })

  it('that is nothing for the first has a difference and no ratio', () => {
    const text = textOf(many((index) => [{ harmed: 0 }, { harmed: 3 + (index % 2) }]))
    expect(told(text, 'users harmed')).toMatch(/^✖ 3\.5 more \(3\.4 to 3\.6\)$/)
  })

  it('that not all runs have says which it is of', () => {
    const text = textOf(
      many((index) => [{ detectionMs: 60_000 }, index < 40 ? { missed: true } : { detectionMs: 90_000 + index }]),
    )
    expect(told(text, 'detection time')).toMatch(/^✖ 30\.1s later, in the 60 runs in which both detect it$/)
    expect(told(text, 'never detected')).toMatch(/^✖ 40 points more \([\d.]+ to [\d.]+\)$/)
    expect(text).toMatch(
      /^B misses 40 % of the releases, A 0 %: 40 points more \(.*\); detects 30\.1s later than A, in the 60 runs in which both detect it;/m,
    )
  })

  it('that only one of them ever has says so', () => {
    expect(told(textOf(many(() => [{}, { missed: true }])), 'detection time')).toBe('only A ever does')
    expect(told(textOf(many(() => [{ missed: true }, {}])), 'duration')).toBe('no run in which both end alike')
  })
})

describe('A world', () => {
  it('in which no run differs is a line', () => {
    const text = textOf(many(() => [{ harmed: 7 }, { harmed: 7 }]))
    expect(text).toContain('\n  the same in every run: detection time 1m00.0s, duration 1m01.0s, users harmed 7\n')
    expect(text).toContain('A and B came to the same in every one of 100 runs.')
  })

  it('among several weighs the same, and rows say in how many there was something to compare', () => {
    const healthy: Pair[] = many(() => [{ isHealthy: true }, { isHealthy: true }])
    const text = textOf(
      many((index) => [{}, { detectionMs: 90_000 + index }]),
      healthy,
    )
    const overall = text.slice(text.indexOf('overall  each of the 2 above weighs the same'))
    expect(told(overall, 'detection time')).toMatch(/later.*, in 1 of the 2 worlds$/)
  })
})

describe('What one misses and the other catches', () => {
  it('is told of each world, as it may cancel out over all of them', () => {
    const text = textOf(
      many(() => [{}, { missed: true }]),
      many(() => [{ missed: true }, {}]),
    )
    const overall = text.slice(text.indexOf('overall'))
    expect(told(overall, 'missed')).toMatch(/^no difference that 200 runs could show/)
    expect(text).toMatch(/ B misses more of: a\|b 0\. B misses fewer of: a\|b 1\.$/m)
  })
})

describe('Markdown', () => {
  it('shows names from files as nothing but text', () => {
    const text = compareMarkdown(comparisonOf([harm(2), harm(1)]), 'x')
    expect(text).toContain('**a&#124;b 0 (world&#95;0)**, 100 runs from seed 1')
    for (const line of text.split('\n').filter((each) => each.startsWith('|'))) expect(line.split('|')).toHaveLength(7)
  })

  it('tells of the margin above the table', () => {
    const text = compareMarkdown(comparisonOf([harm(2)], ['users.harmed:5%']), 'x')
    expect(text).toMatch(/\n✖ B is worse beyond the margin:\n\n- users harmed, .*; the margin is 5 %\n/)
    expect(text.indexOf('✖ B is worse')).toBeLessThan(text.indexOf('| | A | B |'))
  })
})

it('A world in which nothing happened says so, whatever else was counted', () => {
  const nothing = many((index) => [
    { isHealthy: true, verdict: 'stuck', weightPercent: 0, failed: 7 },
    { isHealthy: true, verdict: 'stuck', weightPercent: 0, failed: 7 + (index % 2) },
  ])
  expect(textOf(nothing)).toContain('\n  nothing happened to anybody, under either\n')
})

it('What it comes to fits the terminal', () => {
  const lines = compareText(comparisonOf([harm(12), harm(0.2), harm(2)], ['5%']), noColours, 40).split('\n')
  const summary = lines.slice(lines.findLastIndex((line) => line.startsWith('  peak weight')) + 1)
  expect(summary.length).toBeGreaterThan(1)
  for (const line of summary) expect(line.length).toBeLessThanOrEqual(40)
})
