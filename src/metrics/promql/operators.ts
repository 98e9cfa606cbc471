// Binds operators to operands by Prometheus' precedences. The lezer grammar finds the tokens but binds some wrongly:
// `a + b offset 5m` as (a + b) offset 5m, `-a[5m]` as (-a)[5m], `-1^2` as (-1)^2. So its tree is flattened here.

import type { SyntaxNode } from '@lezer/common'
import type { Binary, BinaryOperator, Expression, Matching } from './ast.js'
import { limitError, parseError } from './error.js'
import { MODIFIERS, modified } from './modifiers.js'
import { children, rangeOf, type Source } from './source.js'

/** From the %left and %right lines of Prometheus' grammar. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
}
const POWER = 6

/** More than any real query has; keeps hostile input from exhausting the stack. */
export const DEPTH_LIMIT = 200
const ITEM_LIMIT = 1000

const SIGN = /^[+-](?:\s|#[^\n]*)*/

/** One step of an expression read from left to right. */
type Item =
  | { readonly kind: 'operand'; readonly node: SyntaxNode; readonly from: number }
  | { readonly kind: 'prefix'; readonly operator: '+' | '-'; readonly from: number }
  | { readonly kind: 'modifier'; readonly node: SyntaxNode }
  | { readonly kind: 'infix'; readonly node: SyntaxNode; readonly operator: string }

/** Builds the expression of a node; `operand` builds what has no operator at its top, from where its digits start. */
export function bind(
  source: Source,
  node: SyntaxNode,
  operand: (node: SyntaxNode, from: number) => Expression,
): Expression {
  const items = flatten(source, node)
  if (items.length > ITEM_LIMIT) throw limitError(`more than ${ITEM_LIMIT} operators and operands in a row`, node)
  let at = 0
  let depth = 0

  function climb(least: number): Expression {
    if (++depth > DEPTH_LIMIT) throw limitError(`nested more than ${DEPTH_LIMIT} levels deep`, node)
    let left = prefixed()
    for (;;) {
      const item = items[at]
      if (item?.kind !== 'infix' || PRECEDENCE[item.operator]! < least) {
        depth--
        return left
      }
      at++
      const precedence = PRECEDENCE[item.operator]!
      const right = climb(precedence === POWER ? precedence : precedence + 1)
      left = binary(source, item.node, item.operator, left, right)
    }
  }

  function prefixed(): Expression {
    const item = items[at++]!
    if (item.kind === 'prefix') return unary(item.operator, climb(POWER), item.from)
    if (item.kind !== 'operand') throw parseError('unexpected operator', item.node)
    let expression = operand(item.node, item.from)
    for (let next = items[at]; next?.kind === 'modifier'; next = items[++at]) {
      expression = modified(source, next.node, expression)
    }
    return expression
  }

  return climb(1)
}

/** Depth first and left to right, without recursion: a chain of operators leans far to the left. */
function flatten(source: Source, root: SyntaxNode): Item[] {
  const items: Item[] = []
  const pending: (SyntaxNode | Item)[] = [root]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if ('kind' in next) items.push(next)
    else pending.push(...unfold(source, next).reverse())
  }
  return items
}

function unfold(source: Source, node: SyntaxNode): (SyntaxNode | Item)[] {
  const parts = children(node)
  if (node.name === 'BinaryExpr') {
    const operator = source.of(parts[1]!).toLowerCase()
    return [parts[0]!, { kind: 'infix', node, operator }, parts.at(-1)!]
  }
  if (node.name === 'UnaryExpr') {
    return [{ kind: 'prefix', operator: source.of(parts[0]!) as '+' | '-', from: node.from }, parts[1]!]
  }
  if (MODIFIERS.has(node.name)) return [parts[0]!, { kind: 'modifier', node }]
  const sign = node.name === 'NumberDurationLiteral' ? SIGN.exec(source.of(node))?.[0] : undefined
  const operand: Item = { kind: 'operand', node, from: node.from + (sign?.length ?? 0) }
  return sign === undefined ? [operand] : [{ kind: 'prefix', operator: sign[0] as '+' | '-', from: node.from }, operand]
}

function unary(operator: '+' | '-', inner: Expression, from: number): Expression {
  if (inner.kind !== 'number') return Object.freeze({ kind: 'unary', from, to: inner.to, operator, inner })
  return Object.freeze({ ...inner, from, value: operator === '-' ? -inner.value : inner.value })
}

function binary(source: Source, node: SyntaxNode, operator: string, left: Expression, right: Expression): Expression {
  const operatorNode = children(node)[1]!
  if (node.getChild('FillModifier') !== null) {
    throw parseError('binop fill modifiers are experimental and not enabled', { from: left.from, to: right.to })
  }
  const built: Binary = {
    kind: 'binary',
    from: left.from,
    to: right.to,
    operator: operator as BinaryOperator,
    left,
    right,
    bool: node.getChild('BoolModifier') !== null,
    matching: matching(source, node.getChild('MatchingModifierClause')),
    operatorRange: rangeOf(operatorNode),
  }
  return Object.freeze(built)
}

function matching(source: Source, clause: SyntaxNode | null): Matching {
  const [labels, include] = clause?.getChildren('GroupingLabels') ?? []
  return Object.freeze({
    on: clause !== null && clause.getChild('On') !== null,
    labels: source.labelNames(labels),
    group: clause?.getChild('GroupLeft') ? 'left' : clause?.getChild('GroupRight') ? 'right' : 'none',
    include: source.labelNames(include),
  })
}
