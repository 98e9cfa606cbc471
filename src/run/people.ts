// Acts on the rollout as the people of a scenario do, at their times and on what they see.
import type { Loop } from '../kernel/loop.js'
import type { ArgoRollouts } from '../policy/argo/controller.js'
import * as verbs from '../policy/argo/verbs.js'
import type { Command, Page, Person } from '../scenario/people.js'

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
  /** By person: how often the alerts that page them have begun to fire or ceased; odd while they do. */
  private readonly pages: Int32Array
  private readonly act: number

  constructor(
    private readonly people: readonly Person[],
    private readonly loop: Loop,
    private readonly controller: ArgoRollouts,
    private readonly isFiring: (page: Page) => boolean,
    private readonly tell: (command: string) => void,
    /** Now, or as soon as it can be done. */
    private readonly write: (act: () => void) => void,
  ) {
    this.pages = new Int32Array(people.length)
    this.act = loop.handler((index, stay) => {
      const { does, replicas = 0, trigger } = this.people[index]!
      const current = 'alert' in trigger ? this.pages[index]! : this.stay
      if (stay !== anyStay && stay !== current) return
      this.write(() => {
        this.tell(does === 'scale' ? `scale --replicas=${replicas}` : does)
        if (does === 'scale') controller.scale(replicas)
        else commands[does](controller)
      })
    })
  }

  /** From here on people watch; the phase there is now is nothing new, nor are the alerts that fire. */
  released(): void {
    this.phase = this.controller.rollout.status.phase
    for (const [index, { trigger }] of this.people.entries()) {
      if ('alert' in trigger) this.pages[index] = this.isFiring(trigger) ? 1 : 0
      else if ('atMs' in trigger) this.loop.at(this.loop.now + trigger.atMs, peoplePriority, this.act, index, anyStay)
    }
  }

  /** Alerts have begun to fire, or ceased. Whoever gets to it when none does any more has nothing to do. */
  alerted(): void {
    if (this.phase === '') return
    for (const [index, { trigger }] of this.people.entries()) {
      if (!('alert' in trigger)) continue
      const wasFiring = this.pages[index]! % 2 === 1
      const fires = this.isFiring(trigger)
      if (fires === wasFiring) continue
      this.pages[index]!++
      if (!fires) continue
      const atMs = this.loop.now + Math.max(reactionMs, trigger.afterMs)
      this.loop.at(atMs, peoplePriority, this.act, index, this.pages[index]!)
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
