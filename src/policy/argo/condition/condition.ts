// A successCondition or failureCondition of an AnalysisTemplate: expr-lang/expr 1.17.7 as Argo Rollouts 1.10 embeds it,
// or the former 1.15.5 of the versions before, as far as the two differ in what can be written. Argo compiles the text anew for every measurement, with the type that `result` has then; so does this, once for
// each type it meets.

import { check } from './check/checker.js'
import { compileTree } from './program/compiler.js'
import { type Evaluate, Frame } from './program/frame.js'
import { optimize } from './program/optimizer.js'
import { type Parsed, parse } from './syntax/parser.js'
import type { SyntaxProblem } from './syntax/token.js'
import type { Node } from './syntax/tree.js'
import type { GoType } from './value/go-type.js'
import { Panic } from './value/panic.js'
import { type GoValue, typeName, typeOf } from './value/value.js'

export type Verdict = { readonly value: boolean } | { readonly error: string }

/** Parses once. What is wrong with the text shows when it is evaluated, as it does in Argo. */
export function compile(text: string, isFormer = false): Condition {
  return new Condition(text, isFormer)
}

const YES: Verdict = Object.freeze({ value: true })
const NO: Verdict = Object.freeze({ value: false })

/** A text compiled for one type of result; an error where it is wrong for that type. */
interface Program {
  readonly frame: Frame
  readonly evaluate: Evaluate | undefined
  readonly error: Verdict | undefined
}

export class Condition {
  readonly text: string
  /** Read and told of as expr 1.15 does. */
  readonly isFormer: boolean
  private readonly parsed: Parsed
  private readonly programs = new Map<GoType | undefined, Program>()
  private lastType: GoType | undefined
  private lastProgram: Program | undefined

  constructor(text: string, isFormer: boolean) {
    this.text = text
    this.isFormer = isFormer
    this.parsed = parse(text, isFormer)
  }

  /** The tree with its text ranges, for whoever explains a condition. */
  get tree(): Node | undefined {
    return 'tree' in this.parsed ? this.parsed.tree : undefined
  }

  /** What makes the text no condition at all, and where. */
  get syntaxProblem(): SyntaxProblem | undefined {
    return 'error' in this.parsed ? this.parsed.error : undefined
  }

  /** What is wrong with the text for a result of this type, before there is one. */
  typeError(example: GoValue): string | undefined {
    const { error } = this.programFor(typeOf(example))
    return error !== undefined && 'error' in error ? error.error : undefined
  }

  /** `nowUnixMs` is what now() gives: the simulated time as milliseconds since 1970. */
  evaluate(result: GoValue, nowUnixMs = 0): Verdict {
    const type = typeOf(result)
    const program = type === this.lastType && this.lastProgram !== undefined ? this.lastProgram : this.programFor(type)
    const { frame, evaluate } = program
    if (evaluate === undefined) return program.error!
    frame.begin(result, nowUnixMs)
    try {
      const value = evaluate(frame)
      if (value === true) return YES
      return value === false ? NO : { error: `expected bool, but got ${typeName(value)}` }
    } catch (error) {
      if (error instanceof Panic) return { error: (this.isFormer && error.formerly) || error.message }
      throw error
    }
  }

  private programFor(type: GoType | undefined): Program {
    let program = this.programs.get(type)
    if (program === undefined) {
      program = compileFor(this.text, type, this.isFormer)
      this.programs.set(type, program)
    }
    this.lastType = type
    this.lastProgram = program
    return program
  }
}

/** The check and the optimiser write into the tree, so each type gets one of its own. */
function compileFor(text: string, type: GoType | undefined, isFormer: boolean): Program {
  const frame = new Frame(isFormer)
  const fail = (message: string): Program => ({ frame, evaluate: undefined, error: { error: message } })
  const parsed = parse(text, isFormer)
  if ('error' in parsed) return fail(parsed.error.message)
  const wrong = check(parsed.tree, type, isFormer)
  if (wrong !== undefined) return fail(wrong)
  try {
    return { frame, evaluate: compileTree(optimize(parsed.tree), frame), error: undefined }
  } catch (error) {
    if (error instanceof Panic) return fail((isFormer && error.formerly) || error.message)
    throw error
  }
}
