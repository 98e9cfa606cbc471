// Writes other numbers into the text of manifests, and takes steps out or doubles them; all else stays as it was, to the
// byte.
import { differences } from './line-diff.js'
import type { Source, Span } from './source.js'

export interface Edit extends Span {
  readonly text: string
}

/** The texts that become others, by the path of the file. */
export function patched(sources: ReadonlyMap<string, Source>, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const [file, own] of byFile(edits)) texts.set(file, edited(sources.get(file)!.text, own))
  return texts
}

/** Edits may not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let done = ''
  let at = 0
  for (const { start, end, text: inserted } of inOrder(edits)) {
    if (start < at) throw new RangeError(`two edits of one place: ${start}`)
    done += text.slice(at, start) + inserted
    at = end
  }
  return done + text.slice(at)
}

/** Lines that become others. */
export interface Hunk {
  readonly file: string
  /** The first of them, from 1, before and after. */
  readonly line: number
  readonly newLine: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** By file and line. */
export function hunksOf(sources: ReadonlyMap<string, Source>, edits: readonly Edit[]): readonly Hunk[] {
  return [...byFile(edits)].flatMap(([file, own]) => hunksIn(sources.get(file)!, own))
}

function hunksIn(source: Source, edits: readonly Edit[]): readonly Hunk[] {
  const hunks: Hunk[] = []
  let moved = 0
  for (const group of byLines(source, inOrder(edits))) {
    const { first, end, edits: own } = group
    const [from, to] = [source.lineStart(first), source.lineStart(end)]
    const inside = own.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from }))
    const before = linesOf(source.text.slice(from, to))
    const after = linesOf(edited(source.text.slice(from, to), inside))
    for (const { at, newAt, removed, added } of differences(before, after, own.every(isNumber))) {
      hunks.push({
        file: source.file,
        line: first + at + 1,
        newLine: first + moved + newAt + 1,
        removed,
        added,
      })
    }
    moved += after.length - before.length
  }
  return hunks
}

interface Group {
  readonly first: number
  /** The line behind the last one. */
  end: number
  readonly edits: Edit[]
}

function byLines(source: Source, edits: readonly Edit[]): readonly Group[] {
  const groups: Group[] = []
  for (const edit of edits) {
    const first = source.lineAt(edit.start)
    // Whole lines end where the next one starts.
    const end = edit.end > edit.start && source.lineStart(source.lineAt(edit.end)) === edit.end ? 0 : 1
    const behind = Math.max(first, source.lineAt(edit.end) + end)
    const last = groups.at(-1)
    // Of edits in one line, or in neighbours, the lines become others together.
    if (last && first <= last.end) {
      last.edits.push(edit)
      last.end = Math.max(last.end, behind)
    } else groups.push({ first, end: behind, edits: [edit] })
  }
  return groups
}

/** Neither brings lines nor takes them. */
function isNumber({ start, end, text }: Edit): boolean {
  return end > start && text !== '' && !text.includes('\n')
}

function linesOf(text: string): readonly string[] {
  if (text === '') return []
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}

function byFile(edits: readonly Edit[]): ReadonlyMap<string, readonly Edit[]> {
  const files = new Map<string, Edit[]>()
  for (const edit of edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit])
  return files
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((one, other) => one.start - other.start || one.end - other.end)
}
