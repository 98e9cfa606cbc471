// Recorded cases of the real Deployment controller, played in simulated time and compared decision for decision.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { casesIn, describeRow, hold } from './corpus.js'

const cases = casesIn(join(import.meta.dirname, 'cases', 'kubernetes'))

it.each(cases.map((recorded) => ({ name: recorded.name, recorded })))('$name', ({ recorded }) =>
  expect(hold(recorded).wrong.map(describeRow)).toEqual([]),
)
