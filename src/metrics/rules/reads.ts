// Who reads what rules write: a recording rule that nobody reads need not be evaluated.
import { METRIC_NAME } from '../labels.js'
import type { Wanted } from '../matcher.js'
import type { Selector } from '../promql/query.js'
import { ALERTS, ALERTS_FOR_STATE, type Rule, type RuleGroup } from './rule.js'

/** The groups without recording rules that neither these selectors nor other rules read, and those rules. */
export function readBy(
  groups: readonly RuleGroup[],
  selectors: readonly Wanted[],
): { readonly groups: readonly RuleGroup[]; readonly unread: readonly Rule[] } {
  const rules = groups.flatMap((group) => group.rules)
  const read = new Set(rules.filter(({ kind }) => kind === 'alert'))
  const readers = [...selectors, ...[...read].flatMap(selectorsOf)]
  for (let reader = 0; reader < readers.length; reader++) {
    for (const rule of rules) {
      if (read.has(rule) || !mayRead(readers[reader]!, rule)) continue
      read.add(rule)
      readers.push(...selectorsOf(rule))
    }
  }
  const kept = groups.map((group) => ({ ...group, rules: group.rules.filter((rule) => read.has(rule)) }))
  return { groups: kept.filter((group) => group.rules.length > 0), unread: rules.filter((rule) => !read.has(rule)) }
}

export function selectorsOf({ queries }: Rule): readonly Selector[] {
  return queries.flatMap(({ selectors }) => selectors)
}

/** The names of all series that rules may write. */
export function namesWritten(groups: readonly RuleGroup[]): readonly string[] {
  return groups.flatMap(({ rules }) => rules.flatMap(namesOf))
}

function namesOf(rule: Rule): readonly string[] {
  return rule.kind === 'record' ? [rule.name] : [ALERTS, ALERTS_FOR_STATE]
}

/** Judged by the name and the labels that every series of the rule has. */
export function mayRead({ matchers }: Wanted, rule: Rule): boolean {
  const fixed = rule.kind === 'record' ? rule.labels : { alertname: rule.name }
  return namesOf(rule).some((name) => {
    const known: Readonly<Record<string, string>> = { ...fixed, [METRIC_NAME]: name }
    return matchers.every(({ label, accepts }) => known[label] === undefined || accepts(known[label]))
  })
}
