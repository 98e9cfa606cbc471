// A test as it is printed: `text` is what its default reporter writes.
import type { TestReport } from '../../study/test/report.js'
import type { Formats } from '../page.js'
import { defaultReport } from '../test/default.js'
import { githubReport } from '../test/github.js'
import { junitReport } from '../test/junit.js'
import { markdownReport } from '../test/markdown.js'
import { tapReport } from '../test/tap.js'

export const testFormats: Formats<TestReport, 'text' | 'json' | 'junit' | 'tap' | 'github' | 'markdown'> = {
  text: (report, { paint }) => defaultReport(report, paint),
  json: (report) => JSON.stringify(report),
  junit: (report) => junitReport(report),
  tap: (report) => tapReport(report),
  github: (report) => githubReport(report),
  markdown: (report) => markdownReport(report),
}
