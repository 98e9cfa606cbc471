// A scenario that fails is made smaller while its run still breaks the budget, in the same way.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFiles } from '../../../src/cli/node-files.js'
import { nodeLogs } from '../../../src/cli/node-logs.js'
import { Simulation } from '../../../src/run/simulation.js'
import { type Budget, parseBudget } from '../../../src/scenario/budget.js'
import type { Files } from '../../../src/scenario/files.js'
import { formatProblem, Problems } from '../../../src/scenario/problem.js'
import { readRecipe } from '../../../src/study/recipe.js'
import { shrink } from '../../../src/study/test/shrink.js'
import { readCandidate } from '../../../src/study/test/test.js'

const root = join(import.meta.dirname, '..', '..', '..')
const path = join(root, 'scenarios', 'made-up.yaml')

function filesWith(text: string, at: string): Files {
  return { read: (asked, maxBytes) => (asked === at ? { text } : nodeFiles.read(asked, maxBytes)) }
}

function scenario(faults: string, policy = 'caught-by-background-analysis'): string {
  return `teaches: What is made smaller.
policy: ${policy}
release: {at: 2m}
duration: 20m
traffic: {rate: 200/s, users: 50k}
faults: [${faults}]
slo: {objective: 99.9%, window: 30d}
budgets: [verdict == promoted, users.harmed.p95 < 20, detect < 1s]
`
}

async function shrunk(text: string, budget: string, directory = join(root, 'scenarios')) {
  const { testable, problems } = await readCandidate(path, filesWith(text, path), nodeLogs)
  if (testable === undefined) throw new Error(problems.map(formatProblem).join('\n'))
  return shrink(testable, budgetFrom(budget), 3, directory)
}

function budgetFrom(text: string): Budget {
  const parsed = parseBudget(text)
  if (!parsed.ok) throw new RangeError(parsed.message)
  return parsed.value
}

const faults = '{on: canary, errors: 10%}, {on: stable, errors: 0.01%}, {on: canary, errors: 0.1%}'

describe('A scenario that fails', () => {
  it('is made smaller, and its run still does what it did', async () => {
    const found = await shrunk(scenario(faults), 'users.harmed.p95 < 20', join(root, 'elsewhere', 'small'))
    expect(found).toMatchObject({ budget: 'users.harmed.p95 < 20', seed: 3 })
    expect(found!.text).toContain('policy: ../../scenarios/caught-by-background-analysis\n')
    expect(found!.text).toContain('faults: [{on: canary, errors: 10%}]\n')
    expect(found!.text).toContain('budgets: [users.harmed.p95 < 20]\n')
    expect(found!.text).not.toContain('slo')
    const at = join(root, 'elsewhere', 'small', 'made-up.small.yaml')
    const { plan } = await readRecipe({ scenario: at }, filesWith(found!.text, at), nodeLogs, new Problems())
    const { verdict, blastRadius } = new Simulation(plan!).fly(3)
    expect(verdict).toBe('aborted')
    expect(blastRadius.users.harmed).toBeGreaterThanOrEqual(20)
  })

  it('keeps the comments at what is left as it was, and says of itself what it is', async () => {
    const commented = scenario('')
      .replace(
        'faults: []',
        `# Two of them, and the first hurts nobody.
faults:
  # Stable is never quite well.
  - {on: stable, errors: 0.01%}
  # The bug of last week.
  - {on: canary, errors: 10%}`,
      )
      .replace('duration: 20m', 'duration: 20m # long enough for both faults')
      .replace('release: {at: 2m}', '# Nobody releases at once.\nrelease: {at: 2m}')
    const { text } = (await shrunk(`# How two faults add up.\n\n${commented}`, 'users.harmed.p95 < 20'))!
    const comments = text.match(/#.*/g) ?? []
    expect(comments).toContain('# The bug of last week.')
    expect(comments.filter((comment) => /both|Two|two|never quite/.test(comment))).toEqual([])
    expect(text.includes('# Nobody releases at once.')).toBe(text.includes('release: {at: 2m}'))
    expect(text).toContain('teaches: What is left of made-up where seed 3 breaks users.harmed.p95 < 20.\n')
  })

  it('keeps something to find where something was found', async () => {
    expect((await shrunk(scenario(faults), 'detect < 1s'))!.text).toMatch(/faults: \[\{on: canary, errors: \S+\}\]/)
  })

  it('is left alone where the run alone keeps to the budget', async () => {
    expect(await shrunk(scenario(faults), 'users.harmed.p95 < 5000')).toBeUndefined()
  })
})
