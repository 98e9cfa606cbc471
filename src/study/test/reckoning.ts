// What the scenarios of a test have come to, each worked out once for so many runs: whether they are enough, whether it has
// failed and what is reported of it follow from the same judgement.
import type { Job, Result } from '../conduct.js'
import { type Judgement, judge } from '../judgement.js'
import { blocksOf, type Shard } from '../shard.js'
import type { Looks } from './looks.js'
import { judgedScenario, type ScenarioReport, scenarioOf, type TestReport, testSchema } from './report.js'
import { type Testable, testedFrom } from './test.js'
import type { RareMisses } from './tested.js'

interface Known {
  readonly runs: number
  readonly judgements: readonly Judgement[]
  report?: ScenarioReport
}

export class Reckoning {
  private readonly known = new Map<Testable, Known>()

  constructor(
    readonly looks: Looks,
    private readonly version: string,
  ) {}

  /** `offset` is how many blocks there are before its own, of all that shards share out. */
  jobFor(testable: Testable, offset: number, shard?: Shard): Job {
    const { at } = this.looks
    return {
      task: { arms: [testable.recipe] },
      seed: testable.seed,
      runs: at.at(-1)!,
      isEnough: (result) => at.includes(result.runs) && this.isDecided(testable, result),
      ...(shard ? { flies: blocksOf(shard, offset) } : {}),
    }
  }

  scenario(testable: Testable, result: Result): ScenarioReport {
    const known = this.judged(testable, result)
    known.report ??= scenarioOf(testedFrom(testable, result), known.judgements, this.version)
    return known.report
  }

  report(
    testables: readonly Testable[],
    results: readonly Result[],
    rareMisses: ReadonlyMap<Testable, RareMisses>,
  ): TestReport {
    const { confidence } = this.looks
    const scenarios = testables.map((testable, index) => {
      const rare = rareMisses.get(testable)
      const result = results[index]!
      if (rare === undefined) return this.scenario(testable, result)
      return judgedScenario(testedFrom(testable, result, rare), confidence, this.version)
    })
    return { schema: testSchema, version: this.version, confidence, scenarios }
  }

  private isDecided(testable: Testable, result: Result): boolean {
    const { judgements } = this.judged(testable, result)
    return judgements.every(({ answer }) => answer !== 'undecided')
  }

  private judged(testable: Testable, { runs, arms: [tally] }: Result): Known {
    const before = this.known.get(testable)
    if (before?.runs === runs) return before
    const budgets = testable.budgets.map(({ budget }) => budget)
    const known = { runs, judgements: judge(budgets, tally!, this.looks.confidence) }
    this.known.set(testable, known)
    return known
  }
}
