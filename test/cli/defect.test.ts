// A defect is reported with the one line that flies the same flight again.
import { afterEach, expect, it, vi } from 'vitest'
import { replayLineOf, tellDefect } from '../../src/cli/defect.js'
import { FailedFlight } from '../../src/study/failed-flight.js'

const { argv } = process
afterEach(() => {
  process.argv = argv
  process.exitCode = 0
  vi.restoreAllMocks()
})

it.each([
  [{ scenario: 'a.yaml' }, 7, 'coalmine run a.yaml --seed 7'],
  [{ scenario: 'a.yaml', policy: ['b.yaml', '-'] }, 7, 'coalmine run a.yaml --seed 7 --policy b.yaml -'],
  [{ scenario: "it's/a.yaml", policy: ['b c'] }, 0, "coalmine run 'it'\\''s/a.yaml' --seed 0 --policy 'b c'"],
])('%o, seed %i', (recipe, seed, line) => {
  expect(replayLineOf({ recipe, seed })).toBe(line)
})

function told(error: unknown, ...typed: readonly string[]): string {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  process.argv = ['node', 'coalmine', ...typed]
  tellDefect(error, '1.2.3')
  expect(process.exitCode).toBe(70)
  return written.mock.calls.map(([text]) => text).join('')
}

const cause = new RangeError('no such thing')

it('is told with the version, the command and what was thrown', () => {
  expect(told(cause, 'explain', 'a b.yaml')).toMatch(
    /^This is a defect of coalmine 1\.2\.3, .*:\n {2}coalmine explain 'a b\.yaml'\nRangeError: no such thing\n/,
  )
})

it('of a flight has the line that flies this one, if its world stands in a file', () => {
  const scenario = 'scenarios/good-release.yaml'
  const text = told(new FailedFlight({ scenario }, 12, cause), 'test', 'scenarios', '--runs', '500')
  expect(text).toMatch(/:\n {2}coalmine run scenarios\/good-release\.yaml --seed 12\nRangeError: no such thing\n/)
})

it('of a flight in a world that is assumed has the same command for this seed', () => {
  const text = told(new FailedFlight({ scenario: '(assumed world)' }, 12, cause), 'compare', 'a', 'b')
  expect(text).toMatch(/:\n {2}coalmine compare a b --seed 12 --runs 1\nRangeError: no such thing\n/)
})
