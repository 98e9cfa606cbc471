// How the comparison of two policies is read again that was stored as it was printed.
import { z } from 'zod'
import { exactly, figure, positive, share, whole } from '../../scenario/exactly.js'
import { fidelities } from '../../scenario/fidelity.js'
import type { Estimate } from '../study.js'
import { estimate } from '../study-schema.js'
import { type Comparison, compareSchema, type Row, type World } from './comparison.js'
import type { Gate, Limit } from './gate.js'
import { comparedMetrics } from './metrics.js'

const metric = z.enum(comparedMetrics)

const row = exactly<Row>({
  metric,
  unit: z.enum(['duration', 'count', 'ratio', 'share']),
  first: figure.nullable(),
  second: figure.nullable(),
  difference: estimate.nullable(),
  runs: whole,
  worlds: whole,
  ratio: exactly<Estimate>({ value: figure, low: figure, high: figure }).nullable(),
  median: estimate.nullable(),
  answer: z.enum(['better', 'worse', 'equal', 'unclear']).nullable(),
}).superRefine(({ difference, answer }, { addIssue }) => {
  const isKnown = difference !== null && difference.low !== null && difference.high !== null
  if ((answer === 'better' || answer === 'worse') && !isKnown)
    addIssue({ code: 'custom', path: ['difference'], message: `what is ${answer} must differ by something known` })
})

const world = exactly<World>({
  scenario: z.string(),
  faults: z.array(z.string()),
  seed: whole,
  runs: whole,
  fidelity: z.enum(fidelities),
  rows: z.array(row),
})

const gateAnswer = z.enum(['worse', 'within', 'undecided'])

const limit = exactly<Limit>({
  metric,
  margin: figure,
  world: whole.nullable(),
  answer: gateAnswer,
  beyond: estimate,
  neededRuns: positive.nullable(),
})

export const storedComparisonSchema = exactly<Comparison>({
  schema: z.literal(compareSchema),
  version: z.string(),
  first: z.string(),
  second: z.string(),
  isIdentical: z.boolean(),
  confidence: share,
  worlds: z.array(world).min(1),
  overall: z.array(row).nullable(),
  gate: exactly<Gate>({ confidence: share, answer: gateAnswer, limits: z.array(limit) }).nullable(),
}).superRefine(({ worlds, overall, gate }, { addIssue }) => {
  const refuse = (path: (string | number)[], message: string) => addIssue({ code: 'custom', path, message })
  if ((overall === null) !== (worlds.length === 1))
    refuse(['overall'], 'there is something over all worlds where there are several, and only there')
  for (const [index, { world, metric }] of (gate?.limits ?? []).entries()) {
    const rows = world === null ? overall : worlds[world]?.rows
    if (!rows?.some((each) => each.metric === metric))
      refuse(['gate', 'limits', index], `there is no ${metric} in that world to set a limit to`)
  }
})
