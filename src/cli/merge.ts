// `coalmine merge`: what the shards of a test have flown, put together and reported as if it had been flown in one go.

import { limits } from '../scenario/limits.js'
import { Problems, wholeFile } from '../scenario/problem.js'
import { textOf } from '../scenario/text-file.js'
import { mergeBlobs } from '../study/test/blob.js'
import { readBlob } from '../study/test/read-blob.js'
import { reportOf } from '../study/test/report.js'
import { badInput, notMet } from './exit-codes.js'
import { nodeFiles } from './node-files.js'
import { tell } from './tell.js'
import { type ChosenReporter, writeReports } from './test-reporters.js'

export interface MergeOptions {
  readonly reporter: readonly ChosenReporter[]
  readonly version: string
}

export function merge(files: readonly string[], { reporter, version }: MergeOptions): void {
  const problems = new Problems()
  const blobs = files.flatMap((file) => {
    const content = nodeFiles.read(file, limits.blobBytes)
    const text = textOf(file, content, limits.blobBytes, wholeFile(file), nodeFiles, problems)
    const blob = text === undefined ? undefined : readBlob(file, text, version, problems)
    return blob ? [{ file, blob }] : []
  })
  const merged = problems.hasErrors ? undefined : mergeBlobs(blobs, problems)
  tell(problems.sorted())
  if (merged === undefined) {
    process.exitCode = badInput
    return
  }
  const report = reportOf(merged.tested, merged.confidence, version)
  writeReports(reporter, { report })
  if (report.scenarios.some(({ status }) => status !== 'passed')) process.exitCode ??= notMet
}
