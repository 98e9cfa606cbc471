// How tightly the operators bind, weakest first.

export type Order = '<' | '<=' | '>' | '>='

export const UNARY_PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['not', 50],
  ['!', 50],
  ['-', 90],
  ['+', 90],
])

export const BINARY_PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['|', 0],
  ['or', 10],
  ['||', 10],
  ['and', 15],
  ['&&', 15],
  ['==', 20],
  ['!=', 20],
  ['<', 20],
  ['>', 20],
  ['>=', 20],
  ['<=', 20],
  ['in', 20],
  ['matches', 20],
  ['contains', 20],
  ['startsWith', 20],
  ['endsWith', 20],
  ['..', 25],
  ['+', 30],
  ['-', 30],
  ['*', 60],
  ['/', 60],
  ['%', 60],
  ['**', 100],
  ['^', 100],
  ['??', 500],
])

export function isRightAssociative(operator: string): boolean {
  return operator === '**' || operator === '^'
}

/** `0.9 < x < 1` chains. */
export function isOrder(operator: string): operator is Order {
  return operator === '<' || operator === '>' || operator === '<=' || operator === '>='
}

export function isLogical(operator: string): boolean {
  return operator === 'and' || operator === 'or' || operator === '&&' || operator === '||'
}

/** `not in`, `not contains` and the like. */
export function takesNot(operator: string): boolean {
  return (
    operator === 'in' ||
    operator === 'contains' ||
    operator === 'matches' ||
    operator === 'startsWith' ||
    operator === 'endsWith'
  )
}
