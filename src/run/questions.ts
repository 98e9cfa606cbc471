// All that anybody asks Prometheus in a flight: the queries of the policy, signals that read the requests, and rules.

import type { Wanted } from '../metrics/matcher.js'
import { PromqlError } from '../metrics/promql/error.js'
import { compile, Query } from '../metrics/promql/query.js'
import { namesWritten, readBy, selectorsOf } from '../metrics/rules/reads.js'
import type { Rule, RuleGroup } from '../metrics/rules/rule.js'
import type { Place, Problems } from '../scenario/problem.js'
import { type Blindness, blindnessOf, idleMatchers, type Visible } from './sight/blindness.js'
import type { SignalBook } from './signals/signal-book.js'

/** A query of the policy. */
export interface PlacedQuery {
  readonly text: string
  readonly place: Place
  readonly placeInQuery: (index: number) => Place
  /** How far back the times go at which it is evaluated. */
  readonly reachMs: number
}

export interface Questions {
  readonly placed: readonly PlacedQuery[]
  /** Those of the policy, by text. */
  readonly queries: Map<string, Query | PromqlError>
  readonly reads: SignalBook['reads']
  /** Rules that anybody sees something of. */
  readonly rules: readonly RuleGroup[]
  /** What all rules write, evaluated or not. */
  readonly recorded: ReadonlySet<string>
  /** What all of these look at. */
  readonly selectors: readonly Wanted[]
  /** How far back they look. */
  readonly windowMs: number
  /** Whether anybody may ask for anything. */
  readonly isServed: boolean
}

/** What a selector without conditions would match. */
const everything: Wanted = { matchers: [] }

export function questionsOf(
  placed: readonly PlacedQuery[],
  reads: SignalBook['reads'],
  ruleGroups: readonly RuleGroup[],
  isServed: boolean,
  problems: Problems,
): Questions {
  const queries = new Map<string, Query | PromqlError>()
  for (const each of placed) queries.set(each.text, compileOrTell(each, problems))
  const compiled = [...queries.values()].filter((query) => query instanceof Query)
  const asking: readonly Wanted[] = isServed
    ? [everything]
    : [...compiled, ...reads.map(({ query }) => query)].flatMap((query) => query.selectors)
  const { groups, unread } = readBy(ruleGroups, asking)
  // What is missing through a mistake may be what reads them.
  if (!problems.hasErrors) tellUnread(unread, problems)
  return {
    placed,
    queries,
    reads,
    rules: groups,
    recorded: new Set(namesWritten(ruleGroups)),
    selectors: [...asking, ...groups.flatMap(({ rules }) => rules.flatMap(selectorsOf))],
    windowMs: longest([
      ...placed.map(({ text, reachMs }) => windowOf(queries.get(text)!, reachMs)),
      ...reads.map(({ query, source }) => query.windowMs + source.delayMs + source.resolutionMs),
      ...groups.flatMap(({ rules, queryOffsetMs }) =>
        rules.flatMap((rule) => rule.queries.map(({ windowMs }) => windowMs + queryOffsetMs)),
      ),
    ]),
    isServed,
  }
}

export function compileQuery(text: string): Query | PromqlError {
  try {
    return compile(text)
  } catch (error) {
    if (error instanceof PromqlError) return error
    throw error
  }
}

/** Tells of selectors that nothing of what is exposed can match. */
export function tellBlind({ placed, queries, rules }: Questions, visible: Visible, problems: Problems): void {
  for (const { text, placeInQuery } of placed) {
    const query = queries.get(text)
    if (query instanceof Query) tellIfBlind(query, placeInQuery, visible, problems)
  }
  for (const rule of rules.flatMap((group) => group.rules)) {
    for (const query of rule.queries) tellIfBlind(query, () => rule.expressionPlace, visible, problems)
  }
}

function compileOrTell({ text, placeInQuery }: PlacedQuery, problems: Problems): Query | PromqlError {
  const query = compileQuery(text)
  if (query instanceof PromqlError) {
    const hint = 'Every measurement of it will be an Error, as it would be on a cluster.'
    const message = `the query can't be read: ${query.inQuery(text)}`
    problems.warning('query-error', placeInQuery(query.from), message, { hint })
  }
  return query
}

function windowOf(query: Query | PromqlError, reachMs: number): number {
  return query instanceof PromqlError ? 0 : query.windowMs + reachMs
}

function longest(windowsMs: readonly number[]): number {
  return windowsMs.reduce((most, each) => Math.max(most, each), 0)
}

function tellIfBlind(query: Query, placeInQuery: (at: number) => Place, visible: Visible, problems: Problems): void {
  const told = new Set<string>()
  const tell = (code: string, from: number, { message, hint }: Blindness) => {
    if (told.has(message)) return
    told.add(message)
    problems.warning(code, placeInQuery(from), message, { hint })
  }
  for (const { matchers, from } of query.selectors) {
    const blindness = blindnessOf(matchers, visible)
    if (blindness !== undefined) tell('query-sees-nothing', from, blindness)
    else for (const idle of idleMatchers(matchers, visible)) tell('matcher-excludes-nothing', from, idle)
  }
}

function tellUnread(unread: readonly Rule[], problems: Problems): void {
  for (const { name, place } of unread) {
    const hint = 'No query of the policy, no alert and no rule that is read itself asks for it: it is not evaluated.'
    problems.warning('rule-unread', place, `nothing reads what the rule ${name} records`, { hint })
  }
}
