// A check as commands of GitHub's runner, which show each finding beside the line that it is about.
import type { Place } from '../scenario/problem.js'
import type { Finding } from '../study/check/finding.js'
import type { CheckReport } from '../study/check/report.js'
import { brokenIn, budgetText, findingLines } from './check-words.js'
import { command } from './test/github.js'

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const satisfies Record<
  Finding['severity'],
  string
>

export function checkGithub({ findings, rollouts }: CheckReport): string {
  const found = findings.map((finding) =>
    command(levels[finding.severity], fieldsOf(finding, `coalmine ${finding.rule}`), findingLines(finding).join('\n')),
  )
  const budgets = brokenIn(rollouts).map((broken) => {
    const level = broken.budget.answer === 'fails' ? 'error' : 'warning'
    return command(level, fieldsOf(broken.rollout, `coalmine Rollout ${broken.rollout.name}`), budgetText(broken))
  })
  return [...found, ...budgets].join('\n')
}

function fieldsOf({ file, line, column }: Place, title: string): Readonly<Record<string, string | number>> {
  return line === 0 ? { file, title } : { file, line, col: column, title }
}
