// The rules of a flight: those of the scenario's files and of the PrometheusRules among the manifests.

import { readGroups } from '../metrics/rules/read-groups.js'
import type { RuleGroup } from '../metrics/rules/rule.js'
import { readRuleFile } from '../metrics/rules/rule-file.js'
import { admit } from '../policy/api/admit.js'
import type { Json } from '../scenario/json.js'
import type { RuleFile } from '../scenario/load.js'
import { type Manifest, placeOf } from '../scenario/manifest.js'
import type { Problems } from '../scenario/problem.js'
import type { Path } from '../scenario/yaml-value.js'

export function rulesOf(
  files: readonly RuleFile[],
  manifests: readonly Manifest[],
  problems: Problems,
): readonly RuleGroup[] {
  const fromFiles = files.flatMap(({ path, text }) => readRuleFile(text, path, problems))
  return [...fromFiles, ...prometheusRules(manifests, problems).flatMap((each) => groupsOf(each, problems))]
}

const rulesVersion = 'monitoring.coreos.com/v1'

/** Of two of one name the last counts, as with kubectl apply. */
function prometheusRules(manifests: readonly Manifest[], problems: Problems): readonly Manifest[] {
  const found = new Map<string, Manifest>()
  for (const manifest of manifests) {
    const { kind, apiVersion, namespace = 'default', name } = manifest
    if (kind !== 'PrometheusRule') continue
    if (apiVersion !== rulesVersion) {
      const hint = `Write apiVersion: ${rulesVersion}.`
      problems.error('unknown-version', placeOf(manifest, ['apiVersion']), `${apiVersion} has no kind ${kind}`, {
        hint,
      })
      continue
    }
    const key = `${namespace}/${name}`
    if (found.has(key)) {
      const message = `a second PrometheusRule ${name}: this one counts, as the last one does with kubectl apply`
      problems.warning('object-twice', placeOf(manifest, ['metadata', 'name']), message)
    }
    found.set(key, manifest)
  }
  return [...found.values()]
}

/** Its spec is a rule file; the operator may hand the strategy of a group on to Thanos. */
function groupsOf(written: Manifest, problems: Problems): readonly RuleGroup[] {
  const { errorCount } = problems
  const manifest = admit(written, problems)
  if (problems.errorCount > errorCount) return []
  const text = {
    file: manifest.file,
    value: (manifest.value['spec'] ?? null) as Json,
    positionOf: (path: Path) => manifest.positionOf(['spec', ...path]),
    keyPositionOf: (path: Path) => manifest.keyPositionOf(['spec', ...path]),
    positionWithin: (path: Path, index: number) => manifest.positionWithin(['spec', ...path], index),
  }
  const groups = readGroups({ text, problems }, ['partial_response_strategy'])
  // The operator writes each object into a file of its own.
  const file = `${manifest.file}:${manifest.namespace ?? 'default'}-${manifest.name}`
  return groups.map((group) => ({ ...group, file }))
}
