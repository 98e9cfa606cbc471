// `npm run bench`: how fast flights are, where their time goes, how fast anything drawing the same numbers could be; and
// how long analysis queries take.
import { parseArgs } from 'node:util'
import { bench } from './bench.js'
import { queryBench } from './query-bench.js'

const { values } = parseArgs({ options: { json: { type: 'boolean' }, tiny: { type: 'boolean' } } })
const result = bench(values.tiny ? { flights: 20, rounds: 1 } : { flights: 400, rounds: 7 })
const asked = queryBench(values.tiny ? { rounds: 1, millisecondsPerQuery: 1 } : { rounds: 7, millisecondsPerQuery: 40 })

if (values.json) {
  process.stdout.write(`${JSON.stringify({ ...result, queries: asked })}\n`)
} else {
  const { flowRunsPerSecond, bareFlowRunsPerSecond, flowOverBare, microsecondsPerRun, parts, hash } = result
  const rows = Object.entries(parts).map(
    ([part, share]) => `  ${part.padEnd(12)}${(100 * share).toFixed(0).padStart(4)} %`,
  )
  const questions = Object.entries(asked.nanosecondsPerEvaluation).map(
    ([name, ns]) => `  ${name.padEnd(20)}${ns.toFixed(0).padStart(8)} ns  × ${asked.tenfoldHistory[name]!.toFixed(2)}`,
  )
  process.stdout.write(
    [
      'A 30-minute Argo canary at 10,000 requests a second with a PromQL analysis, one core:',
      `  ${flowRunsPerSecond.toFixed(0)} flow runs a second (${microsecondsPerRun.toFixed(0)} µs each)`,
      `  ${bareFlowRunsPerSecond.toFixed(0)} a second for a bare loop that draws the same numbers: ${flowOverBare.toFixed(1)} times as fast`,
      'Where the time of a flight goes:',
      ...rows,
      `Outcomes of the first flights: ${hash}`,
      'Queries over 20 pods, scraped every 15 s for 30 minutes; beside, how many times as long over 5 hours:',
      ...questions,
      `Answers: ${asked.hash}`,
      '',
    ].join('\n'),
  )
}
