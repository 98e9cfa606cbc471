// What can be turned in the steps of a canary: weights, pauses, and which steps there are.
import { parseGoDuration } from '../../scenario/go-duration.js'
import { isJsonObject, type Json } from '../../scenario/json.js'
import { placeOf } from '../../scenario/manifest.js'
import type { Finding } from './finding.js'
import { durationSpelling, type Knob, plainText, shape } from './knob.js'
import { secondsLadder, weightLadder } from './ladders.js'
import { type Ramp, type Stage, stepsPath } from './ramp.js'

export function rampKnobs(ramp: Ramp, finding: Finding): void {
  const weights = ramp.steps.flatMap(({ setWeight }) => (typeof setWeight === 'number' ? [setWeight] : []))
  for (const [index, step] of ramp.steps.entries()) {
    const { setWeight, pause } = step
    if (typeof setWeight === 'number') addWeight(index, setWeight, weights, finding)
    if (isJsonObject(pause ?? null)) addPause(index, (pause as { duration?: Json }).duration, finding)
  }
  for (const stage of ramp.stages) addShape(stage, ramp, finding)
}

function addWeight(index: number, written: number, weights: readonly number[], finding: Finding): void {
  const { rollout, room, source, add } = finding
  const path = [...stepsPath, index, 'setWeight']
  const name = `steps[${index}].setWeight`
  const place = placeOf(rollout, path)
  const span = source(rollout.file).spanOf(place, written)
  const knob: Knob | undefined = span && {
    name,
    kind: 'weights',
    title: `weight of step ${index + 1}`,
    place,
    unit: 'percent',
    ...weightLadder(written, weights, room.maxWeight - 1),
    spans: [span],
    spell: plainText,
  }
  add(knob, { name, place, why: 'it is not written out as a number here' })
}

function addPause(index: number, written: Json | undefined, finding: Finding): void {
  const { rollout, room, source, add, leave } = finding
  const path = [...stepsPath, index, 'pause', 'duration']
  const name = `steps[${index}].pause`
  const place = placeOf(rollout, path)
  if (typeof written !== 'string' && typeof written !== 'number') {
    leave({ name, place, why: 'it lasts until a person ends it' })
    return
  }
  const seconds = secondsIn(written)
  const span = source(rollout.file).spanOf(place, written)
  const knob: Knob | undefined =
    span && seconds !== undefined
      ? {
          name,
          kind: 'pauses',
          title: `pause of step ${index + 1}`,
          place,
          unit: 'seconds',
          ...secondsLadder(seconds, { least: 5, most: room.longestSeconds }),
          spans: [span],
          spell: durationSpelling(written),
        }
      : undefined
  add(knob, { name, place, why: 'it is no duration that is written out here' })
}

/** Undefined for what is no whole number of seconds. */
export function secondsIn(written: string | number): number | undefined {
  const isBare = /^\d+$/.test(String(written))
  const ms = isBare ? Number(written) * 1000 : parseGoDuration(String(written))
  return typeof ms === 'number' && ms >= 0 && ms % 1000 === 0 ? ms / 1000 : undefined
}

function addShape({ first, kept, isPaused }: Stage, { layout, stages, steps }: Ramp, finding: Finding): void {
  const { rollout, add, leave } = finding
  const name = `steps[${first}]`
  const place = placeOf(rollout, [...stepsPath, first])
  if (kept !== undefined) {
    leave({ name, place, why: `${kept}, so it neither goes nor comes twice` })
    return
  }
  const values = [...(stages.length > 1 ? [shape.dropped] : []), shape.kept, ...(isPaused ? [] : [shape.doubled])]
  const knob: Knob | undefined = layout && {
    name,
    kind: 'steps',
    title: `step ${first + 1} (${steps[first]!['setWeight']} %)`,
    place,
    unit: 'shape',
    values,
    current: values.indexOf(shape.kept),
    spans: [],
    spell: plainText,
  }
  add(knob, { name, place, why: 'the steps are written in a way in which they can’t be told apart' })
}
