// Which numbers of a policy may be turned: found in its own manifests, each with its place in the text.
import { isJsonObject, type Json } from '../../scenario/json.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Finding, Room } from './finding.js'
import type { Knob, Unturnable } from './knob.js'
import { metricKnobs } from './metric-knobs.js'
import { promotionKnob } from './promotion-knob.js'
import { type Ramp, rampOf } from './ramp.js'
import { rampKnobs } from './ramp-knobs.js'
import { Source } from './source.js'

/** All that there is to turn, or why it can't be. */
export interface Space {
  readonly rollout: Manifest
  readonly knobs: readonly Knob[]
  readonly unturnable: readonly Unturnable[]
  readonly ramp: Ramp | undefined
  /** What everyone stands for. */
  readonly maxWeight: number
  /** By the path of the file. */
  readonly sources: ReadonlyMap<string, Source>
}

/** Undefined where there is no Rollout among them. */
export function spaceOf(
  manifests: readonly Manifest[],
  texts: ReadonlyMap<string, string>,
  room: Room,
): Space | undefined {
  const rollout = manifests.find(({ kind }) => kind === 'Rollout')
  if (rollout === undefined) return undefined
  const sources = new Map([...texts].map(([file, text]) => [file, new Source(file, text)]))
  const knobs = new Map<string, Knob>()
  const unturnable = new Map<string, Unturnable>()
  const leave = (left: Unturnable) => unturnable.set(left.name, left)
  const finding: Finding = {
    rollout,
    room,
    source: (file) => sources.get(file)!,
    // What an alias stands for is written once, and what is asked for twice is turned once.
    add(knob, otherwise) {
      const [span] = knob?.spans ?? []
      const isKnown = span && [...knobs.values()].some(({ spans }) => spans.some((each) => isSame(each, span)))
      if (knob === undefined) leave(otherwise)
      else if (!isKnown) knobs.set(knob.name, knob)
    },
    leave,
  }
  const ramp = rampOf(rollout, finding.source(rollout.file))
  if (ramp) rampKnobs(ramp, finding)
  promotionKnob(finding)
  for (const template of templatesOf(rollout, manifests)) metricKnobs(template, finding)
  return {
    rollout,
    knobs: [...knobs.values()],
    unturnable: [...unturnable.values()],
    ramp,
    maxWeight: room.maxWeight,
    sources,
  }
}

function isSame(one: Knob['spans'][number], other: Knob['spans'][number]): boolean {
  return one.file === other.file && one.start === other.start
}

/** Those that the Rollout asks for, and those that these refer to. */
function templatesOf(rollout: Manifest, manifests: readonly Manifest[]): readonly Manifest[] {
  const asked = new Set<string>()
  const visit = (value: Json | undefined): void => {
    for (const name of templateNames(value ?? null)) {
      if (asked.has(name)) continue
      asked.add(name)
      for (const each of manifests) if (isTemplate(each) && each.name === name) visit(each.value['spec'])
    }
  }
  visit(rollout.value['spec'])
  return manifests.filter((manifest) => isTemplate(manifest) && asked.has(manifest.name))
}

function isTemplate({ kind }: Manifest): boolean {
  return kind === 'AnalysisTemplate' || kind === 'ClusterAnalysisTemplate'
}

function templateNames(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(templateNames)
  if (!isJsonObject(value)) return []
  const { templateName } = value
  const own = typeof templateName === 'string' ? [templateName] : []
  return [...own, ...Object.values(value).flatMap((each) => templateNames(each))]
}
