// Reads the groups of a rule file, and refuses what `promtool check rules` of Prometheus 3.15 refuses, all at once.
import { isJsonObject } from '../../scenario/json.js'
import { checkLabels } from './check-labels.js'
import { tellDuplicates } from './duplicates.js'
import { Fields, type RuleSource } from './fields.js'
import { readRule, ruleFields } from './read-rule.js'
import type { RuleGroup } from './rule.js'

const groupFields = ['name', 'interval', 'query_offset', 'limit', 'rules', 'labels']

/** What was wrong is among the problems; groups are what could be read. */
export function readGroups(source: RuleSource, more: readonly string[] = []): readonly RuleGroup[] {
  const { text, problems } = source
  if (text.value === null) {
    problems.warning('rules-empty', { file: text.file, line: 0, column: 0 }, 'there is no rule in this file')
    return []
  }
  if (!isJsonObject(text.value)) {
    const hint = 'It begins with `groups:`, a list.'
    problems.error('rules-type', { file: text.file, ...text.positionOf([]) }, 'a rule file is a mapping', { hint })
    return []
  }
  const file = new Fields(source, text.value, [], ['groups'])
  const names = new Set<string>()
  const groups = file.itemsOf('groups', [...groupFields, ...more]).map((fields) => readGroup(fields, names))
  tellDuplicates(groups, problems)
  return groups
}

function readGroup(fields: Fields, earlier: Set<string>): RuleGroup {
  const { text } = fields.source
  const name = fields.textOf('name') ?? ''
  if (name === '') fields.error('rules-name', ['name'], 'a group needs a name')
  if (earlier.has(name)) {
    const hint = 'Groups of one file are told apart by their names.'
    fields.error('rules-group-twice', ['name'], `a second group is called ${JSON.stringify(name)}`, { hint })
  }
  earlier.add(name)
  const labels = fields.textsOf('labels')
  checkLabels(fields, labels)
  const rules = fields.itemsOf('rules', ruleFields).flatMap((rule) => readRule(rule, labels) ?? [])
  return Object.freeze({
    name,
    file: text.file,
    // An interval of 0 is none.
    intervalMs: fields.durationOf('interval') || undefined,
    queryOffsetMs: fields.durationOf('query_offset') ?? 0,
    limit: fields.integerOf('limit'),
    rules: Object.freeze(rules),
  })
}
