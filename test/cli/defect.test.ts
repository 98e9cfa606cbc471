// A defect is reported with the one line that flies the same flight again.
import { expect, it } from 'vitest'
import { defectText, replayLine } from '../../src/cli/defect.js'

it.each([
  [{ scenario: 'a.yaml', seed: undefined, policy: undefined }, 'coalmine run a.yaml'],
  [{ scenario: 'a.yaml', seed: 7, policy: undefined }, 'coalmine run a.yaml --seed 7'],
  [{ scenario: 'a.yaml', seed: 7, policy: ['b.yaml', '-'] }, 'coalmine run a.yaml --seed 7 --policy b.yaml -'],
  [{ scenario: "it's/a.yaml", seed: 0, policy: ['b c'] }, "coalmine run 'it'\\''s/a.yaml' --seed 0 --policy 'b c'"],
])('%o', (replay, line) => {
  expect(replayLine(replay)).toBe(line)
})

it('is told with the version and what was thrown', () => {
  const text = defectText(new RangeError('no such thing'), 'coalmine run a.yaml', '1.2.3')
  expect(text).toMatch(
    /^This is a defect of coalmine 1\.2\.3, .*:\n {2}coalmine run a\.yaml\nRangeError: no such thing\n/,
  )
})
