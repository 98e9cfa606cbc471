// Numbers as text, as Go writes and reads them.

import { describe, expect, test } from 'vitest'
import { formatFloat, formatJsonFloat, formatOpenMetricsFloat } from '../../src/metrics/float.js'
import { parseFloatText } from '../../src/metrics/float-literal.js'

// The first column is from measurements that the Argo Rollouts controller stored (`value` of a metric), the second
// from the text Prometheus' API gives, the third from its `le` labels.
describe('A number is written', () => {
  test.each([
    [0.95, '0.95', '0.95', '0.95'],
    [0, '0', '0', '0.0'],
    [-0, '-0', '-0', '-0.0'],
    [1, '1', '1', '1.0'],
    [100, '100', '100', '100.0'],
    [-0.5, '-0.5', '-0.5', '-0.5'],
    [123456789.125, '123456789.125', '123456789.125', '1.23456789125e+08'],
    [600_000, '600000', '600000', '600000.0'],
    [1_800_000, '1800000', '1800000', '1.8e+06'],
    [9007199254740992, '9007199254740992', '9007199254740992', '9.007199254740992e+15'],
    [1e21, '1000000000000000000000', '1e+21', '1e+21'],
    [1.5e-9, '0.0000000015', '1.5e-09', '1.5e-09'],
    [-2.5e-7, '-0.00000025', '-2.5e-07', '-2.5e-07'],
    [1e-6, '0.000001', '0.000001', '1e-06'],
    [Number.NaN, 'NaN', 'NaN', 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf', '+Inf', '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf', '-Inf', '-Inf'],
  ])('%d', (value, plain, json, label) => {
    expect([formatFloat(value), formatJsonFloat(value), formatOpenMetricsFloat(value)]).toEqual([plain, json, label])
  })
})

describe('A number is read', () => {
  test.each([
    ['0.5', 0.5],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['NaN', Number.NaN],
    ['1e3', 1000],
    ['.5', 0.5],
    ['5.', 5],
    ['1_000', 1000],
    ['0x1p4', 16],
    ['1e999', 'value out of range'],
    ['', 'invalid syntax'],
    ['one', 'invalid syntax'],
    [' 1', 'invalid syntax'],
    ['1 ', 'invalid syntax'],
  ])('%j', (text, value) => {
    expect(parseFloatText(text)).toEqual(value)
  })
})
