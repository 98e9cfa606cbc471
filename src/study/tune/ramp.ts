// The steps of a canary as what a person thinks of: a weight, and what happens while it holds.
import { isMap, isSeq, type Node, parseAllDocuments, visit } from 'yaml'
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Source, Span } from './source.js'

export const stepsPath = ['spec', 'strategy', 'canary', 'steps'] as const

/** A step that sets a weight, and those after it up to the next one. */
export interface Stage {
  /** Of its first step, from 0. */
  readonly first: number
  /** Of the step behind its last one. */
  readonly end: number
  /** Left out where it is nothing but a weight and timed pauses and analyses: then it can be dropped, or doubled. */
  readonly kept?: string
  /** A pause without an end, which nobody wants to sit through twice. */
  readonly isPaused: boolean
}

export interface Ramp {
  readonly steps: readonly JsonObject[]
  readonly stages: readonly Stage[]
  /** Where each step is written; undefined where they can't be told apart in the text. */
  readonly layout: Layout | undefined
}

export interface Layout {
  readonly file: string
  /** Whether each stands on lines of its own, after a dash. */
  readonly isBlock: boolean
  /** Of each step, without the dash. */
  readonly items: readonly Span[]
}

export function rampOf(rollout: Manifest, source: Source): Ramp | undefined {
  const steps = stepsIn(rollout.value)
  if (steps === undefined || steps.length === 0) return undefined
  const start = source.offsetOf(rollout.positionOf([...stepsPath, 0]))
  return { steps, stages: stagesOf(steps), layout: layoutAt(source, start, steps.length) }
}

function stepsIn({ spec }: JsonObject): readonly JsonObject[] | undefined {
  const strategy = isJsonObject(spec ?? null) ? (spec as JsonObject)['strategy'] : undefined
  const canary = isJsonObject(strategy ?? null) ? (strategy as JsonObject)['canary'] : undefined
  const steps = isJsonObject(canary ?? null) ? (canary as JsonObject)['steps'] : undefined
  if (!Array.isArray(steps)) return undefined
  const all = steps as readonly Json[]
  return all.every(isJsonObject) ? all : undefined
}

function stagesOf(steps: readonly JsonObject[]): readonly Stage[] {
  const starts = steps.flatMap((step, index) => (step['setWeight'] === undefined ? [] : [index]))
  return starts.map((first, index) => {
    const end = starts[index + 1] ?? steps.length
    const inside = steps.slice(first, end)
    const other = inside.flatMap((step) => Object.keys(step)).find((key) => !plainKinds.has(key))
    const isPaused = inside.some((step) => 'pause' in step && !hasDuration(step['pause']!))
    return { first, end, isPaused, ...(other === undefined ? {} : { kept: `it has a step of kind ${other}` }) }
  })
}

const plainKinds: ReadonlySet<string> = new Set(['setWeight', 'pause', 'analysis'])

function hasDuration(pause: Json): boolean {
  return isJsonObject(pause) && pause['duration'] !== undefined && pause['duration'] !== null
}

function layoutAt(source: Source, start: number, size: number): Layout | undefined {
  let found: Layout | undefined
  for (const document of parseAllDocuments(source.text, { version: '1.1', uniqueKeys: false })) {
    if (!('contents' in document)) continue
    visit(document, {
      Seq(_, node) {
        const nodes = node.items as (Node | null)[]
        if (nodes.length !== size || nodes[0]?.range?.[0] !== start || !nodes.every((each) => isMap(each))) return
        const items = nodes.map((each) => ({ file: source.file, start: each!.range![0], end: endOf(each!) }))
        found = { file: source.file, isBlock: isSeq(node) && node.flow !== true, items }
      },
    })
  }
  return found
}

/** Of what is in it: a block goes on to the next line that isn't its own, with all comments up to there. */
function endOf(node: Node): number {
  if (isMap(node) && node.flow !== true) {
    const { key, value } = node.items.at(-1) ?? {}
    return endOf((value ?? key) as Node)
  }
  if (isSeq(node) && node.flow !== true) return endOf(node.items.at(-1) as Node)
  return node.range![1]
}
