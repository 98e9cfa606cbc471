// The one shape in which the program complains about what it was given.
import { limits } from './limits.js'

/** A spot in a file. Line and column count from 1; line 0 means the file as a whole. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface Problem extends Place {
  /** Stable, for machines: what kind of problem, in kebab case. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly expected?: string
  readonly hint?: string
  /** In the very words of the system that would refuse it; empty where it does so without a word. */
  readonly verbatim?: string
}

/** What may be said beyond the message. */
export interface Advice {
  readonly expected?: string | undefined
  readonly hint?: string | undefined
  readonly verbatim?: string | undefined
}

/** Collects problems, so that all of them are reported at once. */
export class Problems {
  private readonly found: Problem[] = []
  private errors = 0
  private untold = 0

  error(code: string, place: Place, message: string, advice: Advice = {}): void {
    this.add(problem('error', code, place, message, advice))
  }

  warning(code: string, place: Place, message: string, advice: Advice = {}): void {
    this.add(problem('warning', code, place, message, advice))
  }

  add(problem: Problem): void {
    if (problem.severity === 'error') this.errors++
    if (this.found.length < limits.problems) this.found.push(Object.freeze(problem))
    else this.untold++
  }

  /** Grows with every error, so that a caller can tell whether a step it took went wrong. */
  get errorCount(): number {
    return this.errors
  }

  get hasErrors(): boolean {
    return this.errors > 0
  }

  get count(): number {
    return this.found.length
  }

  /** What has been found since may be told more fully once more is known. */
  amend(since: number, fuller: (problem: Problem) => Problem): void {
    for (let index = since; index < this.found.length; index++) this.found[index] = fuller(this.found[index]!)
  }

  /** In the order in which they were found. */
  get inOrder(): readonly Problem[] {
    return this.found
  }

  /** By file and position; problems at one place stay in the order in which they were found. */
  sorted(): readonly Problem[] {
    const sorted = [...this.found].sort(byPlace)
    if (this.untold > 0) sorted.push(tooMany(this.untold, this.errors > 0))
    return Object.freeze(sorted)
  }

  /** Throws when there is an error among them; warnings alone don't stop anyone, but they travel with the errors. */
  throwIfAny(): void {
    if (this.hasErrors) throw new ProblemError(this.sorted())
  }
}

export class ProblemError extends Error {
  override readonly name = 'ProblemError'

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'))
  }
}

/** `file:line:column  error  message [code]`, with the hint below it. */
export function formatProblem(problem: Problem): string {
  const { severity, message, code, hint } = problem
  return `${formatPlace(problem)}  ${severity}  ${message} [${code}]${hint === undefined ? '' : `\n    ${hint}`}`
}

export function formatPlace({ file, line, column }: Place): string {
  return line === 0 ? file : `${file}:${line}:${column}`
}

export function wholeFile(file: string): Place {
  return { file, line: 0, column: 0 }
}

function problem(severity: 'error' | 'warning', code: string, place: Place, message: string, advice: Advice): Problem {
  const { file, line, column } = place
  const { expected, hint, verbatim } = advice
  return {
    code,
    severity,
    file,
    line,
    column,
    message: cut(message),
    ...(expected === undefined ? {} : { expected: cut(expected) }),
    ...(hint === undefined ? {} : { hint: cut(hint) }),
    ...(verbatim === undefined ? {} : { verbatim }),
  }
}

function cut(text: string): string {
  return text.length > limits.messageCharacters ? `${text.slice(0, limits.messageCharacters)}…` : text
}

function byPlace(one: Problem, other: Problem): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1
  return one.line - other.line || one.column - other.column
}

function tooMany(untold: number, anyError: boolean): Problem {
  const message = `${untold} more problems are not shown: the limit is ${limits.problems}`
  return problem(anyError ? 'error' : 'warning', 'limit-problems', wholeFile('(all files)'), message, {})
}
