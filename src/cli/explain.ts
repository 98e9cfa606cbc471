// `coalmine explain`: how the queries of a policy were understood, and what they say while all is well.
import { explainText } from '../report/explain.js'
import { explainFiles, readForExplanation } from '../run/explain/files.js'
import { withLog } from '../scenario/access-log/replay.js'
import { Problems } from '../scenario/problem.js'
import { badInput } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { paintFor, tell } from './tell.js'

export interface ExplainOptions {
  readonly json?: boolean
}

/** These are told where they belong, in the explanation. */
const toldThere = new Set(['query-sees-nothing', 'query-error', 'matcher-excludes-nothing'])

export async function explain(paths: readonly string[], { json }: ExplainOptions): Promise<void> {
  const problems = new Problems()
  const read = readForExplanation(paths, nodeFiles, problems)
  const file = read.file && (await withLog(read.file, nodeLogs, problems))
  const explanation = explainFiles({ ...read, file }, problems)
  tell(problems.sorted().filter(({ code }) => explanation === undefined || !toldThere.has(code)))
  if (explanation) {
    const text = json
      ? JSON.stringify(explanation)
      : explainText(explanation, paintFor(process.stdout), columnsOf(process.stdout))
    process.stdout.write(`${text}\n`)
  }
  const isBroken = explanation?.metrics.some(({ query }) => (query?.error ?? null) !== null) ?? true
  if (isBroken || (explanation?.unaskable.length ?? 0) > 0 || problems.hasErrors) process.exitCode = badInput
}

/** Only a terminal has any; narrower than this nothing would fit. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY ? Math.max(80, columns) : Number.POSITIVE_INFINITY
}
