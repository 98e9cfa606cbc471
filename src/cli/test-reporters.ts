// Where the reports of tests go: standard output, or files that somebody names.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { testFormats } from '../report/formats/test.js'
import type { Blob } from '../study/test/blob.js'
import type { TestReport } from '../study/test/report.js'
import { outputFailed } from './exit-codes.js'
import { pageFor, plainPage } from './page.js'

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
    else writeReport(file, `${told}\n`)
  }
}

function writeReport(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    process.stderr.write(`note: wrote ${file}\n`)
  } catch (error) {
    process.stderr.write(`error: ${file} could not be written: ${(error as NodeJS.ErrnoException).message}\n`)
    process.exitCode = outputFailed
  }
}
