// How it is read again how often a release is missed.
import { z } from 'zod'
import { amount, exactly, positive, whole } from '../../scenario/exactly.js'
import { shareEstimate } from '../study-schema.js'
import { type LuckyStage, type Misses, missesSchema, tellers } from './misses.js'

export const storedMissesSchema = exactly<Misses>({
  schema: z.literal(missesSchema),
  version: z.string(),
  scenario: z.string(),
  teaches: z.string(),
  seed: whole,
  flights: whole,
  plain: exactly<Misses['plain']>({ runs: whole, missed: whole }),
  missed: shareEstimate,
  by: z.enum(tellers),
  swarms: whole,
  plainRuns: positive.nullable(),
  luck: z.array(exactly<LuckyStage>({ fromMs: amount, untilMs: amount, factor: amount })),
})
