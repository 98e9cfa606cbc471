// `npm run bench`: how fast flights are, where their time goes, how fast anything drawing the same numbers could be, with
// requests as a flow, one by one, and queueing (with --simpy also in SimPy); how long analysis queries take, and a check.
// With --check only that. With --memory only how much memory is in use along a billion requests in flow, and a hundred
// million one by one. With --tune only how tuned policies do beside simple ramps, in all of these scenarios or in those
// that are named behind it.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Workers } from '../../src/study/crew.js'
import { type Compared, compareRamps, rampsText } from '../study/tune/ramps.js'
import { bench } from './bench.js'
import { type CheckBenchResult, checkBench } from './check-bench.js'
import { type MemoryBenchResult, memoryBench } from './memory-bench.js'
import { queryBench } from './query-bench.js'
import { queueingBench, SERVERS, UTILISATION } from './queueing-bench.js'
import { requestBench } from './request-bench.js'
import { simpyBench } from './simpy/simpy.js'
import { studyBench } from './study-bench.js'

/**
 * Those whose policies ramp up by themselves, and in which something is wrong that hurts somebody and that a policy could
 * catch: of those in scenarios/faults a few of each kind.
 */
const tuned = [
  'caught-by-background-analysis',
  'window-longer-than-pause',
  'three-replicas',
  'late-metrics',
  'good-release',
  'workload-ref',
  'silent-canary',
  'faults/hang',
  'faults/latency-added',
  'faults/latency-multiplied',
  'faults/errors-by-status',
  'faults/flapping',
  'faults/one-route',
  'faults/one-zone',
  'faults/version-skew',
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    tiny: { type: 'boolean' },
    simpy: { type: 'boolean' },
    check: { type: 'boolean' },
    memory: { type: 'boolean' },
    tune: { type: 'boolean' },
  },
})
const sizeOfCheck = values.tiny ? { rounds: 1, runs: 1, policies: tuned.slice(0, 1) } : { rounds: 5 }
if (values.memory) tellMemory()
else if (values.check) tellCheck()
else if (values.tune) await tellRamps()
else await tellSpeed()

async function tellRamps(): Promise<void> {
  const crew = new Workers(availableParallelism())
  const size = values.tiny ? { candidates: 2, runs: 10 } : { candidates: 32, runs: 200 }
  const rows: Compared[] = []
  const names = positionals.length > 0 ? positionals : tuned
  for (const name of values.tiny ? names.slice(0, 1) : names) {
    rows.push(...(await compareRamps(`scenarios/${name}.yaml`, { crew, size, runs: values.tiny ? 10 : 400 })))
  }
  await crew.end()
  process.stdout.write(`${values.json ? JSON.stringify({ ramps: rows }) : rampsText(rows)}\n`)
}

function tellCheck(): void {
  const checked = checkBench(sizeOfCheck)
  process.stdout.write(`${values.json ? JSON.stringify(checked) : checkText(checked)}\n`)
}

function checkText({ check, checkMany, manifests }: CheckBenchResult): string {
  const many = [`ten Rollouts in ${manifests} manifests`, checkMany] as const
  const rows = [...Object.entries(check), many].map(
    ([of, { seconds, overBare }]) => `  ${of.padEnd(32)}${seconds.toFixed(2).padStart(6)} s  × ${overBare.toFixed(0)}`,
  )
  const head = 'coalmine check, from its start to its end; beside, how many times as long as a Node that does nothing:'
  return [head, ...rows].join('\n')
}

function tellMemory(): void {
  const part = values.tiny ? 1e-3 : 1
  const memory = [
    memoryBench({ fidelity: 'flow', requests: 1e9 * part, days: 31 }),
    memoryBench({ fidelity: 'request', requests: 1e8 * part, days: 1 }),
  ]
  const text = values.json ? JSON.stringify({ memory }) : memory.map(memoryText).join('\n')
  process.stdout.write(`${text}\n`)
}

function memoryText({ fidelity, days, requests, seconds, heapBytes }: MemoryBenchResult): string {
  const how = fidelity === 'flow' ? 'as a flow' : 'one by one'
  const heap = heapBytes.map((bytes) => (bytes / 2 ** 20).toFixed(2)).join(' ')
  return `${millions(requests)} million requests of ${days} days ${how}, in ${seconds.toFixed(1)} s; MiB of heap: ${heap}`
}

