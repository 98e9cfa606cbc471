// Syntax tree to program: instructions for a machine that follows all ways through an expression at once.
// https://swtch.com/~rsc/regexp/regexp2.html explains the form.

import type { Characters } from './characters.js'
import { type Assertion, isNullable, type Node } from './syntax.js'

/** Without a target of its own, an instruction goes on with the next. */
export type Instruction =
  | { readonly op: 'characters'; readonly characters: Characters }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'jump'; to: number }
  /** Goes both ways, and `preferred` first. */
  | { readonly op: 'split'; preferred: number; other: number }
  | { readonly op: 'match' }

export type Program = readonly Instruction[]

export function program(root: Node): Program {
  const code: Instruction[] = []
  emit(code, root)
  code.push({ op: 'match' })
  return code
}

function emit(code: Instruction[], node: Node): void {
  switch (node.kind) {
    case 'characters':
      code.push({ op: 'characters', characters: node.characters })
      break
    case 'assertion':
      code.push({ op: 'assert', assertion: node.assertion })
      break
    case 'capture':
      code.push({ op: 'save', slot: 2 * node.index })
      emit(code, node.inner)
      code.push({ op: 'save', slot: 2 * node.index + 1 })
      break
    case 'concatenation':
      for (const part of node.parts) emit(code, part)
      break
    case 'alternation':
      emitAlternation(code, node.options)
      break
    case 'repetition':
      for (let i = 1; i < node.min; i++) emit(code, node.inner)
      if (node.max === Number.POSITIVE_INFINITY) emitUnlimited(code, node.inner, node.min > 0, node.isGreedy)
      else {
        if (node.min > 0) emit(code, node.inner)
        emitOptional(code, node.inner, node.max - node.min, node.isGreedy)
      }
  }
}

function emitAlternation(code: Instruction[], options: readonly Node[]): void {
  const ends: { to: number }[] = []
  options.forEach((option, index) => {
    if (index === options.length - 1) {
      emit(code, option)
      return
    }
    const fork = split(code)
    fork.preferred = code.length
    emit(code, option)
    const end = { op: 'jump' as const, to: 0 }
    code.push(end)
    ends.push(end)
    fork.other = code.length
  })
  for (const end of ends) end.to = code.length
}

/** x+, x* as (x+)? where x can be empty: only so an empty pass counts in its turn. https://go.dev/issue/46123 */
function emitUnlimited(code: Instruction[], inner: Node, isRequired: boolean, isGreedy: boolean): void {
  const isLoopOfItsOwn = !isRequired && !isNullable(inner)
  const skip = isRequired ? undefined : split(code)
  const start = code.length
  emit(code, inner)
  if (isLoopOfItsOwn) code.push({ op: 'jump', to: start - 1 })
  else direct(split(code), start, code.length, isGreedy)
  if (skip !== undefined) direct(skip, start, code.length, isGreedy)
}

function emitOptional(code: Instruction[], inner: Node, count: number, isGreedy: boolean): void {
  const forks: { fork: Fork; start: number }[] = []
  for (let i = 0; i < count; i++) {
    forks.push({ fork: split(code), start: code.length })
    emit(code, inner)
  }
  for (const { fork, start } of forks) direct(fork, start, code.length, isGreedy)
}

interface Fork {
  preferred: number
  other: number
}

function split(code: Instruction[]): Fork {
  const fork = { op: 'split' as const, preferred: 0, other: 0 }
  code.push(fork)
  return fork
}

function direct(fork: Fork, inside: number, past: number, isGreedy: boolean): void {
  fork.preferred = isGreedy ? inside : past
  fork.other = isGreedy ? past : inside
}
