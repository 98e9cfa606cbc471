// Most matchers are texts with gaps: `a|b|c`, `foo.*`, `.*foo.*`, `.+`. Those need no machine.

import { ANY, type Characters } from './characters.js'
import type { Node } from './syntax.js'

const TEXTS_LIMIT = 256

/** Whether a whole value matches; undefined if the expression is of no simple form. */
export function simpleTest(root: Node): ((value: string) => boolean) | undefined {
  const texts = textsOf(root)
  if (texts !== undefined) {
    const set = new Set(texts)
    return (value) => set.has(value)
  }
  const pieces = piecesOf(root)
  return pieces === undefined ? undefined : (value) => fits(pieces, value)
}

/** All texts the expression matches, if they are few. */
function textsOf(node: Node): readonly string[] | undefined {
  switch (node.kind) {
    case 'empty':
      return ['']
    case 'characters':
      return charactersOf(node.characters)
    case 'capture':
      return textsOf(node.inner)
    case 'alternation': {
      const options = node.options.map(textsOf)
      const texts = options.flatMap((option) => option ?? [])
      return options.includes(undefined) || texts.length > TEXTS_LIMIT ? undefined : texts
    }
    case 'concatenation': {
      let texts: readonly string[] = ['']
      for (const part of node.parts) {
        const ends = textsOf(part)
        if (ends === undefined || texts.length * ends.length > TEXTS_LIMIT) return undefined
        texts = texts.flatMap((text) => ends.map((end) => text + end))
      }
      return texts
    }
    default:
      return undefined
  }
}

function charactersOf(set: Characters): readonly string[] | undefined {
  const found: string[] = []
  for (let i = 0; i < set.length; i += 2) {
    if (found.length + set[i + 1]! - set[i]! >= TEXTS_LIMIT) return undefined
    for (let point = set[i]!; point <= set[i + 1]!; point++) found.push(String.fromCodePoint(point))
  }
  return found
}

/** A text, or a gap of at least so many characters. */
type Piece = string | 0 | 1

function piecesOf(root: Node): readonly Piece[] | undefined {
  const pieces: Piece[] = []
  for (const part of root.kind === 'concatenation' ? root.parts : [root]) {
    const piece = pieceOf(part)
    if (piece === undefined) return undefined
    const last = pieces.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece
    else pieces.push(piece)
  }
  return pieces
}

function pieceOf(node: Node): Piece | undefined {
  if (node.kind === 'capture') return pieceOf(node.inner)
  if (node.kind === 'repetition') {
    const isGap = node.inner.kind === 'characters' && node.inner.characters === ANY
    return isGap && node.max === Number.POSITIVE_INFINITY && node.min <= 1 ? (node.min as 0 | 1) : undefined
  }
  const texts = textsOf(node)
  return texts?.length === 1 ? texts[0] : undefined
}

/** Takes each text where it first occurs, which leaves the most for what follows; the last one stands at the end. */
function fits(pieces: readonly Piece[], value: string): boolean {
  let at = 0
  let isAfterGap = false
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece === 'number') {
      at += piece === 1 ? lengthAt(value, at) : 0
      isAfterGap = true
      continue
    }
    const start = place(value, piece, at, isAfterGap, index === pieces.length - 1)
    if (start < at) return false
    at = start + piece.length
    isAfterGap = false
  }
  return isAfterGap ? at <= value.length : at === value.length
}

function place(value: string, text: string, at: number, isAfterGap: boolean, isLast: boolean): number {
  if (!isAfterGap) return value.startsWith(text, at) ? at : -1
  if (!isLast) return value.indexOf(text, at)
  return value.endsWith(text) ? value.length - text.length : -1
}

/** One past the end of the value, where nothing is left. */
function lengthAt(value: string, at: number): number {
  return (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
