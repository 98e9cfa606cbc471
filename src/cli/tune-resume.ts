// The file in which a search is kept: where it was left, what it has read, and what it has written since.
import type { Files } from '../scenario/files.js'
import { limits } from '../scenario/limits.js'
import { type Problems, wholeFile } from '../scenario/problem.js'
import { textOf } from '../scenario/text-file.js'
import { type Progress, start } from '../study/tune/search.js'
import { type KeptTexts, keptTexts, type Question, readState, stateText } from '../study/tune/state.js'
import { nodeFiles } from './node-files.js'
import { whyUnwritable, writeWhole } from './write-whole.js'

export class Resume {
  /** Of the state; undefined where nothing has been kept yet. */
  private readonly text: string | undefined
  private readonly kept: KeptTexts
  /** Whether the policy is what this search has written into it, and nobody has changed it since. */
  private readonly isOwn: boolean

  constructor(
    private readonly path: string | undefined,
    problems: Problems,
  ) {
    this.text = path === undefined ? undefined : stateIn(path, problems)
    this.kept = (this.text === undefined ? undefined : keptTexts(this.text)) ?? { read: new Map(), wrote: new Map() }
    const { read, wrote } = this.kept
    this.isOwn = wrote.size > 0 && [...read.keys()].every((file) => this.isKnown(file, read.get(file)!))
  }

  /** The policy as it was before this search has written into it. */
  get files(): Files {
    if (!this.isOwn) return nodeFiles
    const { read } = this.kept
    return {
      read: (path, maxBytes) => (read.has(path) ? { text: read.get(path)! } : nodeFiles.read(path, maxBytes)),
    }
  }

  get isKept(): boolean {
    return this.path !== undefined
  }

  /** What was written by this search, by file. */
  get wrote(): ReadonlyMap<string, string> {
    return this.isOwn ? this.kept.wrote : new Map()
  }

  /** Whether a file is as it was read, or as this search has written it. */
  isKnown(file: string, read: string): boolean {
    const content = nodeFiles.read(file, limits.manifestBytes)
    return 'text' in content && (content.text === read || content.text === this.kept.wrote.get(file))
  }

  tell(): void {
    const files = [...this.wrote.keys()]
    if (files.length === 0) return
    const told = `${files.join(', ')} ${files.length === 1 ? 'is' : 'are'} as this search has written`
    process.stderr.write(`${told} ${files.length === 1 ? 'it' : 'them'}: it goes on from what was there before\n`)
  }

  /** From where somebody has left it, if somebody has. */
  beginning(question: Question, problems: Problems): Progress | undefined {
    if (this.path === undefined || this.text === undefined) return start
    return readState(this.path, this.text, question, problems)
  }

  /** The file with what it is going to be; none where nothing is kept. */
  textsFor(question: Question, progress: Progress, wrote = this.wrote): ReadonlyMap<string, string> {
    return new Map(this.path === undefined ? [] : [[this.path, stateText(question, progress, wrote)]])
  }

  keep(question: Question, progress: Progress): void {
    writeWhole(this.textsFor(question, progress))
  }
}

function stateIn(path: string, problems: Problems): string | undefined {
  const content = nodeFiles.read(path, limits.blobBytes)
  if (!('missing' in content)) return textOf(path, content, limits.blobBytes, wholeFile(path), nodeFiles, problems)
  const why = whyUnwritable(path)
  if (why !== undefined) problems.error('file-unwritable', wholeFile(path), `this file can't be written: ${why}`)
  return undefined
}
