// Where the reports of tests go: standard output, or files that somebody names.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { noColours, type Paint } from '../report/paint.js'
import { defaultReport } from '../report/test/default.js'
import { githubReport } from '../report/test/github.js'
import { junitReport } from '../report/test/junit.js'
import { markdownReport } from '../report/test/markdown.js'
import { tapReport } from '../report/test/tap.js'
import type { Blob } from '../study/test/blob.js'
import type { TestReport } from '../study/test/report.js'
import { outputFailed } from './exit-codes.js'
import { paintFor } from './tell.js'

export interface Reported {
  readonly report: TestReport
  /** Only a test that was flown here has one. */
  readonly blob?: (() => Blob) | undefined
}

type Reporter = (reported: Reported, paint: Paint) => string

const reporters = {
  default: ({ report }, paint) => defaultReport(report, paint),
  json: ({ report }) => JSON.stringify(report),
  junit: ({ report }) => junitReport(report),
  tap: ({ report }) => tapReport(report),
  github: ({ report }) => githubReport(report),
  markdown: ({ report }) => markdownReport(report),
  blob: ({ blob }) => JSON.stringify(blob!()),
} as const satisfies Record<string, Reporter>

export type ReporterName = keyof typeof reporters

export interface ChosenReporter {
  readonly name: ReporterName
  /** Standard output, if left out. */
  readonly file?: string
}

export function writeReports(chosen: readonly ChosenReporter[], reported: Reported): void {
  for (const { name, file } of chosen) {
    const paint = file === undefined ? paintFor(process.stdout) : noColours
    const text = `${reporters[name](reported, paint)}\n`
    if (file === undefined) process.stdout.write(text)
    else {
      writeReport(file, text)
    }
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
