// When something is wrong on the way from exporters to those who ask: as the scenario's scrapes and its faults say.
import type { MetricsTrouble, ObserverEffect } from '../scenario/faults.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Span, TargetKind } from '../scenario/scrape.js'
import { strikesOf } from '../world/course.js'
import { concernsObservers, type Fault } from '../world/fault.js'
import type { PipelineTrouble, Spell } from './pipeline.js'
import { canary, type Stack, stable } from './stacks.js'

export function spellsOf(
  { releaseAtMs, observability: { scrape } }: Scenario,
  faults: readonly Fault[],
  stacks: readonly Stack[],
): readonly Spell[] {
  const during = ({ atMs, forMs }: Span, trouble: PipelineTrouble): Spell => {
    const fromMs = releaseAtMs + atMs
    return { trouble, fromMs, untilMs: fromMs + forMs }
  }
  return [
    ...scrape.gaps.map((gap) => during(gap, { what: 'prometheus-down' })),
    ...scrape.down.map((down) => during(down, { what: 'down', of: down.of })),
    ...faults.filter(concernsObservers).flatMap((fault) => spellsOfFault(fault, stacks)),
  ]
}

/** What waits for something is known of before, without its time. */
export function spellsOfFault(fault: Fault<ObserverEffect>, stacks: readonly Stack[]): readonly Spell[] {
  const times = fault.onsetMs < Number.POSITIVE_INFINITY ? strikesOf(fault) : [fault]
  return troublesIn(fault, stacks).flatMap((trouble) =>
    times.map(({ onsetMs, endMs }) => ({ trouble, fromMs: onsetMs, untilMs: endMs })),
  )
}

function troublesIn({ effect, versions }: Fault<ObserverEffect>, stacks: readonly Stack[]): readonly PipelineTrouble[] {
  if (effect.kind === 'prometheus') return [{ what: 'prometheus-down' }]
  if (effect.kind !== 'metrics') return []
  const struck = new Set(versions.map((stack) => stacks[stack]!.version))
  const { how, delayMs } = effect
  return targetsOf(how, struck.has(stable), struck.has(canary)).map((of) =>
    how === 'delayed' ? { what: how, of, delayMs } : { what: how, of },
  )
}

/** No version at all is the gateway. That tells of both in one answer, which comes late as a whole. */
function targetsOf(how: MetricsTrouble, isStable: boolean, isCanary: boolean): readonly TargetKind[] {
  if (!isStable && !isCanary) return ['gateway']
  const both = isStable && isCanary && how === 'delayed'
  return [
    ...(isStable ? ['stable' as const] : []),
    ...(isCanary ? ['canary' as const] : []),
    ...(both ? ['gateway' as const] : []),
  ]
}
