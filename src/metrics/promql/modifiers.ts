// What follows an expression and changes which samples it means: [range], [range:step], offset, @.

import type { SyntaxNode } from '@lezer/common'
import type { Anchor, Expression } from './ast.js'
import { type PromqlError, parseError, type TextRange } from './error.js'
import { children, type Source } from './source.js'

export const MODIFIERS: ReadonlySet<string> = new Set([
  'MatrixSelector',
  'SubqueryExpr',
  'OffsetExpr',
  'StepInvariantExpr',
  'AnchoredExpr',
  'SmoothedExpr',
])

/** Applies the modifier of a node to an expression (which need not be the one the node holds). */
export function modified(source: Source, node: SyntaxNode, target: Expression): Expression {
  switch (node.name) {
    case 'MatrixSelector':
      return matrix(source, node, target)
    case 'SubqueryExpr':
      return subquery(source, node, target)
    case 'OffsetExpr':
      return offset(source, node, target)
    case 'StepInvariantExpr':
      return anchored(source, node, target)
    default: {
      const name = node.name === 'AnchoredExpr' ? 'anchored' : 'smoothed'
      throw parseError(`${name} modifier is experimental and not enabled`, target)
    }
  }
}

function matrix(source: Source, node: SyntaxNode, selector: Expression): Expression {
  const rangeMs = positiveMs(source, children(node)[1]!)
  const bracket = { from: source.text.indexOf('[', selector.to), to: node.to }
  if (selector.kind !== 'selector') throw parseError('ranges only allowed for vector selectors', bracket)
  if (selector.offsetMs !== 0) throw parseError('no offset modifiers allowed before range', bracket)
  if (selector.anchor !== undefined) throw parseError('no @ modifiers allowed before range', bracket)
  return Object.freeze({ kind: 'matrix', from: selector.from, to: node.to, selector, rangeMs })
}

function subquery(source: Source, node: SyntaxNode, inner: Expression): Expression {
  const [, range, step] = children(node)
  return Object.freeze({
    kind: 'subquery',
    from: inner.from,
    to: node.to,
    inner,
    rangeMs: positiveMs(source, range!),
    stepMs: step === undefined ? undefined : positiveMs(source, step),
    offsetMs: 0,
    anchor: undefined,
  })
}

function offset(source: Source, node: SyntaxNode, target: Expression): Expression {
  const duration = children(node)[2]!
  const offsetMs = toNanoseconds(durationSeconds(source, duration)) / 1e6
  // After two signs, Prometheus takes an operator for one of the duration's.
  const isArithmetic = /^(\s|#[^\n]*\n)*[-+*/%^]/.test(source.text.slice(node.to))
  if (isArithmetic && /^[+-]\s*[+-]/.test(source.of(duration))) throw experimental(duration)
  return place(target, node.to, (placed) => {
    if (placed === undefined) throw parseError(`offset modifier ${MISPLACED}`, target)
    if (placed.offsetMs !== 0) throw parseError('offset may not be set multiple times', target)
    return { offsetMs }
  })
}

function experimental(place: TextRange): PromqlError {
  return parseError('experimental duration expression is not enabled', place)
}

function anchored(source: Source, node: SyntaxNode, target: Expression): Expression {
  const anchor = readAnchor(source, children(node)[2]!, target)
  return place(target, node.to, (placed) => {
    if (placed === undefined) throw parseError(`@ modifier ${MISPLACED}`, target)
    if (placed.anchor !== undefined) throw parseError('@ <timestamp> may not be set multiple times', target)
    return { anchor }
  })
}

const MISPLACED = 'must be preceded by an instant vector selector or range vector selector or a subquery'

function readAnchor(source: Source, node: SyntaxNode, target: Expression): Anchor {
  if (node.name === 'AtModifierPreprocessors') return node.getChild('AtStart') === null ? 'end' : 'start'
  const seconds = source.number(node)
  if (!(Math.abs(seconds) < 2 ** 63)) throw parseError('timestamp out of bounds for @ modifier', target)
  return Object.freeze({ timeMs: Math.round(seconds * 1000) })
}

type Placed = { readonly offsetMs: number; readonly anchor: Anchor | undefined }

function place(target: Expression, to: number, change: (placed: Placed | undefined) => Partial<Placed>): Expression {
  if (target.kind === 'matrix') {
    const selector = Object.freeze({ ...target.selector, ...change(target.selector) })
    return Object.freeze({ ...target, to, selector })
  }
  if (target.kind === 'selector' || target.kind === 'subquery') {
    return Object.freeze({ ...target, to, ...change(target) })
  }
  change(undefined)
  return target
}

/** Prometheus keeps durations in nanoseconds in 64 bits. */
const LONGEST_SECONDS = 2 ** 63 / 1e9

function positiveMs(source: Source, node: SyntaxNode): number {
  const seconds = durationSeconds(source, node)
  if (!(seconds > 0)) throw parseError('duration must be greater than 0', node)
  return toMs(seconds)
}

/** A number with any signs; expressions are an experimental feature that is off by default. */
function durationSeconds(source: Source, node: SyntaxNode): number {
  const place = firstExpression(node)
  if (place !== undefined) throw experimental(place)
  return literalSeconds(source, node)
}

function literalSeconds(source: Source, node: SyntaxNode): number {
  const [first, second] = children(node) as [SyntaxNode, SyntaxNode?]
  if (second !== undefined) return (source.of(first) === '-' ? -1 : 1) * literalSeconds(source, second)
  if (first.name !== LITERAL) return literalSeconds(source, first)
  const seconds = source.number(first)
  if (Math.abs(seconds) > LONGEST_SECONDS) throw parseError('duration out of range', first)
  return seconds
}

/** Prometheus rounds to nanoseconds and then cuts to milliseconds: a short duration can be none at all. */
function toMs(seconds: number): number {
  return Math.trunc(toNanoseconds(seconds) / 1e6)
}

function toNanoseconds(seconds: number): number {
  // Go makes the least of all integers from what is no number.
  return Math.round((Number.isNaN(seconds) ? -LONGEST_SECONDS : seconds) * 1e9)
}

const LITERAL = 'NumberDurationLiteralInDurationContext'

/** What Prometheus' parser would first put together that is no number with signs: innermost and leftmost. */
function firstExpression(node: SyntaxNode): TextRange | undefined {
  const parts = children(node)
  const [first, second] = parts as [SyntaxNode, SyntaxNode?]
  if (first.name === LITERAL) return undefined
  if (first.name === 'UnaryOp' && second !== undefined && node.parent?.name === 'OffsetExpr') {
    // After `offset` and a sign, parentheses alone are let pass; of `-step()` the sign is part.
    const [inner] = children(second)
    if (inner?.name === 'DurationExpr') return firstExpression(inner)
    if (inner?.name === 'DurationStep' || inner?.name === 'DurationRange') return node
  }
  const operands = parts.filter(({ name }) => name === 'DurationExpr' || name === 'OffsetDurationExpr')
  const inside = operands.map(firstExpression).find((range) => range !== undefined)
  if (inside !== undefined || first.name === 'UnaryOp') return inside
  // In parentheses: they aren't part of what they hold.
  return parts.length === 1 && operands.length === 1 ? first : node
}
