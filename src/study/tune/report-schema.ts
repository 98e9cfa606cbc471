// How the report of a search is read again that was stored as it was printed.
import { z } from 'zod'
import { amount, exactly, figure, positive, whole } from '../../scenario/exactly.js'
import type { Place } from '../../scenario/problem.js'
import { estimate, shareEstimate } from '../study-schema.js'
import { answer, budgetText, value } from '../test/report-schema.js'
import { knobKinds, type Unturnable } from './knob.js'
import type { Limit } from './limit.js'
import type { Hunk } from './patch.js'
import {
  type Binding,
  type BudgetReport,
  type ChangeReport,
  type KnobReport,
  type PointReport,
  type Told,
  type TuneReport,
  tuneSchema,
} from './report.js'

const text = z.string()
const place = { file: text, line: whole, column: whole }

const change = exactly<ChangeReport>({ knob: text, title: text, from: text, to: text, ...place })

const time = z.union([figure, z.literal('never')])
const told = exactly<Told>({ value: time, low: time.nullable(), high: time.nullable() })

const limit = exactly<Limit>({
  world: text,
  requests: amount,
  requestsPerSecond: amount,
  limitMs: amount,
  detectionMs: figure,
  factor: figure,
})

const point = exactly<PointReport>({
  label: text.min(1),
  changes: z.array(change),
  runs: positive,
  harm: estimate,
  durationMs: told,
  falseAborts: shareEstimate,
  missed: shareEstimate,
  detectionMs: estimate.nullable(),
  budgets: z.array(exactly<BudgetReport>({ budget: budgetText, answer, measured: value, low: value, high: value })),
  limits: z.array(limit),
  diff: z.array(
    exactly<Hunk>({
      file: text,
      line: whole,
      newLine: whole,
      removed: z.array(text),
      added: z.array(text),
    }),
  ),
})

const binding = exactly<Binding>({
  budget: text,
  without: exactly<Binding['without']>({
    changes: z.array(change),
    harm: estimate,
    durationMs: told,
    falseAborts: shareEstimate,
  }),
  beats: text,
})

const knob = exactly<KnobReport>({
  name: text,
  kind: z.enum(knobKinds),
  title: text,
  value: text,
  values: z.array(text),
  ...place,
})

const world = exactly<TuneReport['worlds'][number]>({
  id: text,
  title: text,
  role: z.enum(['healthy', 'fault', 'budgets']),
})

export const storedTuneSchema = exactly<TuneReport>({
  schema: z.literal(tuneSchema),
  version: text,
  scenario: text,
  seed: whole,
  harm: z.enum(['mean', 'p95']),
  worlds: z.array(world),
  candidates: whole,
  refused: whole,
  flights: whole,
  isWhole: z.boolean(),
  knobs: z.array(knob),
  unturnable: z.array(exactly<Unturnable>({ name: text, place: exactly<Place>(place), why: text })),
  written: point.nullable(),
  front: z.array(point),
  knee: text.nullable(),
  nearest: point.nullable(),
  binding: z.array(binding),
}).superRefine((report, { addIssue }) => {
  const refuse = (path: (string | number)[], message: string) => addIssue({ code: 'custom', path, message })
  const { worlds, written, front, knee } = report
  if (knee !== null && !front.some(({ label }) => label === knee)) refuse(['knee'], `there is no point ${knee}`)
  const points = [...front.map((each, index) => [['front', index], each] as const), [['written'], written] as const]
  for (const [path, each] of points)
    for (const [index, { world: id }] of (each?.limits ?? []).entries())
      if (!worlds.some((other) => other.id === id && other.role === 'fault'))
        refuse([...path, 'limits', index, 'world'], `there is no fault ${id}`)
})
