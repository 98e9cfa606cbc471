// Reads a template's text: the grammar of Go 1.26's text/template, with its complaints.
import { type BranchNode, type BreakNode, type CallNode, isBlank, type Node, type PipeNode } from './node.js'
import { PipelineParser, unquoted } from './pipeline-parser.js'
import type { Token } from './token.js'
import { TokenStream } from './token-stream.js'

/** Each template by its name: the whole text's and those that it defines. */
export type Trees = ReadonlyMap<string, readonly Node[]>

/** Throws a TemplateError. Name and text are bytes. */
export function parse(name: string, text: string, isFunction: (name: string) => boolean): Trees {
  return new Parser(name, text, isFunction).parse()
}

type Ending = { readonly kind: 'end' } | { readonly kind: 'else' }
const END: Ending = { kind: 'end' }
const ELSE: Ending = { kind: 'else' }

class Parser {
  readonly tokens: TokenStream
  readonly #pipelines: PipelineParser
  readonly #trees = new Map<string, readonly Node[]>()

  constructor(
    readonly name: string,
    text: string,
    isFunction: (name: string) => boolean,
  ) {
    this.tokens = new TokenStream(name, text)
    this.#pipelines = new PipelineParser(this.tokens, isFunction)
  }

  parse(): Trees {
    const nodes: Node[] = []
    while (this.tokens.peek().kind !== 'end of text') {
      if (this.#startsDefinition()) {
        this.#definition()
        continue
      }
      const node = this.#textOrAction()
      if (isEnding(node)) this.tokens.fail('unexpected %s', `{{${node.kind}}}`)
      nodes.push(node)
    }
    this.#add(this.name, nodes)
    return this.#trees
  }

  #startsDefinition(): boolean {
    if (this.tokens.peek().kind !== 'left delimiter') return false
    const start = this.tokens.position
    this.tokens.next()
    if (this.tokens.nextWord().kind === 'define') return true
    this.tokens.returnTo(start)
    return false
  }

  #definition(): void {
    const context = 'define clause'
    const outer = this.tokens.enterScope()
    const name = this.#templateName(this.tokens.nextWord(), context)
    this.tokens.expect('right delimiter', context)
    const { nodes, ending } = this.#list()
    if (ending !== END) this.tokens.fail('unexpected %s in %s', '{{else}}', context)
    this.#add(name, nodes)
    this.tokens.scope = outer
  }

  #add(name: string, nodes: readonly Node[]): void {
    const known = this.#trees.get(name)
    if (known === undefined || isBlank(known)) this.#trees.set(name, Object.freeze(nodes))
    else if (!isBlank(nodes)) this.tokens.fail('template: multiple definition of template %q', name)
  }

  #list(): { nodes: readonly Node[]; ending: Ending } {
    const nodes: Node[] = []
    while (this.tokens.peekWord().kind !== 'end of text') {
      const node = this.#textOrAction()
      if (isEnding(node)) return { nodes: Object.freeze(nodes), ending: node }
      nodes.push(node)
    }
    return this.tokens.fail('unexpected EOF')
  }

  #textOrAction(): Node | Ending {
    const token = this.tokens.nextWord()
    if (token.kind === 'text') return Object.freeze({ kind: 'text', at: token.at, text: token.text })
    if (token.kind !== 'left delimiter') return this.tokens.unexpected(token, 'input')
    this.tokens.scope.actionLine = token.line
    this.tokens.descend()
    const action = this.#action()
    this.tokens.ascend()
    this.tokens.scope.actionLine = 0
    return action
  }

  #action(): Node | Ending {
    const token = this.tokens.nextWord()
    switch (token.kind) {
      case 'block':
        return this.#block()
      case 'break':
      case 'continue':
        return this.#leave(token.kind, token.at)
      case 'else':
        return this.#else()
      case 'end':
        this.tokens.expect('right delimiter', 'end')
        return END
      case 'if':
      case 'range':
      case 'with':
        return this.#branch(token.kind)
      case 'template':
        return this.#call()
    }
    this.tokens.back()
    const { at } = this.tokens.peek()
    return Object.freeze({ kind: 'action', at, pipe: this.#pipelines.pipeline('command', 'right delimiter') })
  }

  #leave(kind: BreakNode['kind'], at: number): BreakNode {
    const token = this.tokens.nextWord()
    if (token.kind !== 'right delimiter') this.tokens.unexpected(token, `{{${kind}}}`)
    if (this.tokens.scope.ranges === 0) this.tokens.fail(`{{${kind}}} outside {{range}}`)
    return Object.freeze({ kind, at })
  }

  /** `{{else if …}}` leaves the `if` to be read as the first action of what follows. */
  #else(): Ending {
    const { kind } = this.tokens.peekWord()
    if (kind !== 'if' && kind !== 'with') this.tokens.expect('right delimiter', 'else')
    return ELSE
  }

  #branch(kind: BranchNode['kind']): BranchNode {
    const known = this.tokens.scope.variables.length
    const pipe = this.#pipelines.pipeline(kind, 'right delimiter')
    if (kind === 'range') this.tokens.scope.ranges++
    const { nodes: body, ending } = this.#list()
    if (kind === 'range') this.tokens.scope.ranges--
    const otherwise = ending === ELSE ? this.#otherwise(kind) : undefined
    this.tokens.scope.variables.length = known
    return Object.freeze({ kind, at: pipe.at, pipe, body, otherwise })
  }

  #otherwise(kind: BranchNode['kind']): readonly Node[] {
    if (kind !== 'range' && this.tokens.peek().kind === kind) {
      this.tokens.next()
      this.tokens.descend()
      const chained = this.#branch(kind)
      this.tokens.ascend()
      return Object.freeze([chained])
    }
    const { nodes, ending } = this.#list()
    if (ending !== END) this.tokens.fail('expected end; found {{else}}')
    return nodes
  }

  #block(): CallNode {
    const context = 'block clause'
    const token = this.tokens.nextWord()
    const name = this.#templateName(token, context)
    const pipe = this.#pipelines.pipeline(context, 'right delimiter')
    const outer = this.tokens.enterScope()
    const { nodes, ending } = this.#list()
    if (ending !== END) {
      this.tokens.scope = outer
      this.tokens.fail('unexpected %s in %s', '{{else}}', context)
    }
    this.#add(name, nodes)
    this.tokens.scope = outer
    return Object.freeze({ kind: 'template', at: token.at, name, pipe })
  }

  #call(): CallNode {
    const context = 'template clause'
    const token = this.tokens.nextWord()
    const name = this.#templateName(token, context)
    let pipe: PipeNode | undefined
    if (this.tokens.nextWord().kind !== 'right delimiter') {
      this.tokens.back()
      pipe = this.#pipelines.pipeline(context, 'right delimiter')
    }
    return Object.freeze({ kind: 'template', at: token.at, name, pipe })
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'raw string') this.tokens.unexpected(token, context)
    return unquoted(this.tokens, token)
  }
}

function isEnding(node: Node | Ending): node is Ending {
  return node.kind === 'end' || node.kind === 'else'
}
