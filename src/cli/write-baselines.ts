// Stores what runs came to beside their scenarios, for `test --update`.
import { readFileSync } from 'node:fs'
import { baselineOf, baselinePath } from '../study/test/baseline.js'
import type { Tested } from '../study/test/tested.js'
import { writeOrTell } from './write-or-tell.js'

/** Not of scenarios that somebody has ended early. */
export function writeBaselines(tested: readonly Tested[], version: string): void {
  for (const each of tested.filter(({ isWhole }) => isWhole)) {
    const path = baselinePath(each.file)
    const text = `${JSON.stringify(baselineOf(each, version), null, 2)}\n`
    const before = textBefore(path)
    if (before !== text && !writeOrTell(path, text)) continue
    const what = before === undefined ? 'new' : before === text ? 'as it was' : 'changed'
    process.stderr.write(`note: baseline ${path}: ${what}, of ${each.tally.runs} runs\n`)
  }
}

function textBefore(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
