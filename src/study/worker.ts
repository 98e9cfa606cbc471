// A pilot in a thread of its own: takes orders, answers with what came of them.
import { parentPort } from 'node:worker_threads'
import { FailedFlight } from './failed-flight.js'
import { type Flown, Pilot, type Seeds, type Task } from './pilot.js'
import type { LuckFlown, LuckTask } from './rare/luck-task.js'
import type { Recipe } from './recipe.js'

export interface Order {
  readonly id: number
  /** Only the first time. */
  readonly task?: Task | LuckTask
  readonly seeds: Seeds
}

export type Answer = { readonly flown: Flown } | { readonly luck: LuckFlown } | { readonly failed: Failure }

interface Failure {
  readonly recipe: Pick<Recipe, 'scenario' | 'policy'>
  readonly seed: number
  readonly error: unknown
}

const pilot = new Pilot()
const tasks = new Map<number, Task | LuckTask>()

parentPort!.on('message', (order: Order) => parentPort!.postMessage(answerTo(order)))

function answerTo({ id, task, seeds }: Order): Answer {
  if (task) tasks.set(id, task)
  try {
    const known = tasks.get(id)!
    return 'arms' in known ? { flown: pilot.fly(known, seeds) } : { luck: pilot.tryLuck(known, seeds) }
  } catch (error) {
    if (!(error instanceof FailedFlight)) throw error
    const { recipe, seed, cause } = error
    return { failed: { recipe: { scenario: recipe.scenario, policy: recipe.policy }, seed, error: cause } }
  }
}
