// How the report of a check is read again that was stored as it was printed.
import { z } from 'zod'
import { amount, exactly, positive, whole } from '../../scenario/exactly.js'
import { estimate, shareEstimate, verdictShares } from '../study-schema.js'
import { budgetReport } from '../test/report-schema.js'
import type { Finding } from './finding.js'
import type { Flight, Quantiles } from './flight.js'
import type { Ignored } from './ignored.js'
import { type CheckedRollout, type CheckedWorld, type CheckReport, checkSchema } from './report.js'
import { severities } from './rule.js'

const text = z.string()

const finding = exactly<Finding>({
  rule: text,
  severity: z.enum(severities),
  file: text,
  line: whole,
  column: whole,
  message: text,
  why: text,
  mend: text,
  flown: text.nullable(),
})

const quantiles = exactly<Quantiles>({ p50: estimate.nullable(), p90: estimate.nullable() })

const flight = exactly<Flight>({
  fault: text,
  title: text,
  wanted: z.enum(['stopped', 'promoted']),
  runs: whole,
  verdicts: verdictShares,
  caught: shareEstimate,
  detectionMs: quantiles,
  requests: quantiles,
  users: quantiles,
  budgetSpentPercent: quantiles,
  budgets: z.array(budgetReport),
})

const world = exactly<CheckedWorld>({
  scenario: text.nullable(),
  ratePerSecond: amount,
  users: positive,
  releaseAtMs: amount,
  durationMs: amount,
  healthyMs: amount,
  unanswered: z.array(text),
  isPromotedBlindly: z.boolean(),
})

const rollout = exactly<CheckedRollout>({
  namespace: text,
  name: text,
  file: text,
  line: whole,
  column: whole,
  world: world.nullable(),
  flights: z.array(flight),
})

export const storedCheckSchema = exactly<CheckReport>({
  schema: z.literal(checkSchema),
  version: text,
  paths: z.array(text),
  wantedRatePerSecond: amount.nullable(),
  seed: whole,
  rollouts: z.array(rollout),
  findings: z.array(finding),
  ignored: z.array(exactly<Ignored>({ finding, reason: text })),
})
