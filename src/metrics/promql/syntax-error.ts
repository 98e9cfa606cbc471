// Says what is wrong with a text the grammar rejects, close to how Prometheus would say it.

import type { SyntaxNode, Tree } from '@lezer/common'
import { type PromqlError, parseError } from './error.js'
import { printedKeyword } from './keywords.js'
import { SIGNATURES } from './signatures.js'
import { type Token, tokenize } from './tokens.js'

export function syntaxError(text: string, tree: Tree): PromqlError {
  const at = firstError(tree)
  const tokens = tokenize(text)
  const index = tokens.findIndex((token) => token.to > at && token.kind !== 'blank')
  const token = tokens[index] ?? { kind: 'end', from: text.length, to: text.length, text: '' }
  const before = tokens.slice(0, index < 0 ? undefined : index).findLast(({ kind }) => kind !== 'blank')
  return (
    lexicalError(tokens, token, at) ??
    callError(token, before) ??
    parseError(`unexpected ${describe(token)}${expectation(tree, at, before)}`, token)
  )
}

/** The place of the first error node; it may be of no width, in front of the blanks before the wrong token. */
function firstError(tree: Tree): number {
  let first = tree.length
  tree.iterate({
    enter(node) {
      if (node.type.isError && node.from < first) first = node.from
    },
  })
  return first
}

/** What Prometheus' lexer refuses at or before the place where the grammar stops. */
function lexicalError(tokens: readonly Token[], wrong: Token, at: number): PromqlError | undefined {
  const open: string[] = []
  for (const token of tokens) {
    if (token.from > wrong.from) return undefined
    if (token.kind === 'string' && (token.text.length < 2 || token.text.at(-1) !== token.text[0])) {
      return parseError('unterminated quoted string', token)
    }
    // The grammar took the front of the token for a number and stopped inside it.
    if (token.kind === 'number' && token.from < at && at < token.to) {
      return parseError(`bad number or duration syntax: "${token.text}"`, token)
    }
    if (token === wrong && open.at(-1) === '{' && (token.kind === 'number' || FOREIGN.test(token.text))) {
      return parseError(`unexpected character inside braces: '${[...token.text][0]}'`, token)
    }
    if (FOREIGN.test(token.text)) return parseError(`unexpected character: '${token.text}'`, token)
    if ('([{'.includes(token.text) && token.kind === 'symbol') open.push(token.text)
    if (')]}'.includes(token.text) && token.kind === 'symbol' && open.pop() === undefined) {
      return parseError(`unexpected right ${BRACKETS[token.text]} '${token.text}'`, token)
    }
  }
  if (wrong.kind !== 'end' || open.length === 0) return undefined
  return parseError(UNCLOSED[open.at(-1)!]!, wrong)
}

const UNCLOSED: Readonly<Record<string, string>> = {
  '(': 'unclosed left parenthesis',
  '[': 'unclosed left bracket',
  '{': 'unexpected end of input inside braces',
}

/** Characters that start no token. */
const FOREIGN = /^[^\w\s"'`()[\]{},:+\-*/%^=!<>@]/

const BRACKETS: Readonly<Record<string, string>> = { ')': 'parenthesis', ']': 'bracket', '}': 'brace' }

/** The grammar knows functions by name, so a wrong name shows up only at the parenthesis after it. */
function callError(token: Token, before: Token | undefined): PromqlError | undefined {
  if (token.text === '(' && before?.kind === 'word' && printedKeyword(before.text) === undefined) {
    const signature = SIGNATURES.get(before.text)
    // A few experimental functions are missing from the grammar; any other is just at the wrong place.
    if (signature?.experimental === false) return undefined
    if (signature !== undefined) return parseError(`function "${before.text}" is not enabled`, before)
    return parseError(`unknown function with name ${JSON.stringify(before.text)}`, before)
  }
  if (token.text === ')' && before?.text === ',') {
    return parseError('trailing commas not allowed in function call args', before)
  }
  return undefined
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'end of input'
  if (token.kind === 'symbol') return OPERATOR.test(token.text) ? `<op:${token.text}>` : `"${token.text}"`
  if (token.kind === 'string') return `string ${JSON.stringify(token.text)}`
  if (token.kind === 'number') return `number ${JSON.stringify(token.text)}`
  return (
    printedKeyword(token.text) ??
    `${token.text.includes(':') ? 'metric identifier' : 'identifier'} ${JSON.stringify(token.text)}`
  )
}

const OPERATOR = /^([-+*/%^<>@]|==|[!<>]=|[=!]~)$/

function expectation(tree: Tree, at: number, before: Token | undefined): string {
  if (/^(by|without|on|ignoring)$/i.test(before?.text ?? '')) return ' in grouping opts, expected "("'
  const isAfter = before !== undefined && /^[)\]}]$/.test(before.text)
  const sides = [enclosing(tree.resolveInner(at, -1), at), enclosing(tree.resolveInner(at, 1), at)]
  const around = sides.find((side) => side !== undefined && side !== 'AggregateExpr') ?? sides[0] ?? sides[1]
  const starts = before?.text === '{' || before?.text === '(' || before?.text === ','
  if (isAfter && around !== 'AggregateExpr') return ''
  switch (around) {
    case 'LabelMatchers':
      return ` in label matching, expected ${starts ? 'identifier or "}"' : '"," or "}"'}`
    case 'UnquotedLabelMatcher':
    case 'QuotedLabelMatcher':
      return ` in label matching, expected ${before?.kind === 'word' ? 'label matching operator' : 'string'}`
    case 'GroupingLabels':
      return ` in grouping opts, expected ${starts ? 'label' : '"," or ")"'}`
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return ` in subquery or range, expected ${before?.text === '[' ? 'number or duration' : '":" or "]"'}`
    case 'OffsetExpr':
      return ' in offset, expected number or duration'
    case 'StepInvariantExpr':
      return ' in @, expected timestamp'
    case 'AggregateExpr':
      return ' in aggregation'
    default:
      return ''
  }
}

const CONTEXTS = new Set([
  'LabelMatchers',
  'UnquotedLabelMatcher',
  'QuotedLabelMatcher',
  'GroupingLabels',
  'MatrixSelector',
  'SubqueryExpr',
  'OffsetExpr',
  'StepInvariantExpr',
])

/** The nearest construct with a name of its own in Prometheus' messages; an expression inside hides all but one. */
function enclosing(node: SyntaxNode, position: number): string | undefined {
  let isHidden = false
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === 'AggregateExpr' && at.to > position) return at.name
    if (CONTEXTS.has(at.name) && !isHidden) return at.name
    isHidden ||= at.name.endsWith('Expr') || at.name.endsWith('Body')
  }
  return undefined
}
