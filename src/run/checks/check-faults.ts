// Refuses the faults that no part of the world acts on yet, by name: none is taken and then ignored.
import { nameOfEffect } from '../../scenario/fault-rules.js'
import type { FaultEffect, ScenarioFault } from '../../scenario/faults.js'
import type { Place, Problems } from '../../scenario/problem.js'
import { concernsAnswers } from '../../world/fault.js'

/** Whoever makes the world act on one of these takes it out. */
const unflownEffects: ReadonlySet<FaultEffect['kind']> = new Set(['traffic'])

export function checkFault(
  fault: ScenarioFault,
  placeOf: (path: readonly string[]) => Place,
  problems: Problems,
): void {
  for (const { path, what } of unflownIn(fault)) {
    const message = `${what} is understood, but nothing in the world acts on it yet`
    problems.error('fault-not-flown', placeOf(path), message)
  }
}

interface Unflown {
  readonly path: readonly string[]
  readonly what: string
}

function unflownIn({ when, effect }: ScenarioFault): readonly Unflown[] {
  const name = nameOfEffect[effect.kind]
  const found: Unflown[] = unflownEffects.has(effect.kind) ? [{ path: [name], what: `\`${name}\`` }] : []
  if (when.after !== 'release' && !changesAnswers(effect))
    found.push({ path: ['after'], what: `\`after: ${when.after}\`` })
  return found
}

function changesAnswers(effect: FaultEffect): boolean {
  return effect.kind === 'poison' || effect.kind === 'skew' || concernsAnswers({ effect })
}
