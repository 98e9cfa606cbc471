// Rules as they lie in a file of Prometheus, or in an object of the Prometheus operator.
import { isJsonObject, type Json } from '../../scenario/json.js'
import type { Problems } from '../../scenario/problem.js'
import { parseYaml } from '../../scenario/yaml.js'
import { readGroups } from './read-groups.js'
import type { RuleGroup } from './rule.js'

export function readRuleFile(text: string, file: string, problems: Problems): readonly RuleGroup[] {
  const { errorCount } = problems
  const [document] = parseYaml(text, file, 'prometheus', problems)
  if (!document && problems.errorCount > errorCount) return []
  if (document && isManifest(document.value)) {
    const hint =
      'A rule file begins with `groups:`. Manifests go into the `policy`; the rules of a PrometheusRule count there.'
    const place = { file, ...document.keyPositionOf(['kind']) }
    problems.error('rules-manifest', place, 'this is a manifest, not a rule file', { hint })
    return []
  }
  return readGroups({ text: { file, ...(document ?? nothing) }, problems })
}

const start = () => ({ line: 0, column: 0 })

function isManifest(value: Json): boolean {
  return isJsonObject(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string'
}

/** A file without a document is one without rules. */
const nothing = { value: null, positionOf: start, keyPositionOf: start, positionWithin: start }