async function tellSpeed(): Promise<void> {
  const result = bench(values.tiny ? { flights: 20, rounds: 1 } : { flights: 400, rounds: 7 })
  const single = requestBench(values.tiny ? { flights: 1, rounds: 1 } : { flights: 2, rounds: 5 })
  const asked = queryBench(
    values.tiny ? { rounds: 1, millisecondsPerQuery: 1 } : { rounds: 7, millisecondsPerQuery: 40 },
  )
  const queued = queueingBench(values.tiny ? { requests: 100_000, rounds: 1 } : { requests: 5_000_000, rounds: 5 })
  const studied = await studyBench(values.tiny ? { runs: 100, rounds: 1 } : { runs: 4000, rounds: 5 })
  const checked = checkBench(sizeOfCheck)
  const simpy = values.simpy ? simpyBench(SERVERS, UTILISATION, values.tiny ? 2000 : 200_000) : undefined

  if (values.json) {
    const all = {
      ...result,
      ...single,
      queries: asked,
      ...queued,
      ...studied,
      ...checked,
      hash: result.hash,
      queueingHash: queued.hash,
      simpy,
    }
    process.stdout.write(`${JSON.stringify(all)}\n`)
  } else {
    const { flowRunsPerSecond, bareFlowRunsPerSecond, flowOverBare, microsecondsPerRun, parts, hash } = result
    const rows = Object.entries(parts).map(
      ([part, share]) => `  ${part.padEnd(12)}${(100 * share).toFixed(0).padStart(4)} %`,
    )
    const questions = Object.entries(asked.nanosecondsPerEvaluation).map(
      ([name, ns]) =>
        `  ${name.padEnd(20)}${ns.toFixed(0).padStart(8)} ns  × ${asked.tenfoldHistory[name]!.toFixed(2)}`,
    )
    const queues = Object.entries(queued.queueing).map(([servers, { engine, bare }]) => {
      const slow = typeof simpy === 'object' ? simpy.requestsPerSecond[servers] : undefined
      const beside =
        slow === undefined ? '' : `, ${thousands(slow)} in SimPy: ${(engine / slow).toFixed(0)} times as fast`
      return `  ${servers.padStart(3)} at once${thousands(engine).padStart(14)} a second, ${thousands(bare)} in a bare loop${beside}`
    })
    if (typeof simpy === 'string') queues.push(`  SimPy skipped: ${simpy}`)
    if (typeof simpy === 'object') queues.push(`  SimPy ${simpy.version}`)
    process.stdout.write(
      [
        'A 30-minute Argo canary at 10,000 requests a second with a PromQL analysis, one core:',
        `  ${flowRunsPerSecond.toFixed(0)} flow runs a second (${microsecondsPerRun.toFixed(0)} µs each)`,
        `  ${bareFlowRunsPerSecond.toFixed(0)} a second for a bare loop that draws the same numbers: ${flowOverBare.toFixed(1)} times as fast`,
        'Where the time of a flight goes:',
        ...rows,
        `Outcomes of the first flights: ${hash}`,
        `Studies: ${studied.studyRunsPerSecond[1].toFixed(0)} runs a second on one worker, ${studied.studyRunsPerSecond[2].toFixed(0)} on two: an efficiency of ${(100 * studied.workerEfficiency).toFixed(0)} %`,
        'The same canary with requests one by one:',
        `  ${millions(single.requestsPerSecond)} million requests a second`,
        `  ${millions(single.bareRequestsPerSecond)} million a second for a bare loop that draws as much: ${single.requestsOverBare.toFixed(1)} times as fast`,
        `  ${(single.heapGrowthBytes / 1024).toFixed(0)} KiB more heap after ${millions(single.requestsFlown)} million requests`,
        `Outcome of the first flight: ${single.requestHash}`,
        'Queries over 20 pods, scraped every 15 s for 30 minutes; beside, how many times as long over 5 hours:',
        ...questions,
        `Answers: ${asked.hash}`,
        `Requests that queue at a pod, ${100 * UTILISATION} % busy (M/M/c), one core:`,
        ...queues,
        `What became of them: ${queued.hash}`,
        checkText(checked),
        '',
      ].join('\n'),
    )
  }
}

function thousands(requests: number): string {
  return requests.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',')
}

function millions(count: number): string {
  return (count / 1e6).toFixed(1)
}
