// How tallies are read again that somebody has handed on as JSON.
import { z } from 'zod'
import { verdicts } from '../scenario/budget.js'
import { exactly, figure, positive, whole } from '../scenario/exactly.js'
import { byName } from './by-name.js'
import type { Extreme, ExtremesData } from './extremes.js'
import { figures } from './figures.js'
import type { SpreadData } from './spread.js'
import { events, type TallyData } from './tally.js'

const spread = exactly<SpreadData>({
  bits: z.int().min(0).max(52).optional(),
  values: z.array(figure),
  counts: z.array(positive),
}).refine(({ values, counts }) => values.length === counts.length, { error: 'each value must have its count' })

const extremes = z.array(exactly<Extreme>({ value: figure, seed: whole }))

const ofFigure = exactly<TallyData['figures'][(typeof figures)[number]]>({
  spread,
  extremes: exactly<ExtremesData>({ lowest: extremes, highest: extremes }),
})

export const tallySchema = exactly<TallyData>({
  runs: whole,
  verdicts: exactly<TallyData['verdicts']>(byName(verdicts, () => whole)),
  missed: whole,
  falseAborts: whole,
  figures: exactly<TallyData['figures']>(byName(figures, () => ofFigure)),
  seeds: exactly<TallyData['seeds']>(byName(events, () => z.array(whole))),
}).superRefine((tally, { addIssue }) => {
  const { runs, missed, falseAborts } = tally
  const ended = verdicts.reduce((sum, verdict) => sum + tally.verdicts[verdict], 0)
  const refuse = (path: readonly string[], message: string) => addIssue({ code: 'custom', path: [...path], message })
  if (ended !== runs) refuse(['verdicts'], `${ended} runs have a verdict, and there are ${runs}`)
  for (const [name, count] of Object.entries({ missed, falseAborts }))
    if (count > runs) refuse([name], `there are more of them than runs: ${count} of ${runs}`)
  for (const name of figures) {
    const count = tally.figures[name].spread.counts.reduce((sum, each) => sum + each, 0)
    if (count > runs) refuse(['figures', name], `it has values of ${count} runs, and there are ${runs}`)
  }
})
