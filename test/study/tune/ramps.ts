// Simple ramps that people write down without a search, in place of the steps of a policy; and what is left of them beside
// policies that were tuned, in the same scenarios and in no more time.
import { nodeFiles } from '../../../src/cli/node-files.js'
import { nodeLogs } from '../../../src/cli/node-logs.js'
import { type Budget, parseBudget } from '../../../src/scenario/budget.js'
import { Problems } from '../../../src/scenario/problem.js'
import { conduct, type Job } from '../../../src/study/conduct.js'
import type { Crew } from '../../../src/study/crew.js'
import { planFrom, type Recipe } from '../../../src/study/recipe.js'
import { type Choices, keyOf } from '../../../src/study/tune/candidate.js'
import { clearlyLess, frontOf } from '../../../src/study/tune/front.js'
import { edited } from '../../../src/study/tune/patch.js'
import { prepareTuning } from '../../../src/study/tune/prepare.js'
import { type Size, scheduleFor } from '../../../src/study/tune/schedule.js'
import { type Score, scoreOf } from '../../../src/study/tune/score.js'
import { recipesOf, search } from '../../../src/study/tune/search.js'
import type { Space } from '../../../src/study/tune/space.js'

/** A weight, and how long it holds. */
type Step = readonly [weightPercent: number, seconds: number]

export interface Ramp {
  readonly name: string
  readonly steps: readonly Step[]
}

/** For a policy whose pauses take so long together. */
export function simpleRamps(seconds: number): readonly Ramp[] {
  const weights = [5, 10, 25, 50]
  const share = weights.reduce((sum, weight) => sum + 1 / weight, 0)
  const powered = weights.map((weight): Step => [weight, Math.round(seconds / weight / share)])
  return [
    {
      name: 'time: four equal steps',
      steps: [20, 40, 60, 80].map((weight): Step => [weight, Math.round(seconds / 4)]),
    },
    // As many requests of the canary in each step.
    { name: 'power: equal samples', steps: powered },
    // argo-rollouts.readthedocs.io/en/stable/getting-started: docs/getting-started/basic/rollout.yaml of argo-rollouts,
    // whose first pause, which waits for a person, is as long as the others here.
    { name: 'Argo: getting started', steps: [20, 40, 60, 80].map((weight): Step => [weight, 10]) },
    // docs.flagger.app/usage/how-it-works, its first example: interval 1m, stepWeight 5, maxWeight 50.
    { name: 'Flagger: how it works', steps: [5, 10, 15, 20, 25, 30, 35, 40, 45, 50].map(minute) },
    // docs.flagger.app/tutorials/istio-progressive-delivery: interval 1m, stepWeight 10, maxWeight 50.
    { name: 'Flagger: Istio tutorial', steps: [10, 20, 30, 40, 50].map(minute) },
  ]
}

function minute(weightPercent: number): Step {
  return [weightPercent, 60]
}

export interface Compared {
  readonly scenario: string
  readonly ramp: string
  readonly simple: Score
  /** The least harm in no more time, without more false aborts than one in a hundred; undefined where none was found. */
  readonly tuned: Score | undefined
}

export interface Bench {
  readonly crew: Crew
  readonly size: Size
  /** Of the flights that are compared: under other seeds than those that the search has chosen by. */
  readonly runs: number
}

export async function compareRamps(path: string, { crew, size, runs }: Bench): Promise<readonly Compared[]> {
  const problems = new Problems()
  const wanted = { scenario: path, harm: 'mean', budgets: [], keepsBudgets: false } as const
  const prepared = await prepareTuning(wanted, nodeFiles, nodeLogs, problems)
  problems.throwIfAny()
  const { space, measure, seed, name } = prepared!
  const fly = (jobs: readonly Job[]) => conduct(jobs, crew)
  const scoresOf = async (arms: readonly (readonly Recipe[])[]) => {
    const jobs = arms.map((recipes) => ({ task: { arms: recipes }, seed: seed + 1_000_000, runs }))
    return (await fly(jobs)).map(({ arms: tallies }) => scoreOf(measure, tallies))
  }
  const ramps = simpleRamps(pausedSeconds(space))
  const simple = await scoresOf(ramps.map((ramp) => withRamp(space, measure.worlds, ramp)))
  const found = new Map<string, Point>()
  // Which of its changes make no difference is no question here.
  const whole = scheduleFor(size)
  const rungs = whole.slice(
    0,
    whole.findIndex(({ kind }) => kind === 'revert'),
  )
  for (const score of simple) {
    const inTime = { ...measure, healthyBudgets: budgetsOf(score) }
    const progress = await search({ space, measure: inTime, seed, rungs, fly })
    const front = frontOf(progress.pool.filter((point) => isAllowed(point.score, score)))
    for (const point of leastHarmFirst(front).slice(0, mostCompared)) found.set(keyOf(point.choices), point)
  }
  const points = leastHarmFirst([...found.values()])
  const unseen = await scoresOf(points.map(({ choices }) => recipesOf({ space, measure }, choices)))
  return ramps.map((ramp, index) => {
    const score = simple[index]!
    // The search has chosen, not these flights: of what harms least by its own figures the first that is no slower.
    return { scenario: name, ramp: ramp.name, simple: score, tuned: unseen.find((tuned) => isAllowed(tuned, score)) }
  })
}

