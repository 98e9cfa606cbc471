// What every candidate is flown in: the scenario as it is written, and the same without anything wrong.
import { parseDocument } from 'yaml'
import { limits } from '../../scenario/limits.js'
import type { PlannedFlight } from '../check/planned.js'
import type { Recipe } from '../recipe.js'

/** What is asked of a policy in it. */
type Role =
  /** Something is wrong: users are harmed until it is stopped. */
  | 'fault'
  /** Nothing is: it should go through. */
  | 'healthy'
  /** Neither is looked at, but whether the budgets of the scenario hold. */
  | 'budgets'

export interface World {
  readonly id: string
  readonly title: string
  readonly role: Role
  /** Whether it is the scenario itself, which its budgets are about. */
  readonly isWritten: boolean
  /** With the policy as it is written. */
  readonly recipe: Recipe
}

/** Which faults count: those of the scenario, those of `check`, or both. */
export type FaultSet = 'scenario' | 'default' | 'both'

/** Those of `check`, for a policy in the world of the scenario. */
type DefaultFlights = () => Promise<readonly PlannedFlight[]>

/**
 * The faults that are wanted, and a healthy release; the scenario as it is written if it is one of them, or has budgets. A scenario in which
 * nothing is wrong takes the usual faults: without any, the best policy would be none.
 */
export async function worldsOf(
  recipe: Recipe,
  { wanted, hasBudgets }: { readonly wanted: FaultSet | undefined; readonly hasBudgets: boolean },
  defaults: DefaultFlights,
): Promise<readonly World[]> {
  const content = recipe.files.get(recipe.scenario)
  const twin = healthyTwin(content && 'text' in content ? content.text : '')
  const set = wanted ?? (twin === undefined ? 'default' : 'scenario')
  const others = set === 'scenario' ? [] : faultyOf(await defaults())
  const isFlown = set !== 'default' && twin !== undefined
  const role = twin === undefined ? 'healthy' : isFlown ? 'fault' : 'budgets'
  const written: World = { id: 'scenario', title: 'the scenario as it is written', role, isWritten: true, recipe }
  if (twin === undefined) return [written, ...others]
  const healthy = withScenario(recipe, twin)
  const isNeeded = isFlown || hasBudgets
  return [
    ...(isNeeded ? [written] : []),
    { id: 'healthy', title: 'nothing wrong', role: 'healthy', isWritten: false, recipe: healthy },
    ...others,
  ]
}

/** Those that a policy should stop. */
function faultyOf(flights: readonly PlannedFlight[]): readonly World[] {
  return flights
    .filter(({ fault }) => fault.wanted === 'stopped')
    .map(({ fault: { id, title }, recipe }) => ({ id, title, role: 'fault', isWritten: false, recipe }))
}

function withScenario(recipe: Recipe, text: string): Recipe {
  return { ...recipe, files: new Map([...recipe.files, [recipe.scenario, { text }]]) }
}

/**
 * Without faults, a canary that is as good as stable, and nobody who stops it at a time that was made up for the fault.
 * Undefined if it is that already.
 */
function healthyTwin(text: string): string | undefined {
  const document = parseDocument(text.slice(0, limits.scenarioBytes))
  const { faults, service, people } = document.toJS() as Fields
  const stoppers = (people ?? []).filter(stops)
  if ((faults ?? []).length === 0 && service?.canary === undefined) return undefined
  document.delete('faults')
  if (service?.canary !== undefined) document.deleteIn(['service', 'canary'])
  document.delete('budgets')
  if (stoppers.length > 0) document.set('people', document.createNode(people!.filter((person) => !stops(person))))
  return document.toString()
}

interface Fields {
  readonly faults?: readonly unknown[]
  readonly service?: { readonly canary?: unknown }
  readonly people?: readonly Person[]
}

interface Person {
  readonly at?: unknown
  readonly do?: string
}

function stops({ at, do: does }: Person): boolean {
  return at !== undefined && (does === 'abort' || does === 'undo')
}
