// The tokens of a template as the parser reads them: ahead and back again, with Go's complaints.
import { sprintf } from '../format/printf.js'
import { MOST_NESTED } from '../limits.js'
import { TemplateError } from '../template-error.js'
import { stringOf } from '../value/value.js'
import { Lexer } from './lexer.js'
import { KEYWORDS, type Token, type TokenKind } from './token.js'

/** What a definition doesn't share with the text around it. */
export interface Scope {
  variables: string[]
  ranges: number
  /** Of the action being read; 0 between actions. */
  actionLine: number
  /** Of the last token read for it: where Go says that a complaint is. */
  line: number
}

export class TokenStream {
  readonly #lexer: Lexer
  readonly #tokens: Token[] = []
  #at = 0
  #depth = 0
  scope: Scope = newScope()

  constructor(
    readonly name: string,
    text: string,
  ) {
    this.#lexer = new Lexer(text)
  }

  /** Begins a definition; gives back the scope to return to. */
  enterScope(): Scope {
    const outer = this.scope
    this.scope = newScope()
    return outer
  }

  /** For coming back to. */
  get position(): number {
    return this.#at
  }

  returnTo(position: number): void {
    this.#at = position
  }

  /** Unreads the last token. */
  back(): void {
    this.#at--
  }

  descend(): void {
    if (this.#depth >= MOST_NESTED)
      this.fail(`max expression depth exceeded: more than ${MOST_NESTED} levels are not supported`)
    this.#depth++
  }

  ascend(): void {
    this.#depth--
  }

  next(): Token {
    if (this.#at === this.#tokens.length) {
      const token = this.#lexer.next()
      this.#tokens.push(token)
      this.scope.line = token.line
    }
    return this.#tokens[this.#at++]!
  }

  peek(): Token {
    const token = this.next()
    this.#at--
    return token
  }

  /** Past spaces. */
  nextWord(): Token {
    let token = this.next()
    while (token.kind === 'space') token = this.next()
    return token
  }

  /** Skips the spaces before it. */
  peekWord(): Token {
    const token = this.nextWord()
    this.#at--
    return token
  }

  expect(kind: TokenKind, context: string): void {
    const token = this.nextWord()
    if (token.kind !== kind) this.unexpected(token, context)
  }

  unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.fail('unexpected %s in %s', tokenText(token), context)
    const { actionLine } = this.scope
    if (actionLine === 0 || actionLine === token.line) this.fail('%s', token.text)
    const started = `started at ${this.name}:${actionLine}`
    return this.fail('%s', `${token.text} ${token.text.endsWith(' action') ? '' : 'in action '}${started}`)
  }

  /** Go formats the whole with the name in it, so that a % in the name does what it does there. */
  fail(format: string, ...values: readonly string[]): never {
    const { line } = this.scope
    throw new TemplateError(
      sprintf(
        `template: ${this.name}:${line}: ${format}`,
        values.map((value) => stringOf(value)),
      ),
    )
  }
}

function newScope(): Scope {
  return { variables: ['$'], ranges: 0, actionLine: 0, line: 0 }
}

/** As complaints name it. */
function tokenText({ kind, text }: Token): string {
  if (kind === 'end of text') return 'EOF'
  if (kind === 'dot' || kind === 'nil' || (KEYWORDS as readonly string[]).includes(kind)) return `<${text}>`
  return sprintf(text.length > 10 ? '%.10q...' : '%q', [stringOf(text)])
}
