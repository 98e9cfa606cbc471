// Acts on the rollout as the people of a scenario do, at their times and on what they see.
import type { Loop } from '../kernel/loop.js'
import type { ArgoRollouts } from '../policy/argo/controller.js'
import * as verbs from '../policy/argo/verbs.js'
import type { Command, Person } from '../scenario/people.js'

const commands: Readonly<Record<Exclude<Command, 'scale'>, verbs.Verb>> = {
  promote: verbs.promote,
  'promote-full': verbs.promoteFull,
  abort: verbs.abort,
  retry: verbs.retry,
  undo: verbs.undo,
  pause: verbs.pause,
  restart: verbs.restart,
}

/** Nobody sees and acts faster: people who answer each other's commands would leave the clock no time otherwise. */
const reactionMs = 1000

/** People look after the controllers of the same instant have acted. */
const peoplePriority = 25

export class People {
  private phase = ''
  /** Counts the phases that the rollout has been in: whoever waited in an earlier one has nothing to do any more. */
  private stay = 0
  private readonly act: number

  constructor(
    private readonly people: readonly Person[],
    private readonly loop: Loop,
    private readonly controller: ArgoRollouts,
    private readonly tell: (command: string) => void,
  ) {
    this.act = loop.handler((index, stay) => {
      if (stay !== anyStay && stay !== this.stay) return
      const { does, replicas = 0 } = this.people[index]!
      this.tell(does === 'scale' ? `scale --replicas=${replicas}` : does)
      if (does === 'scale') controller.scale(replicas)
      else commands[does](controller)
    })
  }

  /** From here on people watch; the phase there is now is nothing new. */
  released(): void {
    this.phase = this.controller.rollout.status.phase
    for (const [index, { trigger }] of this.people.entries()) {
      if ('atMs' in trigger) this.loop.at(this.loop.now + trigger.atMs, peoplePriority, this.act, index, anyStay)
    }
  }

  /** The rollout was written. */
  look(): void {
    const { phase } = this.controller.rollout.status
    if (this.phase === '' || phase === this.phase) return
    this.phase = phase
    this.stay++
    for (const [index, { trigger }] of this.people.entries()) {
      if (!('phase' in trigger) || trigger.phase !== phase.toLowerCase()) continue
      this.loop.at(this.loop.now + Math.max(reactionMs, trigger.afterMs), peoplePriority, this.act, index, this.stay)
    }
  }
}

const anyStay = -1
