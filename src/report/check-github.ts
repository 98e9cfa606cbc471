// A check as annotations of GitHub Actions: each finding beside the line that it is about.
import type { Place } from '../scenario/problem.js'
import type { Finding } from '../study/check/finding.js'
import type { CheckReport } from '../study/check/report.js'
import { brokenIn, budgetText } from './check-words.js'

const commands: Readonly<Record<Finding['severity'], string>> = { error: 'error', warning: 'warning', note: 'notice' }

export function checkGithub(report: CheckReport): string {
  const findings = report.findings.map((finding) => {
    const { severity, rule, message, why, mend, flown } = finding
    const text = [message, why, flown === null ? '' : `Flown: ${flown}`, mend].filter((part) => part !== '').join('\n')
    return annotation(commands[severity], finding, `coalmine ${rule}`, text)
  })
  const budgets = brokenIn(report).map((broken) => {
    const command = broken.judgement.answer === 'fails' ? 'error' : 'warning'
    return annotation(command, broken.rollout, 'coalmine budget', budgetText(broken))
  })
  return [...findings, ...budgets].join('\n')
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions, escaped as @actions/core does it. */
function annotation(command: string, { file, line, column }: Place, title: string, text: string): string {
  const spot = line === 0 ? {} : { line: String(line), col: String(column) }
  const properties = Object.entries({ file, ...spot, title }).map(
    ([name, value]) => `${name}=${escapedProperty(value)}`,
  )
  return `::${command} ${properties.join(',')}::${escaped(text)}`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
