// Promtool's lint of rules: two of one name and the same labels may write the same series.
import { formatPlace, type Problems } from '../../scenario/problem.js'
import type { Rule, RuleGroup } from './rule.js'

export function tellDuplicates(groups: readonly RuleGroup[], problems: Problems): void {
  const known = new Map<string, Rule>()
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    const key = JSON.stringify([rule.name, Object.entries(rule.labels).sort(byName)])
    const first = known.get(key)
    if (!first) {
      known.set(key, rule)
      continue
    }
    const message = `a second rule ${rule.name} with the same labels: they may write the same series`
    const hint = `The first one is at ${formatPlace(first.place)}. Give one of them another label.`
    problems.warning('rules-duplicate', rule.place, message, { hint })
  }
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1
}
