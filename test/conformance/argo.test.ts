// Recorded cases of the real Argo Rollouts controller, played in simulated time and compared decision for decision.
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { casesIn, describeRow, hold } from './corpus.js'

const cases = casesIn(join(import.meta.dirname, 'cases', 'argo'))

it.each(cases.map((recorded) => ({ ...recorded, group: basename(recorded.folder), recorded })))(
  '$group/$name',
  ({ recorded }) => expect(hold(recorded).wrong.map(describeRow)).toEqual([]),
)
