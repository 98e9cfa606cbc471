// What came of testing scenarios: one model, from which every reporter writes.
import { parseBudget, type Verdict } from '../../scenario/budget.js'
import type { Fidelity } from '../../scenario/fidelity.js'
import { type Answer, type Judgement, judge } from '../judgement.js'
import { type Study, studyOf } from '../study.js'
import { baselineOf } from './baseline.js'
import { type Moved, movedSince } from './moved.js'
import type { Tested } from './tested.js'

export const testSchema = 'coalmine.test/v1'

/** Undecided: the runs allow both. Unfinished: somebody has ended it before. */
export type Status = 'passed' | 'failed' | 'undecided' | 'unfinished'

export interface TestReport {
  readonly schema: typeof testSchema
  readonly version: string
  /** Of each interval, so that all looks at a scenario together are as sure as that. */
  readonly confidence: number
  readonly scenarios: readonly ScenarioReport[]
}

export interface ScenarioReport {
  readonly name: string
  readonly file: string
  readonly teaches: string
  readonly status: Status
  readonly seed: number
  readonly runs: number
  readonly fidelity: Fidelity
  readonly budgets: readonly BudgetReport[]
  readonly study: Study
}

/** What never happened though it could have is `never`, wherever a time may stand. */
export type Value = number | Verdict | 'never' | null

export interface BudgetReport {
  readonly budget: string
  readonly line: number
  readonly column: number
  readonly answer: Answer
  readonly measured: Value
  readonly low: Value
  readonly high: Value
  readonly neededRuns: number | null
  readonly worst: readonly { readonly seed: number; readonly value: Value }[]
  /** How many swarms of luckier canaries tell of it, where runs by chance don't. */
  readonly swarms?: number
  /** In the line that holds a scenario against its baseline; left out in those of budgets. */
  readonly baseline?: Compared
}

export interface Compared {
  /** How many figures were compared. */
  readonly compared: number
  /** Those that are clearly not as they were. */
  readonly moved: readonly Moved[]
  /** Whether these are the very runs of then, and came to the very same. */
  readonly isIdentical: boolean
}

export function reportOf(tested: readonly Tested[], confidence: number, version: string): TestReport {
  const scenarios = tested.map((each) => judgedScenario(each, confidence, version))
  return { schema: testSchema, version, confidence, scenarios }
}

export function judgedScenario(tested: Tested, confidence: number, version: string): ScenarioReport {
  const budgets = tested.budgets.map(({ budget }) => budget)
  return scenarioOf(tested, judge(budgets, tested.tally, confidence, tested.rareMisses), version)
}

/** With what its budgets were judged to be. */
export function scenarioOf(tested: Tested, judgements: readonly Judgement[], version: string): ScenarioReport {
  const { name, file, teaches, seed, fidelity, tally } = tested
  const ownBudgets = judgements.map((judgement, index) => {
    const { line, column } = tested.budgets[index]!.place
    const report = budgetOf(judgement, line, column)
    const isBySwarms = tested.rareMisses && judgement.budget.metric === 'missed'
    return isBySwarms ? { ...report, swarms: tested.rareMisses!.swarms } : report
  })
  const budgets = [...ownBudgets, ...comparedLines(tested, version)]
  const status = statusOf(tested, budgets)
  const study = studyOf({ version, name, teaches, fidelity, seed }, tally)
  return { name, file, teaches, status, seed, runs: tally.runs, fidelity, budgets, study }
}

function statusOf({ isWhole }: Tested, budgets: readonly BudgetReport[]): Status {
  if (!isWhole) return 'unfinished'
  if (budgets.some(({ answer }) => answer === 'fails')) return 'failed'
  return budgets.some(({ answer }) => answer === 'undecided') ? 'undecided' : 'passed'
}

function comparedLines(tested: Tested, version: string): readonly BudgetReport[] {
  const { baseline: before, tally } = tested
  if (before === undefined || tally.runs === 0) return []
  const after = baselineOf(tested, version)
  const { compared, moved } = movedSince(before, after)
  const isIdentical = JSON.stringify(before) === JSON.stringify(after)
  const answer = moved.length === 0 ? 'holds' : 'fails'
  const ofNoBudget = { measured: null, low: null, high: null, neededRuns: null, worst: [] }
  return [{ budget: 'baseline', line: 1, column: 1, answer, ...ofNoBudget, baseline: { compared, moved, isIdentical } }]
}

export function budgetOf(judgement: Judgement, line: number, column: number): BudgetReport {
  const { budget, measured, low, high, answer, neededRuns, worst } = judgement
  return {
    budget: budget.text,
    line,
    column,
    answer,
    measured: toValue(measured),
    low: toValue(low),
    high: toValue(high),
    neededRuns,
    worst: worst.map(({ seed, value }) => ({ seed, value: toValue(value) })),
  }
}

export function toValue(value: number | Verdict | null): Value {
  return value === Number.POSITIVE_INFINITY ? 'never' : value
}

/** The unit of a budget's figures, for whoever writes them. */
export function unitOf({ budget }: Pick<BudgetReport, 'budget'>) {
  const parsed = parseBudget(budget)
  if (!parsed.ok) throw new RangeError(parsed.message)
  return parsed.value.unit
}
