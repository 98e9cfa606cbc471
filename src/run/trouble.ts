// What can be wrong with a version, whether or not it hurts anybody: faults on it, and a canary that is worse by itself.
import type { FaultEffect } from '../scenario/faults.js'
import type { LatencyShape } from '../scenario/latency.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Answers, VersionBehaviour } from '../scenario/service.js'
import { concernsPods, type Fault } from '../world/fault.js'
import { Latency } from '../world/latency/latency.js'
import type { Strand } from '../world/strand.js'
import { answersOf } from './service-plan.js'
import { canary, stable } from './stacks.js'

export interface Trouble {
  readonly version: number
  readonly onsetMs: number
  readonly endMs: number
  /** Strikes as soon as there are pods; otherwise with the first request. */
  readonly concernsPods: boolean
  /** It strikes stable as it does the canary, so that neither is worse than the other. */
  readonly isShared: boolean
}

export function troublesOf(
  { service }: Scenario,
  strands: readonly Strand[],
  faults: readonly Fault[],
  /** That of the manifest, if it has one. */
  memoryLimitBytes: number | undefined,
): readonly Trouble[] {
  const troubles = faults.flatMap(troublesOfFault)
  if (answersWorse(service, strands)) troubles.push(ofCanary({ concernsPods: false }))
  const isFull = startsFull(service.canary, memoryLimitBytes) && !startsFull(service.stable, memoryLimitBytes)
  if (fillsSooner(service) || isFull) troubles.push(ofCanary({ concernsPods: true }))
  return troubles
}

const ofCanary = ({ concernsPods }: Pick<Trouble, 'concernsPods'>): Trouble => ({
  version: canary,
  onsetMs: 0,
  endMs: Number.POSITIVE_INFINITY,
  concernsPods,
  isShared: false,
})

/** What strikes a version strikes its stacks in experiments, too. */
export function troublesOfFault(fault: Fault): Trouble[] {
  if (!makesWorse(fault)) return []
  return fault.versions
    .filter((version) => version <= canary)
    .map((version) => ({ ...times(fault), version, concernsPods: concernsPods(fault), isShared: isShared(fault) }))
}

const times = ({ onsetMs, endMs }: Fault) => ({ onsetMs, endMs })

function isShared({ versions }: Fault): boolean {
  return versions.includes(stable) && versions.includes(canary)
}

/** A latency can also be made better, and some faults strike nobody who answers. */
function makesWorse({ effect }: Fault): boolean {
  if (blinding.has(effect.kind)) return false
  if (effect.kind !== 'latency') return true
  const { change } = effect
  return change.kind === 'factor' ? change.factor > 1 : change.kind === 'add' ? change.ms > 0 : change.percent > 0
}

/** They keep the policy from seeing or acting. */
const blinding: ReadonlySet<FaultEffect['kind']> = new Set([
  'metrics',
  'prometheus',
  'controller',
  'api-server',
  'quota',
])

function answersWorse({ stable, canary }: Scenario['service'], strands: readonly Strand[]): boolean {
  const unlimited = Number.POSITIVE_INFINITY
  return (
    strands.some((strand) => isWorse(answersOf(canary, strand), answersOf(stable, strand))) ||
    (canary.capacityPerSecond ?? unlimited) < (stable.capacityPerSecond ?? unlimited) ||
    (canary.places?.concurrency ?? unlimited) < (stable.places?.concurrency ?? unlimited) ||
    (canary.places?.queue ?? unlimited) < (stable.places?.queue ?? unlimited)
  )
}

function isWorse(answers: Answers, than: Answers): boolean {
  return answers.errorRatio > than.errorRatio || isSlower(answers.latency, than.latency)
}

/** As a leak is a fault before its first victim. */
function fillsSooner({ stable, canary }: Scenario['service']): boolean {
  const [growth, ofStable] = [canary.memory?.growthBytesPerMs ?? 0, stable.memory?.growthBytesPerMs ?? 0]
  return growth > ofStable || (canary.memory?.perRequestBytes ?? 0) > (stable.memory?.perRequestBytes ?? 0)
}

/** Its containers take all the memory that they may have when they start: the kernel kills them at once. */
export function startsFull({ memory }: VersionBehaviour, limitBytes = Number.POSITIVE_INFINITY): boolean {
  return memory !== undefined && memory.baseBytes >= Math.min(memory.limitBytes, limitBytes)
}

/** Log-normal laws are told apart by what they were given by; others can differ anywhere, so they are by more. */
function isSlower(latency: LatencyShape, than: LatencyShape): boolean {
  if ('p50Ms' in latency && 'p50Ms' in than) return latency.p50Ms > than.p50Ms || latency.p99Ms > than.p99Ms
  const [law, other] = [Latency.of(latency), Latency.of(than)]
  return [0.5, 0.9, 0.99, 0.999].some((ratio) => law.quantile(ratio) > other.quantile(ratio) * (1 + ROUNDING))
}

const ROUNDING = 1e-9
