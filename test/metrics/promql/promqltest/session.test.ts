// The language of Prometheus' own tests is understood: what holds passes, what doesn't fails, what isn't simulated is
// refused by name.

import { describe, expect, test } from 'vitest'
import { runScript } from './session.js'

const LOADED = `
load 1m
  requests_total{job="a"} 0+60x10
  requests_total{job="b"} 0+120x10 _ stale
  native_total {{schema:0 sum:1 count:1}}x10
`

function verdictOf(evaluation: string): string {
  const [outcome] = runScript(`${LOADED}\n${evaluation}`)
  return outcome!.verdict === 'refused' ? `refused: ${outcome!.why}` : outcome!.verdict
}

describe('It passes', () => {
  test.each([
    ['eval instant at 5m sum(rate(requests_total[2m]))\n  {} 3'],
    ['eval instant at 5m requests_total\n  requests_total{job="b"} 600\n  requests_total{job="a"} 300'],
    [
      'eval instant at 5m sort_desc(requests_total)\n  expect ordered\n  requests_total{job="b"} 600\n  requests_total{job="a"} 300',
    ],
    ['eval_ordered instant at 5m sort(requests_total)\n  requests_total{job="a"} 300\n  requests_total{job="b"} 600'],
    ['eval range from 0 to 2m step 1m sum(requests_total)\n  {} 0 180 360'],
    ['eval range from 11m to 13m step 1m requests_total{job="b"}\n  requests_total{job="b"} 1200 _ _'],
    [
      'eval instant at 2m requests_total{job="a"}[2m]\n  expect range vector from 1m to 2m step 1m\n  requests_total{job="a"} 60 120',
    ],
    ['eval instant at 0 1 + 1\n  2'],
    ['eval instant at 0 "x\\"y"\n  expect string "x\\"y"'],
    ['eval instant at 0 none'],
    ['eval instant at 0 requests_total / ignoring(job) requests_total\n  expect fail regex: many-to-many'],
    ['eval_fail instant at 0 requests_total / ignoring(job) requests_total'],
    [
      'eval instant at 0 quantile(2, requests_total)\n  expect warn msg: PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)\n  {} Inf',
    ],
    ['eval instant at 5m sum(rate(requests_total[2m]))\n  expect no_warn\n  expect no_info\n  {} 3'],
  ])('%s', (evaluation) => {
    expect(verdictOf(evaluation)).toBe('passed')
  })
})

describe('It fails', () => {
  test.each([
    ['eval instant at 5m sum(rate(requests_total[2m]))\n  {} 3.1'],
    ['eval instant at 5m requests_total\n  requests_total{job="b"} 600'],
    ['eval instant at 5m none\n  none 1'],
    [
      'eval instant at 5m sort(requests_total)\n  expect ordered\n  requests_total{job="b"} 600\n  requests_total{job="a"} 300',
    ],
    ['eval range from 0 to 2m step 1m sum(requests_total)\n  {} 0 180'],
    ['eval instant at 0 1 + 1\n  {} 2'],
    ['eval instant at 0 "x"\n  expect string "y"'],
    ['eval instant at 0 requests_total\n  expect fail'],
    ['eval instant at 0 requests_total / ignoring(job) requests_total'],
    ['eval instant at 0 requests_total / ignoring(job) requests_total\n  expect fail msg: something else'],
    ['eval instant at 0 quantile(2, requests_total)\n  expect no_warn\n  {} Inf'],
    ['eval instant at 0 vector(1)\n  expect info\n  {} 1'],
  ])('%s', (evaluation) => {
    expect(verdictOf(evaluation)).toBe('failed')
  })
})

describe('It refuses', () => {
  test.each([
    ['eval instant at 0 {__name__=~".*_total"}', 'native histograms'],
    ['eval instant at 0 vector(1)\n  {} {{schema:0 sum:1 count:1}}', 'native histograms'],
    ['eval instant at 0 mad_over_time(requests_total[5m])', 'function "mad_over_time" is not enabled'],
    ['eval instant at 0 requests_total[5m] smoothed', 'smoothed modifier is experimental and not enabled'],
  ])('%s', (evaluation, why) => {
    expect(verdictOf(evaluation)).toBe(`refused: ${why}`)
  })

  test('classic histograms where they were loaded as native ones, too', () => {
    const load = 'load_with_nhcb 1m\n  h_bucket{le="+Inf"} 1x10\n\n'
    const evaluations = 'eval instant at 0 h\n\neval instant at 0 h_bucket\n  h_bucket{le="+Inf"} 1'
    expect(runScript(load + evaluations).map(({ verdict }) => verdict)).toEqual(['refused', 'passed'])
  })
})

test('What was loaded is there until it is cleared', () => {
  const script = `${LOADED}\neval instant at 1m vector(1)\n  {} 1\n\nclear\neval instant at 1m requests_total`
  expect(runScript(script).map(({ line, verdict }) => [line, verdict])).toEqual([
    [7, 'passed'],
    [11, 'passed'],
  ])
})

test('What is no command is told by its line', () => {
  expect(() => runScript(`${LOADED}\nevaluate everything`)).toThrow('line 7: no command of the language')
})
