// How the report of a test is read again that was stored as it was printed.
import { z } from 'zod'
import { type BudgetUnit, parseBudget, verdicts } from '../../scenario/budget.js'
import { exactly, figure, positive, share, whole } from '../../scenario/exactly.js'
import { fidelities } from '../../scenario/fidelity.js'
import { storedStudySchema } from '../study-schema.js'
import type { Moved } from './moved.js'
import { type BudgetReport, type Compared, type ScenarioReport, type TestReport, testSchema } from './report.js'

export const answer = z.enum(['holds', 'fails', 'undecided'])
export const value = z.union([figure, z.enum([...verdicts, 'never'])]).nullable()

/** As scenarios have it. */
export const budgetText = z.string().superRefine((text, { addIssue }) => {
  const parsed = parseBudget(text)
  if (!parsed.ok) addIssue({ code: 'custom', message: parsed.message })
})

const units = ['duration', 'ratio', 'count', 'verdict'] as const satisfies readonly BudgetUnit[]

const moved = exactly<Moved>({
  figure: z.string(),
  unit: z.enum(units),
  before: figure,
  after: figure,
  low: figure.nullable(),
  high: figure.nullable(),
  isRelative: z.boolean(),
})

const compared = exactly<Compared>({ compared: whole, moved: z.array(moved), isIdentical: z.boolean() })

/** The line that holds a scenario against its baseline is about no budget. */
export const budgetReport = exactly<BudgetReport>({
  budget: z.string(),
  line: whole,
  column: whole,
  answer,
  measured: value,
  low: value,
  high: value,
  neededRuns: positive.nullable(),
  worst: z.array(exactly<BudgetReport['worst'][number]>({ seed: whole, value })),
  swarms: positive.optional(),
  baseline: compared.optional(),
}).superRefine(({ budget, baseline }, { addIssue }) => {
  const parsed = parseBudget(budget)
  if (!parsed.ok && baseline === undefined) addIssue({ code: 'custom', path: ['budget'], message: parsed.message })
})

const scenario = exactly<ScenarioReport>({
  name: z.string(),
  file: z.string(),
  teaches: z.string(),
  status: z.enum(['passed', 'failed', 'undecided', 'unfinished']),
  seed: whole,
  runs: whole,
  fidelity: z.enum(fidelities),
  budgets: z.array(budgetReport),
  study: storedStudySchema,
})

export const storedTestSchema = exactly<TestReport>({
  schema: z.literal(testSchema),
  version: z.string(),
  confidence: share,
  scenarios: z.array(scenario),
})
