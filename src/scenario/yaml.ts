// Reads YAML text into plain data that remembers where in the text each value stands.
import { Composer, type Document, Lexer, LineCounter, type Node, Parser, type YAMLError } from 'yaml'
import type { Json } from './json.js'
import { kubernetesTags } from './kubernetes-scalars.js'
import { limits } from './limits.js'
import type { Place, Problems } from './problem.js'
import { prometheusTags } from './prometheus-scalars.js'
import { offsetWithin } from './scalar-offset.js'
import { cleanText } from './yaml-text.js'
import { AliasLimit, type Path, type Spot, ValueReader, type ValueRules } from './yaml-value.js'

/**
 * Scenario files are YAML 1.2; manifests are what the API server takes for YAML 1.1; of a rule file Prometheus reads the
 * first document, and a word in it is text.
 */
export type Dialect = 'yaml-1.2' | 'kubernetes' | 'prometheus'

export interface Position {
  readonly line: number
  readonly column: number
}

export interface YamlDocument {
  /** Counts from 0; empty documents count too. */
  readonly index: number
  readonly value: Json
  /** Where a value stands; a block of lines stands where its key does. The nearest there is, if the path ends early. */
  positionOf(path: Path): Position
  /** Where the key of an entry stands. */
  keyPositionOf(path: Path): Position
  /** Where a character of a text stands, counted from 0 in its value: a quoted text and a block have more around them. */
  positionWithin(path: Path, index: number): Position
}

/** A text on its way to documents. */
interface Source {
  readonly text: string
  readonly dialect: Dialect
  readonly problems: Problems
  readonly lines: LineCounter
  place(offset: number): Place
}

/** The documents of a text that could be read. What could not is among the problems, once for each document. */
export function parseYaml(text: string, file: string, dialect: Dialect, problems: Problems): YamlDocument[] {
  const clean = cleanText(text, file, problems)
  if (clean === undefined) return []
  const lines = new LineCounter()
  const place = (offset: number): Place => ({ file, ...positionAt(lines, offset) })
  const source: Source = { text: clean, dialect, problems, lines, place }
  if (dialect === 'kubernetes') checkSeparators(clean, problems, file)
  const documents: YamlDocument[] = []
  let index = 0
  for (const document of composed(source)) {
    if (index === limits.documentsInFile) {
      problems.error('limit-documents', place(document.range[0]), `more than ${index} documents in one file`)
      return []
    }
    if (dialect === 'prometheus' && index > 0) {
      const message = 'Prometheus reads the first document of a rule file only: this one is left out'
      problems.warning('rules-documents', place(document.range[0]), message)
      break
    }
    const read = readDocument(source, document, index++)
    if (read !== undefined) documents.push(read)
  }
  return documents
}

/**
 * Drives the parser word by word: it keeps its nesting on a stack of its own, but the composer after it recurses, so
 * depth has to be refused between the two.
 */
function* composed({ text, dialect, problems, lines, place }: Source) {
  lines.addNewLine(0)
  const parser = new Parser(lines.addNewLine)
  const composer = new Composer(composerOptions[dialect])
  let tokens = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (++tokens > limits.tokens) {
      problems.error('limit-tokens', place(parser.offset), `more than ${limits.tokens} words and marks in one file`)
      return
    }
    if (parser.stack.length > limits.nesting) {
      problems.error('limit-nesting', place(parser.offset), `more than ${limits.nesting} levels inside each other`)
      return
    }
    for (const token of parser.next(lexeme)) {
      if (token.type === 'directive' && dialect === 'kubernetes') {
        problems.error('yaml-stream', place(token.offset), 'kubectl takes no directives such as %YAML: remove the line')
        return
      }
      yield* composer.next(token)
    }
  }
  for (const token of parser.end()) yield* composer.next(token)
  yield* composer.end()
}

