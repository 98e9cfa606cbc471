// What can be turned in a blue-green release: how long the preview waits before everyone gets it.

import { type Finding, field } from './finding.js'
import { plainText } from './knob.js'
import { secondsLadder } from './ladders.js'

const path = ['spec', 'strategy', 'blueGreen', 'autoPromotionSeconds']

export function promotionKnob({ rollout, room, source, add }: Finding): void {
  const { value, place } = field(rollout, path)
  if (typeof value !== 'number' || value <= 0) return
  const name = 'autoPromotionSeconds'
  const span = source(rollout.file).spanOf(place, value)
  const knob = span && {
    name,
    kind: 'delays' as const,
    title: 'time before the promotion',
    place,
    unit: 'seconds' as const,
    ...secondsLadder(value, { least: 5, most: room.longestSeconds }),
    spans: [span],
    spell: plainText,
  }
  add(knob, { name, place, why: 'it is not written out as a number here' })
}
