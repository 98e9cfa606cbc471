// What a Chaos Mesh document comes to: effects, and what they add to whom its selector selects.
import type { FaultEffect, FaultSelector } from '../faults.js'
import { parseGoDuration } from '../go-duration.js'
import type { Part } from './part.js'

export interface Struck {
  readonly effect: FaultEffect
  /** What part of the requests of the selected pods, if not all. */
  readonly of?: Pick<FaultSelector, 'dependency' | 'shareRatio'>
  /** What it does, where its effect alone doesn't tell. */
  readonly words?: string
  readonly isToldBefore?: true
}

/** Undefined if it isn't there; told if it isn't one, with what Chaos Mesh says to it. */
export function durationAt(part: Part, key: string, complaint = 'parse duration field error'): number | undefined {
  const text = part.text(key)
  if (text === undefined || text === '') return undefined
  const parsed = parseGoDuration(text)
  if (typeof parsed === 'object') {
    part.invalid(key, `${complaint}: ${parsed.error}`, { hint: 'Write it as Go does: 90s, 1m30s, 500ms.' })
    return undefined
  }
  if (parsed > 0) return parsed
  part.refuse(key, `${part.nameOf(key)} of ${text} is over before it has begun`)
  return undefined
}

/** The container that requests reach is the only one whose fate the world follows. */
export function checkContainer(spec: Part, container: string): void {
  for (const name of spec.texts('containerNames')) {
    if (name === container) continue
    spec.refuse('containerNames', `the world follows the container ${container} only, not ${name}`)
  }
}
