// The faults in the answers of a flight that follow from it: from a pod, the promotion, a load, both versions at once, what was spoiled.
import type { Course } from '../../world/course.js'
import type { RequestFault } from '../../world/service.js'
import type { Plan } from '../plan.js'
import { canary, stable } from '../stacks.js'
import type { Trouble } from '../trouble.js'
import { Delayed } from './delayed.js'
import { Overload } from './overload.js'
import { Poison } from './poison.js'
import { Skew } from './skew.js'
import { type Latent, Sized, type Stage } from './stage.js'

export class LatentFaults {
  /** What has gone wrong by them so far. */
  readonly troubles: Trouble[] = []
  private readonly faults: readonly { readonly fault: RequestFault; readonly latent: Latent }[]

  constructor(
    private readonly plan: Plan,
    private readonly stage: Omit<Stage, 'trouble' | 'relief'>,
  ) {
    const { faults } = plan.service
    this.faults = faults.flatMap((fault, place) =>
      fault.isLatent ? [{ fault, latent: this.latentOf(fault, place) }] : [],
    )
  }

  /** The flight begins, and with it all that waits for nothing but the release. */
  begin(): void {
    for (const { fault, latent } of this.faults) if (fault.onsetMs < Number.POSITIVE_INFINITY) latent.begin(fault)
  }

  /** What a fault, by its place in the scenario, has waited for has come. */
  began(index: number, course: Course): void {
    for (const { fault, latent } of this.faults) if (fault.index === index) latent.begin(course)
  }

  /** Told of every pod of the canary that starts; what the first one has changed, the next ones leave as it is. */
  canaryStarted(): void {
    for (const { latent } of this.faults) latent.migrated?.()
  }

  resplit(): void {
    for (const { latent } of this.faults) latent.resplit?.()
  }

  private latentOf(fault: RequestFault, place: number): Latent {
    const { effect, on } = this.plan.scenario.faults[fault.index]!
    const stage = this.stageOf(fault)
    const sized = new Sized(fault, place, stage)
    if (effect.kind === 'poison') {
      return new Poison(sized, effect, fault.causes, on.version === 'stable' ? 0 : canary, stage)
    }
    if (effect.kind === 'skew') return new Skew(sized, effect.while, stage)
    if ('abovePerSecond' in effect) return new Overload(sized, effect.abovePerSecond, stage)
    return new Delayed(place, stage)
  }

  /** Each fault has troubles of its own. */
  private stageOf(fault: RequestFault): Stage {
    const open = new Map<number, Ending>()
    const { loop } = this.stage
    return {
      ...this.stage,
      trouble: (version) => {
        if (version > canary || open.has(version)) return
        const times = { onsetMs: loop.now, endMs: Number.POSITIVE_INFINITY }
        const trouble = { version, ...times, concernsPods: false, isShared: isShared(fault) }
        open.set(version, trouble)
        this.troubles.push(trouble)
      },
      relief: (version) => {
        const trouble = open.get(version)
        if (trouble) trouble.endMs = loop.now
        open.delete(version)
      },
    }
  }
}

type Ending = { -readonly [Key in keyof Trouble]: Trouble[Key] }

/** What the release has brought strikes whom it may: it is the canary's doing. */
function isShared({ isOfRelease, versions }: RequestFault): boolean {
  return !isOfRelease && versions.includes(stable) && versions.includes(canary)
}
