// Reads what stands in an action: pipelines of commands, their operands, the variables they declare.
import { unquote } from '../../go/quote.js'
import type { CommandNode, Operand, PipeNode, VariableNode } from './node.js'
import { nodeText } from './node-text.js'
import { readNumber } from './number.js'
import type { Token, TokenKind } from './token.js'
import type { TokenStream } from './token-stream.js'

export class PipelineParser {
  constructor(
    readonly tokens: TokenStream,
    readonly isFunction: (name: string) => boolean,
  ) {}

  pipeline(context: string, end: TokenKind): PipeNode {
    const { at } = this.tokens.peekWord()
    const { variables, isAssignment } = this.#declarations(context)
    const commands: CommandNode[] = []
    for (;;) {
      const token = this.tokens.nextWord()
      if (token.kind === end) break
      if (!OPERANDS.has(token.kind)) this.tokens.unexpected(token, context)
      this.tokens.back()
      commands.push(this.#command())
    }
    this.#checkCommands(commands, context)
    return Object.freeze({ kind: 'pipe', at, variables, isAssignment, commands: Object.freeze(commands) })
  }

  /** `$x := ` and `$x = `; before a range's pipeline two variables, or none after the comma. */
  #declarations(context: string): { variables: readonly VariableNode[]; isAssignment: boolean } {
    const variables: VariableNode[] = []
    let isAssignment = false
    while (this.tokens.peekWord().kind === 'variable') {
      const start = this.tokens.position
      const variable = this.tokens.next()
      const sign = this.tokens.peekWord()
      const isComma = sign.kind === 'character' && sign.text === ','
      if (sign.kind !== 'assign' && sign.kind !== 'declare' && !isComma) {
        this.tokens.returnTo(start)
        break
      }
      this.tokens.nextWord()
      isAssignment = sign.kind === 'assign'
      variables.push(Object.freeze({ kind: 'variable', at: variable.at, name: variable.text, fields: NO_FIELDS }))
      this.tokens.scope.variables.push(variable.text)
      if (!isComma) break
      this.#checkComma(context, variables.length)
    }
    return { variables: Object.freeze(variables), isAssignment }
  }

  #checkComma(context: string, count: number): void {
    if (context === 'range' && count < 2) {
      const { kind } = this.tokens.peekWord()
      if (kind === 'variable' || kind === 'right delimiter' || kind === 'right paren') return
      this.tokens.fail('range can only initialize variables')
    }
    this.tokens.fail('too many declarations in %s', context)
  }

  #checkCommands(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.tokens.fail('missing value for %s', context)
    commands.forEach(({ operands }, index) => {
      if (index > 0 && NOT_EXECUTABLE.has(operands[0]!.kind)) {
        this.tokens.fail(`non executable command in pipeline stage ${index + 1}`)
      }
    })
  }

  #command(): CommandNode {
    const { at } = this.tokens.peekWord()
    const operands: Operand[] = []
    for (;;) {
      this.tokens.peekWord()
      const operand = this.#operand()
      if (operand !== undefined) operands.push(operand)
      const token = this.tokens.next()
      if (token.kind === 'space') continue
      if (token.kind === 'right delimiter' || token.kind === 'right paren') this.tokens.back()
      else if (token.kind !== 'pipe') this.tokens.unexpected(token, 'operand')
      break
    }
    if (operands.length === 0) this.tokens.fail('empty command')
    return Object.freeze({ kind: 'command', at, operands: Object.freeze(operands) })
  }

  /** A term and the fields that follow it without a space. */
  #operand(): Operand | undefined {
    const term = this.#term()
    if (term === undefined || this.tokens.peek().kind !== 'field') return term
    const { at } = this.tokens.peek()
    const added: string[] = []
    while (this.tokens.peek().kind === 'field') added.push(this.tokens.next().text.slice(1))
    if (term.kind === 'field' || term.kind === 'variable') {
      return Object.freeze({ ...term, at, fields: Object.freeze([...term.fields, ...added]) })
    }
    if (LITERALS.has(term.kind)) this.tokens.fail('unexpected . after term %q', nodeText(term))
    return Object.freeze({ kind: 'chain', at, of: term, fields: Object.freeze(added) })
  }

  #term(): Operand | undefined {
    const token = this.tokens.nextWord()
    const { at, text } = token
    switch (token.kind) {
      case 'identifier':
        if (!this.isFunction(text)) this.tokens.fail('function %q not defined', text)
        return Object.freeze({ kind: 'identifier', at, name: text })
      case 'dot':
      case 'nil':
        return Object.freeze({ kind: token.kind, at })
      case 'variable':
        if (!this.tokens.scope.variables.includes(text)) this.tokens.fail('undefined variable %q', text)
        return Object.freeze({ kind: 'variable', at, name: text, fields: NO_FIELDS })
      case 'field':
        return Object.freeze({ kind: 'field', at, fields: Object.freeze([text.slice(1)]) })
      case 'bool':
        return Object.freeze({ kind: 'bool', at, value: text === 'true' })
      case 'complex':
      case 'number':
      case 'char constant':
        return this.#number(token)
      case 'left paren':
        return this.#parenthesized()
      case 'string':
      case 'raw string':
        return Object.freeze({ kind: 'string', at, quoted: text, text: unquoted(this.tokens, token) })
    }
    this.tokens.back()
    return undefined
  }

  #number({ kind, at, text }: Token): Operand {
    // Go has them; no function of a template takes one.
    if (kind === 'complex' || text.endsWith('i')) this.tokens.fail('complex numbers are not supported: %s', text)
    const number = readNumber(text)
    if ('error' in number) return this.tokens.fail('%s', number.error)
    return Object.freeze({ kind: 'number', at, text, number })
  }

  #parenthesized(): PipeNode {
    this.tokens.descend()
    const pipe = this.pipeline('parenthesized pipeline', 'right paren')
    this.tokens.ascend()
    return pipe
  }
}

/** The text of a string literal. */
export function unquoted(tokens: TokenStream, token: Token): string {
  return unquote(token.text) ?? tokens.fail('invalid syntax')
}

const NO_FIELDS: readonly string[] = Object.freeze([])

const LITERALS: ReadonlySet<string> = new Set(['bool', 'string', 'number', 'nil', 'dot'])
const NOT_EXECUTABLE: ReadonlySet<string> = LITERALS
const OPERANDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'char constant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw string',
  'string',
  'variable',
  'left paren',
])