/** kubectl cuts a stream into documents line by line, before anything reads it as YAML. */
function checkSeparators(text: string, problems: Problems, file: string): void {
  if (!/^---[ \t]*[^\s#]/m.test(text)) return
  for (const [index, line] of text.split('\n').entries()) {
    if (!/^---[ \t]*[^\s#]/.test(line)) continue
    const place = { file, line: index + 1, column: 1 }
    problems.error('yaml-stream', place, 'kubectl takes nothing but a comment after `---`: begin a new line')
  }
}

/** Duplicate keys are looked for while values are read: the composer compares each key with each. */
const COMMON_OPTIONS = { uniqueKeys: false, resolveKnownTags: false } as const

const composerOptions = {
  'yaml-1.2': { ...COMMON_OPTIONS, version: '1.2', schema: 'core' },
  kubernetes: { ...COMMON_OPTIONS, version: '1.1', schema: 'kubernetes', customTags: kubernetesTags },
  prometheus: { ...COMMON_OPTIONS, version: '1.1', schema: 'prometheus', customTags: prometheusTags },
} as const

const rulesOf: Readonly<Record<Dialect, ValueRules>> = {
  'yaml-1.2': {
    merge: false,
    duplicates: 'error',
    emptyKeys: 'error',
    notFinite: 'a scenario knows no infinity and no NaN',
  },
  kubernetes: {
    merge: 'overrides',
    duplicates: 'warning',
    emptyKeys: 'error',
    notFinite: 'JSON has no infinity and no NaN: quote the word',
  },
  prometheus: { merge: 'yields', duplicates: 'error', emptyKeys: 'warning', notFinite: '' },
}

function readDocument(source: Source, document: Document.Parsed, index: number): YamlDocument | undefined {
  const { dialect, problems, place } = source
  if (dialect === 'kubernetes' && index > 0 && document.directives.docStart !== true) {
    const hint = 'Begin each document with `---`.'
    problems.error('yaml-stream', place(document.range[0]), 'kubectl reads nothing between `...` and `---`', { hint })
    return undefined
  }
  for (const warning of document.warnings) report(source, 'warning', warning)
  // What follows the first mistake in a document is mostly its consequence.
  const [mistake] = document.errors
  if (mistake !== undefined) {
    report(source, 'error', mistake)
    return undefined
  }
  let failed = false
  const reader = new ValueReader(rulesOf[dialect], (severity, code, offset, message) => {
    // With a key written twice there still is a value to look for further problems in.
    failed ||= severity === 'error' && code !== 'yaml-duplicate-key'
    problems[severity](code, place(offset), message, { hint: templateHint(source, offset) })
  })
  const value = valueWithin(reader, document.contents, source)
  if (failed || value === undefined) return undefined
  const start = document.contents?.range[0] ?? document.range[0]
  const at = (path: Path, side: keyof Spot) => {
    const { line, column } = place(reader.spotOf(value, path)?.[side] ?? start)
    return { line, column }
  }
  return {
    index,
    value,
    positionOf: (path) => at(path, 'value'),
    keyPositionOf: (path) => at(path, 'key'),
    positionWithin: (path, index) => {
      const text = valueAt(value, path)
      const offset = reader.spotOf(value, path)?.value ?? start
      const { line, column } = place(typeof text === 'string' ? offsetWithin(source.text, offset, text, index) : offset)
      return { line, column }
    },
  }
}

function valueAt(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string | number, Json>>)[step]
  }
  return value
}

function valueWithin(reader: ValueReader, contents: Node | null, { problems, place }: Source): Json | undefined {
  try {
    return reader.read(contents)
  } catch (error) {
    if (!(error instanceof AliasLimit)) throw error
    problems.error('limit-aliases', place(error.offset), error.message, { hint: 'Write the values out.' })
    return undefined
  }
}

function report(source: Source, severity: 'error' | 'warning', { code, message, pos }: YAMLError): void {
  const kind = code === 'TAB_AS_INDENT' ? 'yaml-tab' : code === 'TAG_RESOLVE_FAILED' ? 'yaml-tag' : 'yaml-syntax'
  const hint = hintFor(code, message) ?? templateHint(source, pos[0])
  source.problems[severity](kind, source.place(pos[0]), message, { hint })
}

function hintFor(code: YAMLError['code'], message: string): string | undefined {
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces.'
  if (/^Missing closing/.test(message)) return 'The lines of a quoted text must be indented deeper than its key.'
  if (/flow-map-start at node end/.test(message)) return 'Put a line `---` between two JSON objects.'
  return undefined
}

/** Unquoted, the braces of a template are a mapping in a mapping. */
function templateHint({ text, dialect }: Source, offset: number): string | undefined {
  // Not the whole line: a file may be one line of ten megabytes with a thousand mistakes.
  const before = text
    .slice(Math.max(0, offset - 200), offset + 2)
    .split('\n')
    .at(-1)
  return dialect === 'kubernetes' && before?.includes('{{')
    ? 'Put `{{…}}` in quotes; a Helm chart must be rendered first: `helm template …`.'
    : undefined
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: col }
}
