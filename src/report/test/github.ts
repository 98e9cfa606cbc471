// A report of tests as commands of GitHub's runner, which show what is wrong at its line in a pull request.
import type { BudgetReport, ScenarioReport, TestReport } from '../../study/test/report.js'
import { measuredText, movedText, undecidedText, worstText } from './default.js'

export function githubReport({ scenarios }: TestReport): string {
  const lines = scenarios.flatMap((scenario) => {
    return scenario.budgets.filter(({ answer }) => answer !== 'holds').map((budget) => annotation(budget, scenario))
  })
  const passed = scenarios.filter(({ status }) => status === 'passed').length
  return [...lines, `${passed} of ${scenarios.length} scenarios passed`].join('\n')
}

function annotation(report: BudgetReport, { name, file }: ScenarioReport): string {
  const { answer, budget, line, column } = report
  const level = answer === 'fails' ? 'error' : 'warning'
  const message = answer === 'fails' ? `${budget}: ${measuredText(report)}` : `${budget}: ${undecidedText(report)}`
  const text = [message, ...movedText(report), ...worstText(report, file)].join('\n')
  return command(level, { file, line, col: column, title: name }, text)
}

/** `::error file=x,line=1::text`, with what its syntax uses itself written otherwise. */
export function command(
  level: 'error' | 'warning' | 'notice',
  fields: Readonly<Record<string, string | number>>,
  text: string,
): string {
  const named = Object.entries(fields).map(([name, value]) => `${name}=${escapedField(String(value))}`)
  return `::${level} ${named.join(',')}::${escapedText(text)}`
}

function escapedText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedField(text: string): string {
  return escapedText(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
