// What one shard of a test has flown, as a test of that alone is printed; `coalmine merge` puts shards together.
import { type Blob, testedIn } from '../../study/test/blob.js'
import { reportOf } from '../../study/test/report.js'
import type { Formats } from '../page.js'
import { testFormats } from './test.js'

export const blobFormats = Object.fromEntries(
  Object.entries(testFormats).map(([name, format]) => [name, (blob: Blob, page) => format(testOf(blob), page)]),
) as Formats<Blob, keyof typeof testFormats>

function testOf(blob: Blob) {
  return reportOf(testedIn(blob, [blob]), blob.confidence, blob.version)
}
