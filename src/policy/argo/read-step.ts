// The steps of a canary: what each one asks for, with the controller's complaints in its order.

import { parseGoDuration } from '../../scenario/go-duration.js'
import { type Fields, pathText } from '../fields.js'
import { readAnalysisRequest } from './read-analysis.js'
import { readExperiment } from './read-experiment.js'
import { checkManaged, readHeaderRoute, readMirrorRoute } from './read-managed-routes.js'
import { stuckBelowZero } from './read-number.js'
import { inOrder, tellInvalid, tellRequired } from './refusal.js'
import type { Routing } from './routing-spec.js'
import type { CanaryScale, Step, StepPart } from './step.js'
import type { Behaviours } from './version.js'

/** In the order in which the controller validates them. */
const stepKinds = [
  'setWeight',
  'pause',
  'setCanaryScale',
  'setHeaderRoute',
  'setMirrorRoute',
  // Here the names of both routes are looked up.
  'experiment',
  'analysis',
  'plugin',
] as const

/** Of several in one step the first of these ends it; the others never do. */
const endingKinds: readonly string[] = ['pause', 'setCanaryScale', 'setWeight', 'experiment', 'analysis']

/** `isMetadata` knows whether a path leads to metadata that an argument can refer to. */
export function readStep(
  step: Fields,
  maxWeight: number,
  routing: Routing | undefined,
  isMetadata: (path: string) => boolean,
  does: Behaviours,
): Step | undefined {
  const readKinds = (kinds: readonly (typeof stepKinds)[number][]) =>
    kinds.flatMap((kind) => (step.has(kind) ? (readStepKind(step, kind, maxWeight, routing, does) ?? []) : []))
  checkKinds(step)
  const lookedUpAt = stepKinds.indexOf('experiment')
  const upToRoutes = readKinds(stepKinds.slice(0, lookedUpAt))
  for (const part of upToRoutes) {
    if (part.kind === 'setHeaderRoute' || part.kind === 'setMirrorRoute') checkManaged(step, part, routing)
  }
  const read = [...upToRoutes, ...readKinds(stepKinds.slice(lookedUpAt))]
  checkMetadataPaths(step, isMetadata)
  step.end()
  const [first, ...besides] = [
    ...endingKinds.flatMap((ending) => read.filter(({ kind }) => kind === ending)),
    ...read.filter(({ kind }) => !endingKinds.includes(kind)),
  ]
  return first && (besides.length > 0 ? { ...first, besides } : first)
}

/** Two of these make a step invalid. */
const exclusiveKinds = ['experiment', 'pause', 'setWeight', 'analysis']
const kindsInOrder = [...exclusiveKinds, 'setCanaryScale', 'setHeaderRoute', 'setMirrorRoute', 'plugin']

function checkKinds(step: Fields): void {
  const detail = 'Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause'
  const say = (ofKinds: readonly string[], truth: (kind: string) => boolean) =>
    ofKinds.map((kind) => `step.${kind[0]!.toUpperCase()}${kind.slice(1)}: ${truth(kind)}`).join(' ')
  const message = `${pathText(step.path)}: ${detail}`
  const has = (kind: string) => step.has(kind)
  if (exclusiveKinds.filter(has).length > 1) {
    tellInvalid(step, undefined, say(exclusiveKinds, has), {
      detail,
      message: `${message}, not ${step
        .keys()
        .filter((key) => exclusiveKinds.includes(key) && has(key))
        .join(' and ')}`,
    })
  } else if (!kindsInOrder.some(has)) {
    const hint = 'A key with nothing after it counts as absent: write pause: {}.'
    // Told the other way round: true is what is missing (argo-rollouts 1.10.1).
    tellInvalid(
      step,
      undefined,
      say(kindsInOrder, (kind) => !has(kind)),
      { code: 'step-without-kind', detail, message, hint },
    )
  }
}

