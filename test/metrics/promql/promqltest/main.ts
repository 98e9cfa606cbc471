// `npm run promqltest -- [--failing] [--refused] [FILE…]`: runs test scripts, Prometheus' own ones if none is named.

import { parseArgs } from 'node:util'
import { corpusFiles, runFile, type TestFile } from './corpus.js'
import { knownDifferences } from './differences.js'
import type { Outcome } from './session.js'

const { values, positionals } = parseArgs({
  options: { failing: { type: 'boolean' }, refused: { type: 'boolean' } },
  allowPositionals: true,
})
const paths = positionals.length > 0 ? positionals : corpusFiles()
if (paths === undefined) {
  process.stderr.write('Prometheus’ module is not here: test/oracle/build brings it\n')
  process.exit(2)
}

const known = new Set(knownDifferences())
const files = paths.map(runFile).map(judged)
process.stdout.write(`${'file'.padEnd(28)}   passed    known   failed  refused\n`)
for (const file of files) tell(file)
process.stdout.write(`${'total'.padEnd(28)}${counts(files.flatMap(({ outcomes }) => outcomes))}\n`)
tellReasons()
process.exitCode = files.some(({ outcomes }) => outcomes.some(({ verdict }) => verdict === 'failed')) ? 1 : 0

interface Judged {
  readonly name: string
  readonly outcomes: readonly (Omit<Outcome, 'verdict'> & { readonly verdict: Outcome['verdict'] | 'known' })[]
}

/** `known`: it fails, and why is listed. */
function judged({ name, outcomes }: TestFile): Judged {
  const verdictOf = ({ line, verdict }: Outcome) =>
    verdict === 'failed' && known.has(`${name}:${line}`) ? 'known' : verdict
  return { name, outcomes: outcomes.map((outcome) => ({ ...outcome, verdict: verdictOf(outcome) })) }
}

function tell({ name, outcomes }: Judged): void {
  process.stdout.write(`${name.padEnd(28)}${counts(outcomes)}\n`)
  for (const { line, text, verdict, why } of outcomes) {
    const isFailing = verdict === 'failed' || verdict === 'known'
    const isAsked = (isFailing && values.failing) || (verdict === 'refused' && values.refused)
    if (isAsked) process.stdout.write(`  ${name}:${line}: ${text}\n    ${verdict}: ${why.replaceAll('\n', '\n    ')}\n`)
  }
}

function counts(outcomes: Judged['outcomes']): string {
  const verdicts = ['passed', 'known', 'failed', 'refused'] as const
  return verdicts
    .map((wanted) => String(outcomes.filter(({ verdict }) => verdict === wanted).length).padStart(9))
    .join('')
}

function tellReasons(): void {
  const reasons = new Map<string, number>()
  for (const { verdict, why } of files.flatMap(({ outcomes }) => outcomes)) {
    if (verdict === 'refused') reasons.set(why, (reasons.get(why) ?? 0) + 1)
  }
  const ordered = [...reasons].toSorted(([, a], [, b]) => b - a)
  process.stdout.write(
    `\nrefused:\n${ordered.map(([why, count]) => `${String(count).padStart(6)}  ${why}\n`).join('')}`,
  )
}
