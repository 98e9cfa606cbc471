// `coalmine init`: writes a scenario for manifests that have none.
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, relative } from 'node:path'
import { quoted } from '../report/words.js'
import { init as initialScenario } from '../study/check/init.js'
import { badInput } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { nodeLogs } from './node-logs.js'
import { tell } from './tell.js'
import { writeOrTell } from './write-or-tell.js'

export interface InitOptions {
  readonly output?: string
  readonly force?: boolean
  readonly rollout?: string
  readonly rate?: number
  readonly fault: string
}

export async function init(
  paths: readonly string[],
  { output, force, rollout, rate, fault }: InitOptions,
): Promise<void> {
  if (output !== undefined && existsSync(output) && !force) {
    process.stderr.write(`error: ${output} is there already: --force writes over it\n`)
    process.exitCode = badInput
    return
  }
  const folder = output === undefined ? '.' : dirname(output)
  const pathFromScenario = (path: string) => (isAbsolute(path) ? path : relative(folder, path) || '.')
  const { text, problems } = await initialScenario(
    { paths, rollout, ratePerSecond: rate, fault, pathFromScenario },
    nodeFiles,
    nodeLogs,
  )
  tell(problems)
  if (text === undefined) process.exitCode = badInput
  else if (output === undefined) process.stdout.write(text)
  else if (writeOrTell(output, text)) {
    const file = quoted(output)
    const next = /^budgets:/m.test(text) ? `; hold it to its budgets: coalmine test ${file}` : ''
    process.stderr.write(`${output} is written. Fly it: coalmine run ${file}${next}\n`)
  }
}
