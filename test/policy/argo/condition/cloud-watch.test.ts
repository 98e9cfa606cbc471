// Conditions on a struct of a client library, held against the controller's own evaluation.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assess } from '../../../../src/policy/argo/condition/assess.js'
import { compile } from '../../../../src/policy/argo/condition/condition.js'
import {
  FLOAT64_SLICE,
  METRIC_DATA_RESULT,
  METRIC_DATA_RESULT_SLICE,
} from '../../../../src/policy/argo/condition/value/go-type.js'
import { floats, type GoValue, Slice, Struct } from '../../../../src/policy/argo/condition/value/value.js'

const resultWith = (values: GoValue) =>
  new Struct(
    METRIC_DATA_RESULT,
    new Map<string, GoValue>([
      ['Id', 'a'],
      ['Label', 'x'],
      ['StatusCode', 'Complete'],
      ['Values', values],
    ]),
  )

const results: Readonly<Record<string, GoValue>> = {
  full: new Slice(METRIC_DATA_RESULT_SLICE, [resultWith(floats([0.01, 0.2]))]),
  none: new Slice(METRIC_DATA_RESULT_SLICE, [resultWith(new Slice(FLOAT64_SLICE, [], true))]),
  empty: new Slice(METRIC_DATA_RESULT_SLICE, []),
}

const rows = readFileSync(join(import.meta.dirname, 'cases', 'cloud-watch.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'))

it.each(rows)('%s: %s', (result, condition, phase, error) => {
  const assessed = assess(results[result!]!, compile(condition!))
  const message = error ? `could not evaluate successCondition "${condition}": ${error}` : undefined
  expect(assessed).toEqual(message === undefined ? { phase } : { phase, message })
})
