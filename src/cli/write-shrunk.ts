// Writes failed scenarios made smaller, for `test --shrink`: into a folder, or to standard error.
import { join } from 'node:path'
import { quoted } from '../report/words.js'
import type { TestReport } from '../study/test/report.js'
import { shrink, worstOf } from '../study/test/shrink.js'
import type { Testable } from '../study/test/test.js'
import { writeOrTell } from './write-or-tell.js'

export function writeShrunk({ scenarios }: TestReport, testables: readonly Testable[], folder: string | true): void {
  const used = new Set<string>()
  for (const [index, scenario] of scenarios.entries()) {
    if (scenario.status !== 'failed') continue
    const worst = worstOf(scenario)
    const directory = folder === true ? '.' : folder
    const shrunk = worst && shrink(testables[index]!, worst.budget, worst.seed, directory)
    if (shrunk === undefined) {
      process.stderr.write(`note: ${scenario.file}: no single run breaks what failed: nothing to make smaller\n`)
      continue
    }
    const { text, budget, seed, flights } = shrunk
    const name = freeName(scenario.name, used)
    const path = folder === true ? name : join(folder, name)
    const head = `${scenario.file} made smaller, in ${flights} flights: seed ${seed} still breaks ${budget}`
    const replay = `coalmine run ${quoted(path)} --seed ${seed}`
    const whole = `# ${head}\n# ${replay}\n${text}`
    if (folder === true) process.stderr.write(`\n# Save this as ${name}:\n${whole}`)
    else if (writeOrTell(path, whole)) process.stderr.write(`note: ${head}:\n  ${replay}\n`)
  }
}

/** Scenarios of several folders may have the same name. */
function freeName(name: string, used: Set<string>): string {
  for (let count = 1; ; count++) {
    const free = `${name}.small${count === 1 ? '' : `-${count}`}.yaml`
    if (used.has(free)) continue
    used.add(free)
    return free
  }
}
