// `npm run conformance -- [DIR…] [--write OUT]`: plays recorded cases in simulated time and compares every decision.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { casesIn, describeRow, hold, type Recorded } from './corpus.js'
import { NotPlayable } from './not-playable.js'

const { values, positionals } = parseArgs({ options: { write: { type: 'string' } }, allowPositionals: true })
const folders =
  positionals.length > 0 ? positionals : ['test/conformance/cases/argo', 'test/conformance/cases/kubernetes']
const out = values.write
if (out !== undefined) mkdirSync(out, { recursive: true })

process.stdout.write(`${'case'.padEnd(32)}  decisions  equal  largest difference\n`)
const cases = folders.flatMap(casesIn)
const failed = cases.filter((recorded) => !tell(recorded)).length
process.stdout.write(`${cases.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0

/** Whether it came out as recorded. */
function tell(recorded: Recorded): boolean {
  const name = recorded.name.padEnd(32)
  try {
    const { trace, rows, wrong } = hold(recorded)
    if (out !== undefined) writeFileSync(join(out, `${recorded.name}.jsonl`), trace)
    const largest = Math.max(0, ...rows.map(({ lateSeconds = 0 }) => Math.abs(lateSeconds)))
    const equal = String(rows.length - wrong.length).padStart(5)
    process.stdout.write(`${name}  ${String(rows.length).padStart(9)}  ${equal}  ${largest.toFixed(2)} s\n`)
    for (const row of wrong) process.stdout.write(`    ${describeRow(row)}\n`)
    return wrong.length === 0
  } catch (error) {
    if (!(error instanceof NotPlayable)) throw error
    process.stdout.write(`${name}  not played: ${error.message}\n`)
    return false
  }
}
