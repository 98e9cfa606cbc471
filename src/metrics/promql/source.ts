// The query's text together with the nodes the grammar found in it.

import type { SyntaxNode } from '@lezer/common'
import type { TextRange } from './error.js'
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
    const [, sign = '', digits = ''] = /^([+-]?)\s*([\s\S]*)$/.exec(this.of(node))!
    const value = readNumber(digits, node)
    return sign === '-' ? -value : value
  }

  labelName(node: SyntaxNode): string {
    return node.name === 'QuotedLabelName' ? this.string(children(node)[0]!) : this.of(node)
  }

  labelNames(node: SyntaxNode | null | undefined): readonly string[] {
    return Object.freeze(node ? children(node).map((child) => this.labelName(child)) : [])
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
