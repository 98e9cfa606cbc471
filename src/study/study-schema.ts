// How a study is read again that was stored as it was printed.
import { z } from 'zod'
import { verdicts } from '../scenario/budget.js'
import { exactly, figure, share, whole } from '../scenario/exactly.js'
import { fidelities } from '../scenario/fidelity.js'
import { byName } from './by-name.js'
import { figures } from './figures.js'
import { type Distribution, type Estimate, type Study, studySchema } from './study.js'

export const estimate = exactly<Estimate>({ value: figure, low: figure.nullable(), high: figure.nullable() })
export const shareEstimate = exactly<Estimate>({ value: share, low: share.nullable(), high: share.nullable() })

/** Of the runs, by how they ended. */
export const verdictShares = exactly<Study['verdicts']>(byName(verdicts, () => shareEstimate))

const distribution = exactly<Distribution>({
  runs: whole,
  mean: estimate.nullable(),
  p5: estimate.nullable(),
  p50: estimate.nullable(),
  p90: estimate.nullable(),
  p95: estimate.nullable(),
  p99: estimate.nullable(),
})

export const storedStudySchema = exactly<Study>({
  schema: z.literal(studySchema),
  version: z.string(),
  scenario: z.string(),
  teaches: z.string(),
  seed: whole,
  runs: whole,
  fidelity: z.enum(fidelities),
  verdicts: verdictShares,
  missed: shareEstimate,
  falseAborts: shareEstimate,
  numbers: exactly<Study['numbers']>(byName(figures, () => distribution)),
})
