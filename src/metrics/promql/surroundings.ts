// Where in a query a word stands that can't be there: Prometheus' grammar names some constructs when it complains.

import { printedKeyword } from './keywords.js'
import type { Token } from './tokens.js'

type Place = 'parentheses' | 'aggregation' | 'grouping' | 'braces' | 'brackets'

export class Surroundings {
  /** What is open, the innermost last. */
  readonly #open: Place[] = []
  #isAfterAggregator = false
  #isAfterGrouping = false
  #isInStep = false
  #before: Token | undefined
  #beforeThat: Token | undefined

  /** `before` are the words in front of the wrong one, blanks left out. */
  constructor(before: readonly Token[]) {
    for (const token of before) this.#pass(token)
  }

  get isInList(): boolean {
    return this.#innermost === 'grouping' || this.isInBraces
  }

  get isInBraces(): boolean {
    return this.#innermost === 'braces'
  }

  /** What Prometheus adds to "unexpected …". */
  expectation(wrong: Token): string {
    const text = this.#before?.text ?? ''
    const isFirst = /^[{(,]$/.test(text)
    if (this.isInBraces) return ` in label matching, expected ${this.#matcherPart(isFirst)}`
    if (this.#innermost === 'grouping') return ` in grouping opts, expected ${isFirst ? 'label' : '"," or ")"'}`
    if (this.#innermost === 'brackets') return this.#inBrackets(text)
    if (this.#isAfterGrouping && wrong.text !== '(') return ' in grouping opts, expected "("'
    if (text === '@') return this.#beforeThat === undefined ? '' : ' in @, expected timestamp'
    if (this.#isAfterOffset(text)) return ` in offset, expected ${DURATION}`
    return this.#isAfterAggregator || this.#open.includes('aggregation') ? ' in aggregation' : ''
  }

  get #innermost(): Place | undefined {
    return this.#open.at(-1)
  }

  #pass(token: Token): void {
    const { kind, text } = token
    if (kind === 'symbol') this.#passSymbol(text)
    else if (!this.isInList) {
      const isGrouping = kind === 'word' && GROUPING.test(text)
      this.#isAfterAggregator = isGrouping ? this.#isAfterAggregator : isAggregator(token)
      this.#isAfterGrouping = isGrouping && this.#before !== undefined
    }
    this.#beforeThat = this.#before
    this.#before = token
  }

  #passSymbol(text: string): void {
    if (text === '(') {
      this.#open.push(this.#isAfterGrouping ? 'grouping' : this.#isAfterAggregator ? 'aggregation' : 'parentheses')
      if (!this.#isAfterGrouping) this.#isAfterAggregator = false
    } else if (text === '{') this.#open.push('braces')
    else if (text === '[') this.#open.push('brackets')
    else if (/^[)\]}]$/.test(text)) this.#open.pop()
    else if (!this.isInList) this.#isAfterAggregator = false
    this.#isAfterGrouping = false
    this.#isInStep = this.#innermost === 'brackets' && (this.#isInStep || text === ':')
  }

  #matcherPart(isFirst: boolean): string {
    if (isFirst) return 'identifier or "}"'
    if (this.#before?.kind === 'word') return 'label matching operator'
    return this.#before?.kind === 'string' ? '"," or "}"' : 'string'
  }

  #inBrackets(text: string): string {
    if (text === ':') return ' in subquery selector, expected number, duration, step(), range(), or "]"'
    if (this.#isInStep) return ' in subquery selector, expected "]"'
    if (this.#before?.kind === 'symbol') return ` in subquery or range selector, expected ${DURATION}`
    return ' in subquery or range, expected ":" or "]"'
  }

  #isAfterOffset(text: string): boolean {
    if (/^offset$/i.test(text)) return this.#beforeThat !== undefined && /[\w"'`)\]}]$/.test(this.#beforeThat.text)
    return /^[-+]$/.test(text) && /^offset$/i.test(this.#beforeThat?.text ?? '')
  }
}

const DURATION = 'number, duration, step(), or range()'
const GROUPING = /^(by|without|on|ignoring|group_left|group_right)$/i

function isAggregator({ kind, text }: Token): boolean {
  return kind === 'word' && printedKeyword(text)?.startsWith('<aggr:') === true
}
