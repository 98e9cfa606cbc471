// Where the reports of tests go: standard output, or files that somebody names.
import { statSync } from 'node:fs'
import { testFormats } from '../report/formats/test.js'
import type { Blob } from '../study/test/blob.js'
import type { TestReport } from '../study/test/report.js'
import { pageFor, plainPage } from './page.js'
import { writeOrTell } from './write-or-tell.js'

export interface Reported {
  readonly report: TestReport
  /** Only a test that was flown here has one. */
  readonly blob?: (() => Blob) | undefined
}

export type ReporterName = Exclude<keyof typeof testFormats, 'text'> | 'default' | 'blob'

export interface ChosenReporter {
  readonly name: ReporterName
  /** Standard output, if left out. */
  readonly file?: string
}

export function writeReports(chosen: readonly ChosenReporter[], { report, blob }: Reported): void {
  for (const { name, file } of chosen) {
    const page = file === undefined ? pageFor(process.stdout) : plainPage
    const told =
      name === 'blob' ? JSON.stringify(blob!()) : testFormats[name === 'default' ? 'text' : name](report, page)
    if (file === undefined) process.stdout.write(`${told}\n`)
    else if (writeOrTell(file, `${told}\n`)) process.stderr.write(`note: wrote ${file}\n`)
  }
}

/** Why they can't be written; undefined if nothing is known that keeps them from it. */
export function whyNoReports(chosen: readonly ChosenReporter[]): string | undefined {
  const files = chosen.flatMap(({ file }) => (file === undefined ? [] : [file]))
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined) return `two reporters would write \`${twice}\`, and one of them would be lost`
  const folder = files.find((file) => statSync(file, { throwIfNoEntry: false })?.isDirectory())
  return folder === undefined ? undefined : `\`${folder}\` is a folder, where a report shall be written`
}
