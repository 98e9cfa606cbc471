// What the parser stands on: the token it looks at, the nodes it makes, and the first thing that is wrong.

import { UNKNOWN } from '../value/nature.js'
import { lex } from './lexer.js'
import { readNumber } from './number-literal.js'
import { describe, isToken, type SyntaxProblem, type Token, type TokenKind } from './token.js'
import { type Node, replaceChildren } from './tree.js'

/** expr's own limit. */
const MAX_NODES = 10_000
/** Ours, so that no pass over a tree exhausts the stack. */
export const MAX_DEPTH = 500

type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>
type Fields<K extends Node['kind']> = Omit<NodeOf<K>, 'kind' | 'range' | 'nature'>

export class TreeBuilder {
  protected current: Token = { kind: 'EOF', value: '', from: 0, to: 0 }
  protected error: SyntaxProblem | undefined
  private readonly tokens: readonly Token[]
  private readonly lexError: SyntaxProblem | undefined
  private at = -1
  private nodes = 0

  constructor(
    text: string,
    /** As expr 1.15 does, which cuts the whole text into tokens before it reads the first. */
    protected readonly isFormer: boolean,
  ) {
    const { tokens, error } = lex(text, isFormer)
    this.tokens = tokens
    this.lexError = error
    if (isFormer) this.error = error
  }

  protected make<K extends Node['kind']>(kind: K, from: number, fields: Fields<K>): NodeOf<K> | undefined {
    this.count()
    if (this.error !== undefined) return undefined
    const to = Math.max(from, this.tokens[this.at - 1]?.to ?? from)
    return { kind, range: { from, to }, nature: UNKNOWN, ...fields } as unknown as NodeOf<K>
  }

  protected text({ from, value }: Token): Node | undefined {
    return this.make('string', from, { value })
  }

  protected number(token: Token): Node | undefined {
    const literal = readNumber(token.value)
    if (literal.kind === 'integer') return this.make('integer', token.from, { value: literal.value })
    if (literal.kind === 'float') return this.make('float', token.from, { value: literal.value })
    this.fail(literal.message, token)
    return undefined
  }

  protected count(): void {
    if (++this.nodes > MAX_NODES) {
      this.fail('compilation failed: expression exceeds maximum allowed nodes', this.current)
    }
  }

  protected sees(kind: TokenKind, value?: string): boolean {
    return isToken(this.current, kind, value)
  }

  protected expect(kind: TokenKind, value?: string): void {
    if (this.sees(kind, value)) this.next()
    else this.failUnexpected()
  }

  protected next(): void {
    const token = this.tokens[this.at + 1]
    if (token !== undefined) {
      this.at++
      this.current = token
    } else if (this.lexError !== undefined) this.error = this.lexError
    else this.fail('unexpected end of expression', this.current)
  }

  protected failUnexpected(): void {
    this.fail(`unexpected token ${describe(this.current)}`, this.current)
  }

  protected failTooDeep(): void {
    this.fail(`coalmine reads no condition nested deeper than ${MAX_DEPTH} levels`, this.current)
  }

  protected fail(message: string, { from, to }: Token): void {
    this.error ??= { message, from, to }
  }

  /** Undoes one next(). */
  protected back(): void {
    this.at--
    this.current = this.tokens[this.at]!
  }
}

/** A chained comparison shares nodes, so a small text can unfold into a huge tree: that counts as too deep as well. */
export function isTooDeep(tree: Node): boolean {
  const stack: [node: Node, depth: number][] = [[tree, 1]]
  let visits = 0
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [node, depth] = top
    if (depth > MAX_DEPTH || ++visits > MAX_NODES * 2) return true
    replaceChildren(node, (child) => {
      stack.push([child, depth + 1])
      return child
    })
  }
  return false
}
