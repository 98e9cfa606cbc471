// The query's text together with the nodes the grammar found in it.

import type { SyntaxNode } from '@lezer/common'
import { parseError, type TextRange } from './error.js'
import { readNumber, readString } from './literals.js'

export class Source {
  constructor(readonly text: string) {}

  of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to)
  }

  string(node: SyntaxNode): string {
    return readString(this.of(node), node)
  }

  /** A number or duration (in seconds), with or without a sign in front. */
  number(node: SyntaxNode): number {
    const [, sign = '', digits = ''] = /^([+-]?)(?:\s|#[^\n]*)*([\s\S]*)$/.exec(this.of(node))!
    this.#refuseRunOn(digits, node)
    const value = readNumber(digits, node)
    return sign === '-' ? -value : value
  }

  /** The grammar takes `5offset` for two words. And Prometheus' lexer takes the e of 0x1e for that of an exponent. */
  #refuseRunOn(digits: string, node: SyntaxNode): void {
    const next = this.text[node.to] ?? ''
    const isExponent = /^0x(_?[\da-f]e([e_]|$)|.*[\da-f]_e)/i.test(digits) && /^[+-]?$/.test(next)
    if (/\w/.test(next) || isExponent) throw parseError(`bad number or duration syntax: "${digits}"`, node)
  }

  labelName(node: SyntaxNode): string {
    return node.name === 'QuotedLabelName' ? this.string(children(node)[0]!) : this.of(node)
  }

  /** Labels of a grouping. Its words may be keywords, but for a few. */
  labelNames(node: SyntaxNode | null | undefined): readonly string[] {
    if (!node) return []
    const names = children(node).map((child) => {
      const text = this.of(child)
      const name = this.labelName(child)
      const complain = (what: string) => parseError(`unexpected ${what} in grouping opts, expected label`, child)
      if (/^(inf|nan)$/i.test(text)) throw complain(`number ${JSON.stringify(text)}`)
      if (/^without$/i.test(text)) throw complain(`<${text}>`)
      if (name === '' || name.includes('\ufffd')) throw parseError(`invalid label name for grouping: "${name}"`, child)
      return name
    })
    return Object.freeze(names)
  }
}

/** Named children; comments may stand anywhere. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child)
  }
  return found
}

export function rangeOf({ from, to }: TextRange): TextRange {
  return { from, to }
}