/** Of each search: what is just in time under some seeds, isn't under others. */
const mostCompared = 3

/** What is beaten, is beaten in no more time, with as few false aborts, or one in a hundred. */
function budgetsOf(simple: Score): readonly Budget[] {
  const { value } = simple.durationMs
  const texts = [
    ...(Number.isFinite(value) ? [`duration.p50 <= ${Math.ceil(value)}ms`] : []),
    `false_abort <= ${100 * mostFalseAborts(simple)}%`,
  ]
  return texts.map((text) => {
    const parsed = parseBudget(text)
    if (!parsed.ok) throw new RangeError(parsed.message)
    return parsed.value
  })
}

function isAllowed({ durationMs, falseAborts }: Score, simple: Score): boolean {
  return durationMs.value <= simple.durationMs.value && falseAborts.value <= mostFalseAborts(simple)
}

function mostFalseAborts({ falseAborts }: Score): number {
  return Math.max(0.01, falseAborts.value)
}

interface Point {
  readonly choices: Choices
  readonly score: Score
}

function leastHarmFirst(points: readonly Point[]): readonly Point[] {
  return [...points].sort((one, other) => one.score.harm.value - other.score.harm.value)
}

function pausedSeconds({ knobs }: Space): number {
  const pauses = knobs.filter(({ kind }) => kind === 'pauses')
  return pauses.reduce((sum, { values, current }) => sum + values[current]!, 0)
}

/** With the analysis of the first step, if it has one, after each of them. */
function withRamp(space: Space, worlds: readonly { readonly recipe: Recipe }[], { steps }: Ramp): readonly Recipe[] {
  const { items, file } = space.ramp!.layout!
  const { text } = space.sources.get(file)!
  const analysis = space.ramp!.steps.findIndex((step) => 'analysis' in step)
  const inline = analysis < 0 ? [] : [text.slice(items[analysis]!.start, items[analysis]!.end).replace(/&\w+/, '')]
  const indent = ' '.repeat(items[0]!.start - text.lastIndexOf('\n', items[0]!.start) - 3)
  const written = steps.flatMap(([weight, seconds]) => [
    `setWeight: ${weight}`,
    `pause: {duration: ${seconds}s}`,
    ...inline,
  ])
  const span = { file, start: items[0]!.start, end: items.at(-1)!.end }
  const patched = edited(text, [{ ...span, text: written.join(`\n${indent}- `) }])
  const recipes = worlds.map(({ recipe }) => ({
    ...recipe,
    files: new Map([...recipe.files, [file, { text: patched }]]),
  }))
  planFrom(recipes[0]!)
  return recipes
}

export function rampsText(rows: readonly Compared[]): string {
  const cells = rows.map(({ scenario, ramp, simple, tuned }) => [
    scenario,
    ramp,
    ...told(simple),
    ...(tuned ? told(tuned) : ['none', '', '']),
    tuned ? `${(simple.harm.value / Math.max(tuned.harm.value, 0.01)).toFixed(1)} times` : '',
    tuned ? outcome(tuned, simple) : '',
  ])
  const figures = ['users harmed', 'healthy', 'false aborts']
  const titles = ['scenario', 'ramp', ...figures, `tuned: ${figures[0]}`, ...figures.slice(1), 'less harm', '']
  const lines = [titles, titles.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`)
  return lines.join('\n')
}

function outcome({ harm }: Score, simple: Score): string {
  if (clearlyLess(harm, simple.harm)) return 'beaten'
  return clearlyLess(simple.harm, harm) ? 'not beaten' : 'no difference'
}

function told({ harm, durationMs, falseAborts }: Score): readonly string[] {
  const reach = harm.high === null ? '' : ` ± ${(harm.high - harm.value).toFixed(1)}`
  const duration = Number.isFinite(durationMs.value) ? `${(durationMs.value / 60_000).toFixed(1)} min` : 'never'
  return [`${harm.value.toFixed(1)}${reach}`, duration, `${(falseAborts.value * 100).toFixed(1)} %`]
}
