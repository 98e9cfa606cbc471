// How a Prometheus answer becomes a value and a text.

import { describe, expect, it } from 'vitest'
import { formatValue } from '../../../../src/policy/argo/condition/format-value.js'
import { prometheusFailure, prometheusResult } from '../../../../src/policy/argo/condition/prometheus-result.js'
import { floats } from '../../../../src/policy/argo/condition/value/value.js'

describe('a Prometheus answer', () => {
  it('of a range query is all samples in one list', () => {
    expect(prometheusResult({ resultType: 'matrix', series: [[1, 2], [], [3]] })).toEqual({ result: floats([1, 2, 3]) })
  })

  it('of a scalar is a number and no list', () => {
    expect(prometheusResult({ resultType: 'scalar', value: 0.95 })).toEqual({ result: 0.95 })
  })

  it.each([
    [[], '[]'],
    [[0.95, 1], '[0.95,1]'],
    [[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0], '[NaN,+Inf,-Inf,-0]'],
    [[1e21, 1e-9, 5e-324], `[1000000000000000000000,0.000000001,${`0.${'0'.repeat(323)}5`}]`],
    [[123_456_789.125, -0.5], '[123456789.125,-0.5]'],
  ])('%j is stored as %s', (values, text) => {
    expect(formatValue(floats(values))).toBe(text)
  })

  it('that is an error keeps its text only where the client reads the body', () => {
    expect(prometheusFailure(422, 'execution', 'too many samples')).toBe('execution: too many samples')
    expect(prometheusFailure(503, 'unavailable', 'x')).toBe('server_error: server error: 503')
    expect(prometheusFailure(404, 'not_found', 'x')).toBe('client_error: client error: 404')
  })
})
