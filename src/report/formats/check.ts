// A check as it is printed: for people, for machines and for code hosts.
import type { CheckReport } from '../../study/check/report.js'
import { rules } from '../../study/check/rules/rules.js'
import { checkText } from '../check.js'
import { checkGithub } from '../check-github.js'
import { checkSarif } from '../check-sarif.js'
import type { Formats } from '../page.js'

export const checkFormats: Formats<CheckReport, 'text' | 'json' | 'sarif' | 'github'> = {
  text: (report, { paint, columns }) => checkText(report, paint, columns),
  json: (report) => JSON.stringify(report),
  sarif: (report, { rulePage }) => JSON.stringify(checkSarif(report, rules, rulePage)),
  github: (report) => checkGithub(report),
}
