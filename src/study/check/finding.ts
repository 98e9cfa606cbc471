// What `check` has found in manifests: what rules say of them, and what the loader told that is a rule's.
import type { Place, Problem } from '../../scenario/problem.js'
import type { Found, Rule, Severity, Subject } from './rule.js'

export interface Finding extends Place {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly why: string
  readonly mend: string
  /** What a flight shows of it; null where none was asked. */
  readonly flown: string | null
}

/** Problems of the loader that rules are about become findings; the others stay what they are. */
export interface Sorted {
  readonly findings: readonly Finding[]
  readonly problems: readonly Problem[]
}

export function sortProblems(problems: readonly Problem[], rules: readonly Rule[]): Sorted {
  const told = new Map(rules.filter(({ find }) => find === undefined).map((rule) => [rule.id, rule]))
  const findings = problems.flatMap((problem) => {
    const rule = told.get(problem.code)
    return rule ? [findingOfProblem(rule, problem)] : []
  })
  return { findings, problems: problems.filter(({ code }) => !told.has(code)) }
}

export function findIn(subject: Subject, rules: readonly Rule[]): readonly Finding[] {
  return rules.flatMap((rule) => [...(rule.find?.(subject) ?? [])].map((found) => findingOf(rule, found)))
}

/** By place, and each once: what several Rollouts share is found with each of them. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const once = new Map(
    findings.map((each) => [`${each.file}:${each.line}:${each.column} ${each.rule} ${each.message}`, each]),
  )
  return [...once.values()].sort(
    (one, other) =>
      compareTexts(one.file, other.file) ||
      one.line - other.line ||
      one.column - other.column ||
      compareTexts(one.rule, other.rule),
  )
}

function findingOfProblem({ id, severity, title }: Rule, problem: Problem): Finding {
  const { file, line, column, message, expected, hint, verbatim } = problem
  const said = verbatim === undefined || verbatim === '' ? '' : ` The controller says: ${verbatim}`
  const mend = hint ?? (expected === undefined ? '' : `Expected is ${expected}.`)
  return { rule: id, severity, file, line, column, message, why: `${title}${said}`, mend, flown: null }
}

function findingOf({ id, severity }: Rule, { place, message, why, mend, flown }: Found): Finding {
  const { file, line, column } = place
  return { rule: id, severity, file, line, column, message, why, mend, flown: flown ?? null }
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1
}
