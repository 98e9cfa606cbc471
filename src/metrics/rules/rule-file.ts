// Rules as they lie in a file of Prometheus, or in an object of the Prometheus operator.
import type { Problems } from '../../scenario/problem.js'
import { parseYaml } from '../../scenario/yaml.js'
import { readGroups } from './read-groups.js'
import type { RuleGroup } from './rule.js'

export function readRuleFile(text: string, file: string, problems: Problems): readonly RuleGroup[] {
  const { errorCount } = problems
  const [document] = parseYaml(text, file, 'prometheus', problems)
  if (!document && problems.errorCount > errorCount) return []
  return readGroups({ text: { file, ...(document ?? nothing) }, problems })
}

const start = () => ({ line: 0, column: 0 })

/** A file without a document is one without rules. */
const nothing = { value: null, positionOf: start, keyPositionOf: start, positionWithin: start }
