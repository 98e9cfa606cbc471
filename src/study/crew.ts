// Pilots that fly side by side: one in the program itself, or as many workers as somebody wants.
import { setImmediate as immediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { FailedFlight } from './failed-flight.js'
import { type Flown, Pilot, type Seeds, type Task } from './pilot.js'
import type { LuckFlown, LuckTask } from './rare/luck-task.js'
import type { Answer, Order } from './worker.js'

export interface Crew {
  /** How many it flies at once; there may be more of them from one flight to the next. */
  readonly size: number
  fly(task: Task, seeds: Seeds): Promise<Flown>
  end(): Promise<void>
}

export interface LuckyCrew {
  readonly size: number
  tryLuck(task: LuckTask, seeds: Seeds): Promise<LuckFlown>
}

/** In between whatever else the program does, such as listening to Ctrl-C. */
export class OwnPilot implements Crew, LuckyCrew {
  readonly size = 1
  private readonly pilot = new Pilot()

  async fly(task: Task, seeds: Seeds): Promise<Flown> {
    await immediate()
    return this.pilot.fly(task, seeds)
  }

  async tryLuck(task: LuckTask, seeds: Seeds): Promise<LuckFlown> {
    await immediate()
    return this.pilot.tryLuck(task, seeds)
  }

  async end(): Promise<void> {}
}

/** Threads of their own, begun when there is work for them. */
export class Workers implements Crew, LuckyCrew {
  private readonly all: Hand[] = []
  private readonly idle: Hand[] = []
  private readonly waiting: ((hand: Hand) => void)[] = []

  constructor(readonly size: number) {}

  async fly(task: Task, seeds: Seeds): Promise<Flown> {
    const { flown } = (await this.ask(task, seeds)) as { flown: Flown }
    return flown
  }

  async tryLuck(task: LuckTask, seeds: Seeds): Promise<LuckFlown> {
    const { luck } = (await this.ask(task, seeds)) as { luck: LuckFlown }
    return luck
  }

  async end(): Promise<void> {
    await Promise.all(this.all.map((hand) => hand.worker.terminate()))
  }

  private async ask(task: Task | LuckTask, seeds: Seeds): Promise<Answer> {
    const hand = this.idle.pop() ?? this.another() ?? (await new Promise<Hand>((free) => this.waiting.push(free)))
    const answer = await hand.ask(task, seeds)
    const next = this.waiting.shift()
    if (next) next(hand)
    else this.idle.push(hand)
    if (!('failed' in answer)) return answer
    const { recipe, seed, error } = answer.failed
    throw new FailedFlight(recipe, seed, error)
  }

  private another(): Hand | undefined {
    if (this.all.length === this.size) return undefined
    const hand = new Hand()
    this.all.push(hand)
    return hand
  }
}

/** Workers, if there is more to fly than is flown by the time that they have begun: the first orders show how long it takes. */
export class Elastic implements Crew {
  private readonly workers: Workers
  private chosen: Crew = new OwnPilot()
  private flown = 0

  constructor(
    mostWorkers: number,
    /** How many orders it is going to get, about. */
    private readonly orders: number,
  ) {
    this.workers = new Workers(mostWorkers)
  }

  get size(): number {
    return this.chosen.size
  }

  async fly(task: Task, seeds: Seeds): Promise<Flown> {
    const start = process.cpuUsage()
    const flown = await this.chosen.fly(task, seeds)
    if (++this.flown === trialOrders) {
      const { user, system } = process.cpuUsage(start)
      const restMs = ((user + system) / 1000) * (this.orders - trialOrders)
      if (this.workers.size > 1 && restMs > worthWorkersMs) this.chosen = this.workers
    }
    return flown
  }

  end(): Promise<void> {
    return this.workers.end()
  }
}

/** The first is flown by code that is not compiled yet, and takes several times as long as those that follow. */
const trialOrders = 2

/**
 * Of processor time, which is much the same however busy the machine is. A worker takes more than a second of it until it
 * flies and its code is compiled; and what is left to fly takes less than the trial makes believe, as more and more of the
 * code that flies it is compiled.
 */
const worthWorkersMs = 10_000

/** One worker, and what it has been told. */
class Hand {
  readonly worker = new Worker(new URL('./worker.js', import.meta.url))
  private readonly told = new Map<Task | LuckTask, number>()

  ask(task: Task | LuckTask, seeds: Seeds): Promise<Answer> {
    const { worker, told } = this
    const known = told.get(task)
    const id = known ?? told.size
    told.set(task, id)
    const order: Order = { id, ...(known === undefined ? { task } : {}), seeds }
    return new Promise((resolve, reject) => {
      const settled = () => {
        worker.off('message', answered)
        worker.off('error', reject)
      }
      const answered = (answer: Answer) => {
        settled()
        resolve(answer)
      }
      worker.on('message', answered)
      worker.on('error', reject)
      worker.postMessage(order)
    })
  }
}
