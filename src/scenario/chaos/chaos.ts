// Documents of Chaos Mesh as faults of a scenario, where the world has what they act on; what it hasn't is refused.
import { defined } from '../defined.js'
import type { FaultTimes, ScenarioFault } from '../faults.js'
import { isJsonObject } from '../json.js'
import type { Manifest } from '../manifest.js'
import { nearName } from '../near-name.js'
import type { Place, Problems } from '../problem.js'
import { type ChaosKind, chaosShapes, otherKinds, scheduledAs, scheduleShape } from './definitions.js'
import { httpChaos } from './http-chaos.js'
import { networkChaos } from './network-chaos.js'
import { Part } from './part.js'
import { podChaos } from './pod-chaos.js'
import { podSelection } from './pod-selection.js'
import { timesOfSchedule } from './schedule.js'
import { checkShape } from './shape.js'
import { stressChaos } from './stress-chaos.js'
import { durationAt, type Struck } from './struck.js'
import type { ChaosSurroundings, ChaosTimes } from './surroundings.js'

export function isChaos({ apiVersion }: Pick<Manifest, 'apiVersion'>): boolean {
  return apiVersion.startsWith('chaos-mesh.org/')
}

export interface ChaosFault {
  readonly fault: ScenarioFault
  /** What it does, where its effect alone doesn't tell. */
  readonly words?: string
  /** Where its document says so. */
  readonly place: Place
}

/** All that a document does from the time at which it is applied; nothing, and problems, if any of it can't be. */
export function chaosFaults(
  manifest: Manifest,
  times: ChaosTimes,
  world: ChaosSurroundings,
  problems: Problems,
): readonly ChaosFault[] {
  const whole = new Part(manifest, problems, [], manifest.value)
  const { kind } = manifest
  if (manifest.apiVersion !== 'chaos-mesh.org/v1alpha1') {
    whole.invalid('apiVersion', `${manifest.apiVersion} doesn't exist: only chaos-mesh.org/v1alpha1 does`)
    return []
  }
  if (isPaused(manifest)) {
    whole.warn('metadata', `${kind} ${manifest.name} is paused (${pauseAnnotation}): it does nothing`)
    return []
  }
  const before = problems.errorCount
  const spec = whole.part('spec')
  if (kind === 'Schedule' && spec) return scheduled(spec, times, world)
  if (!isKnown(kind)) {
    refuseKind(whole, 'kind', kind)
    return []
  }
  if (!spec) whole.invalid(undefined, 'spec is missing')
  else if (checkShape(spec, chaosShapes[kind])) return applied(spec, kind, world, once(times), before)
  return []
}

type TimesOf = (forMs: number | undefined, isOneShot: boolean) => readonly FaultTimes[] | undefined

function once(times: ChaosTimes): TimesOf {
  return (forMs, isOneShot) => [{ ...times, rampMs: 0, ...(isOneShot || forMs === undefined ? {} : { forMs }) }]
}

function scheduled(schedule: Part, times: ChaosTimes, world: ChaosSurroundings): readonly ChaosFault[] {
  const before = schedule.problems.errorCount
  if (!checkShape(schedule, scheduleShape)) return []
  const kind = schedule.text('type')!
  if (!isKnown(kind)) {
    refuseKind(schedule, 'type', kind)
    return []
  }
  const spec = schedule.part(scheduledAs[kind])
  if (!spec) {
    schedule.invalid(undefined, `${schedule.nameOf(scheduledAs[kind])} is missing: it is what ${kind} does`)
    return []
  }
  if (!checkShape(spec, chaosShapes[kind])) return []
  const timesOf: TimesOf = (forMs, isOneShot) => timesOfSchedule(schedule, forMs, isOneShot, times, world)
  return applied(spec, kind, world, timesOf, before)
}

function applied(
  spec: Part,
  kind: ChaosKind,
  world: ChaosSurroundings,
  timesOf: TimesOf,
  errorsBefore: number,
): readonly ChaosFault[] {
  if (spec.has('remoteCluster')) spec.refuse('remoteCluster', 'the world has one cluster')
  const on = podSelection(spec, world)
  const struck = readers[kind](spec, world)
  const isOneShot = struck.some(({ effect }) => effect.kind === 'kill')
  const forMs = isOneShot ? undefined : durationAt(spec, 'duration')
  const all = timesOf(forMs, isOneShot) ?? []
  if (on === undefined || spec.problems.errorCount > errorsBefore) return []
  const name = `${kind} ${spec.manifest.name}`
  return all.flatMap((when) => {
    // All that it does each time it does to the same pods.
    const whom = { ...on, ...(on.pods && { pods: { ...on.pods } }) }
    return struck.map(({ effect, of, ...told }) => ({
      fault: { name, on: { ...whom, ...of }, when, effect, ...defined({ isToldBefore: told.isToldBefore }) },
      ...defined({ words: told.words }),
      place: spec.placeOf(),
    }))
  })
}

const readers: Readonly<Record<ChaosKind, (spec: Part, world: ChaosSurroundings) => readonly Struck[]>> = {
  PodChaos: podChaos,
  NetworkChaos: networkChaos,
  HTTPChaos: httpChaos,
  StressChaos: stressChaos,
}

function isKnown(kind: string): kind is ChaosKind {
  return Object.hasOwn(chaosShapes, kind)
}

function refuseKind(part: Part, key: string, kind: string): void {
  const lacks = Object.hasOwn(otherKinds, kind) ? otherKinds[kind] : undefined
  if (lacks !== undefined) part.refuse(key, `${kind} is not simulated: the world has no ${lacks}`)
  else {
    const near = nearName(kind, [...Object.keys(chaosShapes), ...Object.keys(otherKinds), 'Schedule'])
    part.invalid(key, `Chaos Mesh has no kind ${kind}`, { hint: near && `Did you mean ${near}?` })
  }
}

const pauseAnnotation = 'experiment.chaos-mesh.org/pause'

function isPaused({ value }: Manifest): boolean {
  const metadata = value['metadata']
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined
  return isJsonObject(annotations) && annotations[pauseAnnotation] === 'true'
}
