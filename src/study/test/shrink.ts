// Makes a scenario smaller while one of its runs still breaks the same budget in the same way.
import { isAbsolute, relative } from 'node:path'
import { isScalar, parseDocument, visit } from 'yaml'
import type { Outcome } from '../../run/record.js'
import { Simulation } from '../../run/simulation.js'
import { type Budget, parseBudget } from '../../scenario/budget.js'
import { directoryOf, pathFrom } from '../../scenario/files.js'
import { ProblemError } from '../../scenario/problem.js'
import { judge } from '../judgement.js'
import { planFrom, type Recipe } from '../recipe.js'
import { Tally } from '../tally.js'
import type { ScenarioReport } from './report.js'
import { smallest } from './smaller.js'
import type { Testable } from './test.js'
import { withTrueComments } from './true-comments.js'

/** A second or two. */
const mostFlights = 500

export interface Shrunk {
  /** As it reads where it was asked for: paths in it begin there. */
  readonly text: string
  readonly budget: string
  readonly seed: number
  readonly flights: number
}

/** The first budget that fails by a run that one can look at, and the worst of these; undefined where there is none. */
export function worstOf({ budgets }: ScenarioReport): { readonly budget: Budget; readonly seed: number } | undefined {
  const failed = budgets.find(({ answer, worst }) => answer === 'fails' && worst.length > 0)
  const parsed = failed && parseBudget(failed.budget)
  return parsed?.ok ? { budget: parsed.value, seed: failed!.worst[0]!.seed } : undefined
}

/** `directory` is where it will be read. Undefined where that run alone doesn't break the budget. */
export function shrink(testable: Testable, budget: Budget, seed: number, directory: string): Shrunk | undefined {
  const { recipe, log } = testable
  let flights = 0
  const fly = (text: string): Outcome | undefined => {
    if (flights >= mostFlights) return undefined
    const plan = planOf(recipe, text)
    if (plan === undefined) return undefined
    flights++
    return new Simulation(plan).fly(seed)
  }
  const start = withOneBudget(textOf(recipe), budget)
  const worst = fly(start)
  if (worst === undefined || !breaks(budget, worst, seed)) return undefined
  const found = smallest(start, (text) => {
    const outcome = fly(text)
    return outcome !== undefined && isLike(worst, outcome) && breaks(budget, outcome, seed)
  })
  const own = withTrueComments(textOf(recipe), retold(found, testable.name, budget, seed))
  const known = new Set([...recipe.files.keys(), ...(log === undefined ? [] : [log])])
  return { text: withPathsFrom(directory, own, recipe.scenario, known), budget: budget.text, seed, flights }
}

function textOf({ scenario, files }: Recipe): string {
  const content = files.get(scenario)!
  if (!('text' in content)) throw new RangeError(`${scenario} was never read`)
  return content.text
}

/** Undefined for what is no scenario. */
function planOf(recipe: Recipe, text: string) {
  const files = new Map([...recipe.files, [recipe.scenario, { text }]])
  try {
    return planFrom({ ...recipe, files })
  } catch (error) {
    if (error instanceof ProblemError) return undefined
    throw error
  }
}

function breaks(budget: Budget, outcome: Outcome, seed: number): boolean {
  const tally = new Tally()
  tally.add(seed, outcome)
  const [judgement] = judge([budget], tally)
  return judgement!.measured !== null && !judgement!.isMet
}

/** A release with nothing wrong that is promoted isn't a small one with something wrong that is. */
function isLike(one: Outcome, other: Outcome): boolean {
  const kind = ({ verdict, missed, falseAbort, times, detectionMs }: Outcome) =>
    JSON.stringify([verdict, missed, falseAbort, times.onsetMs === null, detectionMs === null])
  return kind(one) === kind(other)
}

function withOneBudget(text: string, { text: budget }: Budget): string {
  const document = parseDocument(text)
  document.setIn(['budgets'], document.createNode([budget], { flow: true }))
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** What the whole teaches, what is left of it may not. */
function retold(text: string, name: string, { text: budget }: Budget, seed: number): string {
  const document = parseDocument(text)
  document.set('teaches', `What is left of ${name} where seed ${seed} breaks ${budget}.`)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** What is written as a path of something that was read is written as it is seen from another folder. */
function withPathsFrom(directory: string, text: string, scenario: string, known: ReadonlySet<string>): string {
  if (directoryOf(scenario) === directory) return text
  const document = parseDocument(text)
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || !isScalar(node) || typeof node.value !== 'string' || isAbsolute(node.value)) return
      const path = pathFrom(scenario, node.value)
      if (known.has(path)) node.value = relative(directory, path).replaceAll('\\', '/') || '.'
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
