// Flies a scenario at either fidelity and says in numbers what came of it.
import { prepare } from '../../../src/run/plan.js'
import { Simulation } from '../../../src/run/simulation.js'
import { type Logs, withLog } from '../../../src/scenario/access-log/replay.js'
import type { Fidelity } from '../../../src/scenario/fidelity.js'
import type { Files } from '../../../src/scenario/files.js'
import { readManifests, readScenario } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'
import type { Cells } from '../../../src/world/cells.js'
import { TIMEOUT } from '../../../src/world/codes.js'
import type { Written } from './scenarios.js'

/** What one flight comes to; undefined where something didn't happen. */
export type Numbers = Readonly<Record<string, number | undefined>>

/** So that quantiles can be read off every flight, whatever its policy looks at. */
const boundsMs = [
  10, 20, 30, 45, 60, 80, 100, 130, 160, 200, 250, 320, 400, 500, 650, 800, 1000, 1300, 1700, 2200, 3000, 4500, 7000,
  10_000, 15_000,
]

export async function simulationOf(written: Written, fidelity: Fidelity): Promise<Simulation> {
  const texts: Readonly<Record<string, string>> = { 'scenario.yaml': written.scenario, 'policy.yaml': written.policy }
  const files: Files = { read: (path) => ({ text: texts[path] ?? '' }) }
  const problems = new Problems()
  const read = readScenario('scenario.yaml', files, problems)
  const file = read && (await withLog(read, logsOf(written.log), problems))
  const plan = prepare('random', file, readManifests(['policy.yaml'], files, problems), problems, { fidelity })
  if (!plan || problems.errorCount > 0) throw new Error(JSON.stringify(problems.sorted(), undefined, 1))
  const latencyBoundsMs = [...new Set([...boundsMs, ...(plan.flow.latencyBoundsMs ?? [])])].sort((a, b) => a - b)
  return new Simulation({ ...plan, flow: { ...plan.flow, latencyBoundsMs } })
}

export function fly(simulation: Simulation, seed: number): Numbers {
  const { verdict, detectionMs, timeToSafeMs, blastRadius, times } = simulation.fly(seed)
  const { requests, users } = blastRadius
  const { cells } = simulation.flow
  const lateCode = simulation.plan.service.codes.indexOf(TIMEOUT)
  const either = classesOf(cells, [0, 1], lateCode)
  const canary = classesOf(cells, [1], lateCode)
  return {
    requests: requests.total,
    failed: requests.failed,
    'canary requests': simulation.flow.finish(times.endMs).canaryRequests,
    exposed: requests.exposed,
    excess: requests.excess,
    'users exposed': users.exposed,
    'users harmed': users.harmed,
    'user minutes': blastRadius.userMinutes,
    'peak weight': blastRadius.peakWeightPercent,
    p50: quantile(cells, either, 0.5),
    p90: quantile(cells, either, 0.9),
    p99: quantile(cells, either, 0.99),
    'p90 of the canary': quantile(cells, canary, 0.9),
    aborted: Number(verdict === 'aborted'),
    promoted: Number(verdict === 'promoted'),
    detected: Number(detectionMs !== null),
    detection: detectionMs ?? undefined,
    'time to safe': timeToSafeMs ?? undefined,
    'first exposed': times.firstExposedMs ?? undefined,
    'first observable': times.firstObservableMs ?? undefined,
    'first failed check': times.firstFailedCheckMs ?? undefined,
  }
}

function logsOf(log: string | undefined): Logs {
  async function* chunks() {
    yield new TextEncoder().encode(log)
  }
  return { open: () => Promise.resolve({ chunks: chunks() }) }
}

/** Answers by latency class, without those that clients have given up on: who has yet to is told when somebody looks. */
function classesOf(cells: Cells, versions: readonly number[], lateCode: number): Float64Array {
  const classes = new Float64Array(cells.classes)
  for (const cell of versions.flatMap((version) => cells.cellsOf(version))) {
    for (let code = 0; code < cells.codes; code++) {
      if (code === lateCode) continue
      for (let each = 0; each < cells.classes; each++) classes[each]! += cells.counts[cells.index(cell, code, each)]!
    }
  }
  return classes
}

/** As Prometheus reads it off buckets; undefined of too few answers. */
function quantile({ boundsMs }: Cells, classes: Float64Array, ratio: number): number | undefined {
  const total = sumOf(classes)
  if (total < 1000) return undefined
  let left = ratio * total
  for (const [at, answers] of classes.entries()) {
    const fromMs = boundsMs[at - 1] ?? 0
    if (left <= answers) return fromMs + ((boundsMs[at] ?? fromMs) - fromMs) * (left / answers)
    left -= answers
  }
  return boundsMs.at(-1)
}

const sumOf = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0)
