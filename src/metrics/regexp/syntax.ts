// The syntax tree of a regular expression. A node knows how large its program gets and how deep it nests.

import type { Characters } from './characters.js'

export type Assertion = 'text-begin' | 'text-end' | 'line-begin' | 'line-end' | 'word-boundary' | 'no-word-boundary'

type Shape =
  | { readonly kind: 'empty' }
  | { readonly kind: 'characters'; readonly characters: Characters }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'capture'; readonly index: number; readonly inner: Node }
  | { readonly kind: 'concatenation'; readonly parts: readonly Node[] }
  | { readonly kind: 'alternation'; readonly options: readonly Node[] }
  | Repetition

interface Repetition {
  readonly kind: 'repetition'
  readonly inner: Node
  readonly min: number
  readonly max: number
  readonly isGreedy: boolean
}

export type Node = Shape & { readonly size: number; readonly height: number }

export const EMPTY: Node = Object.freeze({ kind: 'empty', size: 1, height: 1 })

export function characters(set: Characters): Node {
  return { kind: 'characters', characters: set, size: 1, height: 1 }
}

export function assertion(name: Assertion): Node {
  return { kind: 'assertion', assertion: name, size: 1, height: 1 }
}

export function capture(index: number, inner: Node): Node {
  return { kind: 'capture', index, inner, size: inner.size + 2, height: inner.height + 1 }
}

export function concatenation(parts: readonly Node[]): Node {
  if (parts.length < 2) return parts[0] ?? EMPTY
  return { kind: 'concatenation', parts, size: total(parts), height: tallest(parts) + 1 }
}

export function alternation(options: readonly Node[]): Node {
  if (options.length === 1) return options[0]!
  const size = total(options) + options.length - 1
  return { kind: 'alternation', options, size, height: tallest(options) + 1 }
}

export function repetition(inner: Node, min: number, max: number, isGreedy: boolean): Node {
  const size = max === Number.POSITIVE_INFINITY ? 2 + Math.max(1, min) * inner.size : max * inner.size + (max - min)
  return { kind: 'repetition', inner, min, max, isGreedy, size: Math.max(1, size), height: inner.height + 1 }
}

/** RE2 refuses counted repetitions whose nested counts multiply to more than a limit. */
export function repeatsWithin(node: Node, limit: number): boolean {
  if (node.kind === 'repetition') {
    const count = node.max === Number.POSITIVE_INFINITY ? node.min : node.max
    if (node.max === 0) return true
    if (count > limit) return false
    return repeatsWithin(node.inner, count > 0 ? Math.trunc(limit / count) : limit)
  }
  return childrenOf(node).every((child) => repeatsWithin(child, limit))
}

export function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'characters':
      return false
    case 'repetition':
      return node.min === 0 || isNullable(node.inner)
    case 'alternation':
      return node.options.some(isNullable)
    default:
      return childrenOf(node).every(isNullable)
  }
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'concatenation') return node.parts
  if (node.kind === 'alternation') return node.options
  return node.kind === 'capture' || node.kind === 'repetition' ? [node.inner] : []
}

function total(nodes: readonly Node[]): number {
  return nodes.reduce((sum, { size }) => sum + size, 0)
}

function tallest(nodes: readonly Node[]): number {
  return nodes.reduce((most, { height }) => Math.max(most, height), 0)
}
