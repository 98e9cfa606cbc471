// Reads test scripts in the language of Prometheus' own tests: loads, clears, and evaluations with what they must yield.
// promql/promqltest/README.md in Prometheus' repository has the language.

import { readNumber } from '../../../../src/metrics/promql/literals.js'
import { type Expectation, readExpectation } from './expectation.js'

/** A line of the script, counted from 1. */
export interface Line {
  readonly line: number
  readonly text: string
}

export interface Load {
  readonly kind: 'load'
  readonly stepMs: number
  /** Classic histograms are loaded as native ones with custom buckets, too. */
  readonly alsoNative: boolean
  readonly series: readonly Line[]
}

export interface Steps {
  readonly startMs: number
  readonly endMs: number
  readonly stepMs: number
}

export interface Evaluation extends Line {
  readonly kind: 'eval'
  /** The query; `text` is the whole line. */
  readonly query: string
  /** An instant query's start and end are its instant, its step is 0. */
  readonly at: Steps
  readonly isRange: boolean
  readonly expectations: readonly Expectation[]
  /** The times of a range vector, which an instant query may yield, too. */
  readonly window: Steps | undefined
  readonly string: string | undefined
  /** Series or a lone number. */
  readonly results: readonly Line[]
}

export type Command = Load | Evaluation | { readonly kind: 'clear' }

/** The front of a line about a series: its name and labels. */
export function metricOf(text: string): string {
  return /^[^{\s@]*(?:\{(?:"(?:[^"\\]|\\.)*"|[^"}])*\})?/.exec(text)![0]
}

export function readScript(script: string): Command[] {
  const commands: Command[] = []
  for (const [first, ...rest] of blocks(script)) {
    const text = first!.text
    if (text === 'clear') commands.push({ kind: 'clear' })
    else if (text.startsWith('load')) commands.push(readLoad(first!, rest))
    else if (text.startsWith('eval')) commands.push(readEvaluation(first!, rest))
    else throw unreadable(first!)
  }
  return commands
}

/** A command and the lines that belong to it: all up to a blank line or a comment. */
function blocks(script: string): Line[][] {
  const found: Line[][] = []
  let isOpen = false
  script.split('\n').forEach((raw, index) => {
    const line = { line: index + 1, text: raw.trim() }
    const isCommand = /^(clear$|load(_with_nhcb)?\s|eval(_\w+)?\s)/.test(line.text)
    if (line.text === '' || line.text.startsWith('#')) isOpen = false
    else if (isOpen && !(isCommand && found.at(-1)![0]!.text === 'clear')) found.at(-1)!.push(line)
    else {
      found.push([line])
      isOpen = true
    }
  })
  return found
}

function readLoad(head: Line, series: readonly Line[]): Load {
  const match = /^load(_with_nhcb)?\s+(\S+)$/.exec(head.text)
  if (match === null) throw unreadable(head)
  return { kind: 'load', stepMs: milliseconds(match[2]!), alsoNative: match[1] !== undefined, series }
}

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?)\s+)?(.+)$/
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/

function readEvaluation(head: Line, rest: readonly Line[]): Evaluation {
  const range = RANGE.exec(head.text)
  const instant = INSTANT.exec(head.text)
  const [, mode, ...others] = range ?? instant ?? []
  if (range === null && instant === null) throw unreadable(head)
  const at = range !== null ? steps(others[0]!, others[1]!, others[2]!) : steps(others[0] ?? '0', others[0] ?? '0', '0')
  const expectations = mode === undefined ? [] : [readExpectation(`expect ${mode}`)]
  const results: Line[] = []
  let window: Steps | undefined
  let string: string | undefined
  for (const line of rest) {
    const timed = /^expect range vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$/.exec(line.text)
    const quoted = /^expect string\s+(.+)$/.exec(line.text)
    const former = /^expected_fail_(message|regexp)\s+(.+)$/.exec(line.text)
    if (timed !== null) window = steps(timed[1]!, timed[2]!, timed[3]!)
    else if (quoted !== null) string = unquoted(quoted[1]!)
    else if (former !== null)
      expectations.push(readExpectation(`expect fail ${former[1] === 'message' ? 'msg' : 'regex'}: ${former[2]}`))
    else if (/^expect\s/.test(line.text)) expectations.push(readExpectation(line.text))
    else results.push(line)
  }
  const query = others.at(-1)!
  return { kind: 'eval', ...head, query, at, isRange: range !== null, expectations, window, string, results }
}

function steps(start: string, end: string, step: string): Steps {
  return { startMs: milliseconds(start), endMs: milliseconds(end), stepMs: milliseconds(step) }
}

/** 0, 90s, 1h30m, -1m. */
function milliseconds(text: string): number {
  const digits = text.replace(/^-/, '')
  const value = Math.round(readNumber(digits, { from: 0, to: digits.length }) * 1000)
  return text.startsWith('-') ? -value : value
}

function unquoted(text: string): string {
  return text.startsWith('`') ? text.slice(1, -1) : JSON.parse(text)
}

function unreadable({ line, text }: Line): Error {
  return new Error(`line ${line}: no command of the language: ${text}`)
}
