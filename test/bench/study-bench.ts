// Measures how much faster two workers fly a study than one does, by turns; workers have begun and know the plan before.
import { nodeFiles } from '../../src/cli/node-files.js'
import { nodeLogs } from '../../src/cli/node-logs.js'
import { Problems } from '../../src/scenario/problem.js'
import { conduct, type Job } from '../../src/study/conduct.js'
import { type Crew, Workers } from '../../src/study/crew.js'
import { readRecipe } from '../../src/study/recipe.js'

export interface StudyBenchResult {
  readonly studyRunsPerSecond: Readonly<Record<1 | 2, number>>
  /** Of two workers: 1 where they are twice as fast as one. */
  readonly workerEfficiency: number
}

const scenario = 'scenarios/caught-by-background-analysis.yaml'

export async function studyBench({ runs, rounds }: { runs: number; rounds: number }): Promise<StudyBenchResult> {
  const problems = new Problems()
  const { recipe } = await readRecipe({ scenario }, nodeFiles, nodeLogs, problems)
  problems.throwIfAny()
  const job: Job = { task: { arms: [recipe] }, seed: 1, runs }
  const crews = { 1: new Workers(1), 2: new Workers(2) }
  const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] }
  for (const size of [1, 2] as const) await secondsOf(job, crews[size])
  for (let round = 0; round < rounds; round++) {
    for (const size of [1, 2] as const) seconds[size].push(await secondsOf(job, crews[size]))
  }
  await Promise.all([crews[1].end(), crews[2].end()])
  const [one, two] = [Math.min(...seconds[1]), Math.min(...seconds[2])]
  return { studyRunsPerSecond: { 1: runs / one, 2: runs / two }, workerEfficiency: one / two / 2 }
}

async function secondsOf(job: Job, crew: Crew): Promise<number> {
  const startMs = performance.now()
  await conduct([job], crew)
  return (performance.now() - startMs) / 1000
}
