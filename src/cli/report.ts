// `coalmine report`: what commands have stored, told again without a flight.
import { realpathSync } from 'node:fs'
import type { Page } from '../report/page.js'
import { readStored, type Stored, type StoredFormat } from '../report/stored.js'
import { limits } from '../scenario/limits.js'
import { Problems, wholeFile } from '../scenario/problem.js'
import { textOf } from '../scenario/text-file.js'
import { badInput } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { pageFor, plainPage } from './page.js'
import { tell } from './tell.js'
import { tellUnwritten } from './write-or-tell.js'
import { whyUnwritable, writeWhole } from './write-whole.js'

export interface ReportOptions {
  readonly format: StoredFormat
  /** The usual one, if left out. */
  readonly marker?: string
  /** Standard output, if left out. */
  readonly output?: string
  readonly version: string
}

/** What is one document, and can't be put behind another. */
const alone: readonly StoredFormat[] = ['junit', 'tap', 'sarif']

export async function report(files: readonly string[], options: ReportOptions): Promise<void> {
  const { format, output, marker, version } = options
  const problems = new Problems()
  const stored: Stored[] = []
  for (const file of files) {
    const content = nodeFiles.read(file, limits.blobBytes)
    const text = textOf(file, content, limits.blobBytes, wholeFile(file), nodeFiles, problems)
    const read = text === undefined ? undefined : await readStored(file, text, version, problems)
    if (read) stored.push(read)
    if (read && !read.formats.includes(format)) tellNoFormat(file, read, format, problems)
    else if (read && marker !== undefined && read.schema !== 'coalmine.compare/v1')
      problems.error('no-marker', wholeFile(file), `${read.title} has no comment for a marker: comparisons have`)
  }
  if (files.length > 1 && alone.includes(format)) {
    const hint = 'Write one file at a time; what shards of one test have flown, `coalmine merge` puts together.'
    problems.error(
      'one-document',
      wholeFile(files[1]!),
      `${format} is one document, and ${files.length} files are given`,
      {
        hint,
      },
    )
  }
  if (output !== undefined) checkOutput(output, files, problems)
  tell(problems.sorted())
  if (problems.hasErrors) process.exitCode = badInput
  else {
    const page = output === undefined ? pageFor(process.stdout) : plainPage
    write(stored, format, marker === undefined ? page : { ...page, marker }, output)
  }
}

function tellNoFormat(file: string, { title, formats }: Stored, format: StoredFormat, problems: Problems): void {
  const has = formats.map((each) => `\`${each}\``).join(', ')
  problems.error('no-such-format', wholeFile(file), `${title} can’t be told as ${format}`, { hint: `It has ${has}.` })
}

/** Before anything is told: what was stored shall not be lost by it. */
function checkOutput(output: string, files: readonly string[], problems: Problems): void {
  if (files.some((file) => isSame(file, output))) {
    problems.error(
      'output-is-input',
      wholeFile(output),
      'this file is read: writing into it would lose what is stored there',
    )
    return
  }
  const why = whyUnwritable(output)
  if (why !== undefined) problems.error('file-unwritable', wholeFile(output), `this file can't be written: ${why}`)
}

function isSame(file: string, output: string): boolean {
  try {
    return realpathSync(file) === realpathSync(output)
  } catch {
    return false
  }
}

/** One after another; what people read, with a line between. */
function write(stored: readonly Stored[], format: StoredFormat, page: Page, output: string | undefined): void {
  const between = format === 'text' || format === 'markdown' ? '\n' : ''
  const text = stored.map((each) => `${each.render(format, page)}\n`).join(between)
  if (output === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    writeWhole(new Map([[output, text]]))
    process.stderr.write(`note: wrote ${output}\n`)
  } catch (error) {
    tellUnwritten(output, error)
  }
}
