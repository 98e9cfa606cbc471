// Says what is wrong with a text the grammar rejects, close to how Prometheus would say it.

import type { Tree } from '@lezer/common'
import { type PromqlError, parseError } from './error.js'
import { printedKeyword } from './keywords.js'
import { lexicalError } from './lexical-error.js'
import { SIGNATURES } from './signatures.js'
import { Surroundings } from './surroundings.js'
import { type Token, tokenize } from './tokens.js'

/** The tree may be of a text respelt, with everything in its place. */
export function syntaxError(text: string, tree: Tree): PromqlError {
  const at = firstError(tree)
  const tokens = tokenize(text)
  const index = tokens.findIndex((token) => token.to > at && token.kind !== 'blank')
  const token = tokens[index] ?? { kind: 'end', from: text.length, to: text.length, text: '' }
  const passed = tokens.slice(0, index < 0 ? undefined : index).filter(({ kind }) => kind !== 'blank')
  const surroundings = new Surroundings(passed)
  const lexical = lexicalError(text)
  if (lexical !== undefined && isMetFirst(lexical, token)) return lexical
  return (
    (surroundings.isInList ? undefined : callError(token, passed.at(-1))) ??
    parseError(`unexpected ${describe(token, surroundings.isInBraces)}${surroundings.expectation(token)}`, token)
  )
}

/** The grammar is asked word by word; a parenthesis too many is only found after it. */
function isMetFirst(lexical: PromqlError, { kind, to }: Token): boolean {
  if (kind === 'end' || lexical.from < to) return true
  return lexical.from === to && lexical.message.startsWith('unexpected right parenthesis')
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

/** The grammar knows functions by name, so a wrong name shows up only at the parenthesis after it. */
function callError(token: Token, before: Token | undefined): PromqlError | undefined {
  if (
    token.text === '(' &&
    before?.kind === 'word' &&
    NAME.test(before.text) &&
    printedKeyword(before.text) === undefined
  ) {
    const signature = SIGNATURES.get(before.text)
    // A few experimental functions are missing from the grammar; any other is just at the wrong place.
    if (signature?.experimental === false) return undefined
    if (signature !== undefined) return parseError(`function "${before.text}" is not enabled`, before)
    return parseError(`unknown function with name ${JSON.stringify(before.text)}`, before)
  }
  if (/^[),]$/.test(token.text) && before?.text === ',') {
    return parseError('trailing commas not allowed in function call args', before)
  }
  return undefined
}

const NAME = /^(?!(inf|nan)$)[a-z_]\w*$/i

function describe(token: Token, isInBraces: boolean): string {
  if (token.kind === 'end') return 'end of input'
  if (token.kind === 'symbol') return OPERATOR.test(token.text) ? `<op:${token.text}>` : `"${token.text}"`
  if (token.kind === 'string') return `string ${shortened(token.text)}`
  if (token.kind === 'number')
    return `${/^[\d.]+(ms|[smhdwy])/.test(token.text) ? 'duration' : 'number'} ${shortened(token.text)}`
  if (isInBraces) return `identifier ${JSON.stringify(token.text)}`
  if (/^(inf|nan)$/i.test(token.text)) return `number ${JSON.stringify(token.text)}`
  return (
    printedKeyword(token.text) ??
    `${token.text.includes(':') ? 'metric identifier' : 'identifier'} ${JSON.stringify(token.text)}`
  )
}

function shortened(text: string): string {
  return text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text)
}

const OPERATOR = /^([-+*/%^<>@]|==|[!<>]=|[=!]~|<\/|>\/)$/
