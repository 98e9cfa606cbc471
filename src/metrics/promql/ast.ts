// The syntax tree of a query: frozen, tagged nodes that know their place in the text.

import type { Matcher } from '../matcher.js'
import type { TextRange } from './error.js'

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string'

export interface NumberLiteral extends TextRange {
  readonly kind: 'number'
  readonly value: number
}

export interface StringLiteral extends TextRange {
  readonly kind: 'string'
  readonly value: string
}

/** `@`: a fixed instant, or the start or end of the whole query. */
export type Anchor = { readonly timeMs: number } | 'start' | 'end'

export interface VectorSelector extends TextRange {
  readonly kind: 'selector'
  /** Includes the one for the metric name, if it has one. */
  readonly matchers: readonly Matcher[]
  /** The name written before the braces. */
  readonly name: string | undefined
  /** Down to the nanosecond, which beside `@` can make a millisecond. */
  readonly offsetMs: number
  readonly anchor: Anchor | undefined
}

export interface MatrixSelector extends TextRange {
  readonly kind: 'matrix'
  readonly selector: VectorSelector
  readonly rangeMs: number
}

export interface Subquery extends TextRange {
  readonly kind: 'subquery'
  readonly inner: Expression
  readonly rangeMs: number
  /** Absent: the global evaluation interval. */
  readonly stepMs: number | undefined
  readonly offsetMs: number
  readonly anchor: Anchor | undefined
}

export interface Call extends TextRange {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Expression[]
}

export type AggregateOperator = (typeof AGGREGATE_OPERATORS)[number]

export const AGGREGATE_OPERATORS = [
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
] as const

export interface Aggregate extends TextRange {
  readonly kind: 'aggregate'
  readonly operator: AggregateOperator
  readonly inner: Expression
  readonly parameter: Expression | undefined
  readonly grouping: readonly string[]
  readonly without: boolean
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2'
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<='
/** They cut native histograms; between floats they yield nothing. */
export type TrimOperator = '</' | '>/'
export type SetOperator = 'and' | 'or' | 'unless'
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator | TrimOperator

/** How series of two vectors find each other. */
export interface Matching {
  readonly on: boolean
  readonly labels: readonly string[]
  /** Which side may have several series in one match group; `none` is one-to-one. */
  readonly group: 'left' | 'right' | 'none'
  /** Labels that group_left or group_right takes over from the "one" side. */
  readonly include: readonly string[]
}

export interface Binary extends TextRange {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  readonly bool: boolean
  readonly matching: Matching
  /** Where the operator stands. */
  readonly operatorRange: TextRange
}

export interface Unary extends TextRange {
  readonly kind: 'unary'
  readonly operator: '+' | '-'
  readonly inner: Expression
}

export interface Paren extends TextRange {
  readonly kind: 'paren'
  readonly inner: Expression
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return ['==', '!=', '>', '<', '>=', '<='].includes(operator)
}

export function isTrimOperator(operator: BinaryOperator): operator is TrimOperator {
  return operator === '</' || operator === '>/'
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return operator === 'and' || operator === 'or' || operator === 'unless'
}

/** Parentheses around an argument mean nothing to the function. */
export function withoutParens(expression: Expression): Expression {
  return expression.kind === 'paren' ? withoutParens(expression.inner) : expression
}
