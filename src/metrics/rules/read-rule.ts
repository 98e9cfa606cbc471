// One rule of a group: what it is called, what it asks, and what it may say of that.
import { PromqlError } from '../promql/error.js'
import { compile, type Query } from '../promql/query.js'
import { check } from '../template/expand.js'
import { checkAnnotations, checkLabels } from './check-labels.js'
import type { Fields } from './fields.js'
import type { Rule } from './rule.js'
import { templateQueries } from './template-queries.js'

export const ruleFields = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations']

type Texts = Readonly<Record<string, string>>

/** Undefined if it can't be evaluated; why is among the problems. */
export function readRule(fields: Fields, groupLabels: Texts): Rule | undefined {
  const record = fields.textOf('record')
  const alert = fields.textOf('alert')
  checkKind(fields, record, alert)
  const query = readQuery(fields)
  const labels = fields.textsOf('labels')
  checkLabels(fields, labels)
  const annotations = fields.textsOf('annotations')
  checkAnnotations(fields, annotations)
  const forMs = fields.durationOf('for') ?? 0
  const keepFiringForMs = fields.durationOf('keep_firing_for') ?? 0
  if (record) checkRecord(fields, record, { annotations: Object.keys(annotations).length, forMs, keepFiringForMs })
  if (alert) checkTemplates(fields, alert, { labels, annotations })
  const asked = alert ? askedBy(fields, { labels, annotations }) : []
  if (!query) return undefined
  const all = Object.freeze({ ...groupLabels, ...labels })
  const queries = Object.freeze([query, ...asked])
  const places = { place: fields.placeOf(alert ? 'alert' : 'record'), expressionPlace: fields.placeOf('expr') }
  if (alert)
    return Object.freeze({
      kind: 'alert',
      name: alert,
      query,
      queries,
      labels: all,
      annotations,
      forMs,
      keepFiringForMs,
      ...places,
    })
  return record ? Object.freeze({ kind: 'record', name: record, query, queries, labels: all, ...places }) : undefined
}

function checkKind(fields: Fields, record: string | undefined, alert: string | undefined): void {
  if (record && alert) {
    fields.error('rules-kind', ['alert'], 'a rule is either `record` or `alert`, not both', {
      hint: 'Write a rule for each.',
    })
  }
  if (record === '' && alert === '') {
    fields.error('rules-kind', [], 'one of `record` and `alert` must be set', { hint: 'It names the rule.' })
  }
}

function readQuery(fields: Fields): Query | undefined {
  const text = fields.textOf('expr')
  if (text === undefined) return undefined
  if (text === '') {
    fields.error('rules-query', fields.has('expr') ? ['expr'] : [], 'field `expr` must be set: what the rule asks')
    return undefined
  }
  try {
    return evaluable(fields, compile(text))
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error
    const place = fields.placeWithin('expr', error.from)
    fields.source.problems.error('rules-query', place, `could not parse expression: ${error.message}`)
    return undefined
  }
}

/** Prometheus loads such a rule, and each of its evaluations fails. */
function evaluable(fields: Fields, query: Query): Query {
  if (query.type === 'vector' || query.type === 'scalar') return query
  const what = query.type === 'string' ? 'a string' : 'a range vector'
  const hint = 'Each of its evaluations will fail, as on a server: a rule asks for a vector or a scalar.'
  fields.source.problems.warning('rules-never', fields.placeOf('expr'), `this expression is ${what}`, { hint })
  return query
}

interface AlertsOnly {
  readonly annotations: number
  readonly forMs: number
  readonly keepFiringForMs: number
}

function checkRecord(fields: Fields, record: string, { annotations, forMs, keepFiringForMs }: AlertsOnly): void {
  const tell = (field: string) =>
    fields.source.problems.error(
      'rules-kind',
      fields.keyPlaceOf(field),
      `\`${field}\` is for alerts only: this rule records`,
    )
  if (annotations > 0) tell('annotations')
  if (forMs !== 0) tell('for')
  if (keepFiringForMs !== 0) tell('keep_firing_for')
  if (!/[{}]/.test(record)) return
  const hint = 'A query goes into `expr`, labels into `labels`.'
  fields.error('rules-name', ['record'], `braces in the name of a recording rule: ${record}`, { hint })
}

/** Text that asks with a query made of other texts can ask for anything. */
function askedBy(fields: Fields, texts: Readonly<Record<'labels' | 'annotations', Texts>>): readonly Query[] {
  return (['labels', 'annotations'] as const).flatMap((key) =>
    Object.entries(texts[key]).flatMap(([name, text]) => {
      const { queries, isMore } = templateQueries(text)
      if (isMore) {
        const message = 'this template asks with a query that only its expansion shows'
        const hint = 'It sees the series alone that other queries ask for, too.'
        fields.source.problems.warning('rules-template-query', fields.placeOf(key, name), message, { hint })
      }
      return queries
    }),
  )
}

function checkTemplates(fields: Fields, alert: string, texts: Readonly<Record<'labels' | 'annotations', Texts>>): void {
  for (const key of ['labels', 'annotations'] as const) {
    for (const [name, text] of Object.entries(texts[key])) {
      const complaint = check(alert, text)
      if (complaint !== undefined)
        fields.error('rules-template', [key, name], `the template can't be read: ${complaint}`)
    }
  }
}