function readStepKind(
  step: Fields,
  kind: (typeof stepKinds)[number],
  maxWeight: number,
  routing: Routing | undefined,
  does: Behaviours,
): StepPart | undefined {
  switch (kind) {
    case 'setWeight': {
      const weight = step.integer('setWeight')
      if (weight === undefined) return undefined
      if (weight < 0 || weight > maxWeight) {
        const detail = `SetWeight needs to be between 0 and ${maxWeight}`
        tellInvalid(step, 'setWeight', weight, { detail, message: `${detail}, not ${weight}` })
      }
      return { kind, weight }
    }
    case 'pause': {
      const pause = step.fields('pause')!
      const duration = pause.intOrText('duration')
      const durationMs = duration === undefined ? undefined : pauseMs(pause, duration)
      pause.end()
      return { kind, durationMs, asWritten: duration === undefined ? undefined : String(duration) }
    }
    case 'analysis':
      return { kind, analysis: readAnalysisRequest(step.fields('analysis')!) }
    case 'experiment':
      return { kind, experiment: readExperiment(step.fields('experiment')!, routing) }
    case 'plugin':
      return readPlugin(step.fields('plugin')!)
    case 'setCanaryScale':
      if (!routing) {
        const path = 'spec.strategy.trafficRouting'
        tellRequired(step, 'setCanaryScale', { path, detail: 'SetCanaryScale requires TrafficRouting to be set' })
      }
      return { kind, scale: readScale(step.fields('setCanaryScale')!) }
    case 'setHeaderRoute':
      return readHeaderRoute(step, routing)
    case 'setMirrorRoute':
      return readMirrorRoute(step, routing, does)
  }
}

function readPlugin(plugin: Fields): StepPart {
  if (!plugin.has('name')) {
    plugin.error(undefined, 'missing-field', `${pathText([...plugin.path, 'name'])} is missing`)
  }
  const read: StepPart = { kind: 'plugin', name: plugin.text('name') ?? '', config: plugin.raw('config') }
  plugin.end()
  return read
}

function readScale(fields: Fields): CanaryScale {
  const scale = {
    matchTrafficWeight: fields.flag('matchTrafficWeight') ?? false,
    replicas: stuckBelowZero(fields, 'replicas'),
    weight: fields.integer('weight'),
  }
  fields.end()
  return scale
}

/** The controller counts in 32 bits, and reads durations in 64 bits of nanoseconds. */
const mostPauseSeconds = 2 ** 31 - 1
const mostDurationMs = 2 ** 63 / 1e6

/** Whole seconds, as the controller counts them: `2500ms` is 2 s, a number is seconds. */
function pauseMs(pause: Fields, duration: number | string): number {
  const seconds = secondsOf(duration)
  if (seconds >= 0) return seconds * 1000
  const detail = 'Duration needs to be greater than 0'
  tellInvalid(pause, 'duration', seconds, {
    code: 'pause-duration',
    detail,
    message: `${detail}, not ${JSON.stringify(duration)}`,
    hint: 'Write seconds (30) or a Go duration (90s, 10m, 1h30m); days are not known.',
  })
  return 0
}

function secondsOf(duration: number | string): number {
  if (typeof duration === 'number') return duration
  const seconds = /^[+-]?\d+$/.test(duration) ? Number(duration) : Number.NaN
  if (Math.abs(seconds) <= mostPauseSeconds) return seconds
  const parsed = parseGoDuration(duration)
  if (typeof parsed !== 'number' || Math.abs(parsed) > mostDurationMs) return -1
  const whole = Math.trunc(parsed / 1000)
  return Math.abs(whole) <= mostPauseSeconds ? whole : -(2 ** 31)
}

/** Of a step's arguments the controller looks at these paths; another one that leads nowhere it meets in the update. */
function checkMetadataPaths(step: Fields, isMetadata: (path: string) => boolean): void {
  const analyses = [step.fields('analysis'), ...(step.fields('experiment')?.list('analyses') ?? [])]
  const args = analyses.flatMap((analysis) => analysis?.list('args') ?? [])
  for (const arg of args) {
    const fieldRef = arg.fields('valueFrom')?.fields('fieldRef')
    const path = fieldRef?.raw('fieldPath')
    if (typeof path !== 'string' || !path.startsWith('metadata') || isMetadata(path)) continue
    const value = args.map((one) => inOrder(one.value, ['name', 'value', 'valueFrom'])!)
    tellInvalid(fieldRef!, 'fieldPath', value, {
      path: `spec.strategy.${pathText(step.path.slice(3))}.analyses`,
      detail: 'Analyses arguments must refer to valid object metadata supported by downwardAPI',
    })
  }
}
