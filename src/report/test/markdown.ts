// A report of tests as Markdown, for a summary of a CI job or a comment on a pull request.
import type { BudgetReport, ScenarioReport, Status, TestReport } from '../../study/test/report.js'
import { grouped } from '../words.js'
import { measuredText, movedText, undecidedText, worstText } from './default.js'

export function markdownReport({ scenarios }: TestReport): string {
  const passed = scenarios.filter(({ status }) => status === 'passed').length
  const rows = scenarios.flatMap(rowsOf)
  const details = scenarios.flatMap(detailsOf)
  return [
    `## Coalmine: ${passed} of ${scenarios.length} scenarios passed`,
    '',
    '|  | Scenario | Budget | Measured | Runs |',
    '| --- | --- | --- | --- | ---: |',
    ...rows,
    ...(details.length === 0 ? [] : ['', ...details]),
  ].join('\n')
}

const icons: Readonly<Record<BudgetReport['answer'], string>> = { holds: '✅', fails: '❌', undecided: '❔' }
const unfinished: Status = 'unfinished'

function rowsOf({ name, budgets, runs, status }: ScenarioReport): readonly string[] {
  return budgets.map((budget, index) => {
    const icon = status === unfinished ? '⏸' : icons[budget.answer]
    const title = index === 0 ? cell(name) : ''
    return `| ${icon} | ${title} | ${code(budget.budget)} | ${cell(measuredText(budget))} | ${index === 0 ? grouped(runs) : ''} |`
  })
}

function detailsOf(scenario: ScenarioReport): readonly string[] {
  const { file, name } = scenario
  const broken = scenario.budgets.filter(({ answer }) => answer !== 'holds')
  if (broken.length === 0) return []
  const lines = broken.flatMap((report) => {
    const { budget, line, answer } = report
    const measured = answer === 'fails' ? measuredText(report) : undecidedText(report)
    const head = `${code(budget)} in ${code(`${file}:${line}`)}: ${cell(measured)}`
    return [head, '', ...block('text', movedText(report)), ...block('sh', worstText(report, file))]
  })
  return [`<details><summary>${cell(name)}</summary>`, '', ...lines, '</details>', '']
}

function block(language: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`\`\`\`${language}`, ...lines, '```', '']
}

/** What would end a cell of a table, or mean something, is written otherwise. */
function cell(text: string): string {
  return text.replace(/[|\\`*_<>[\]]/g, '\\$&').replaceAll('\n', ' ')
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|').replaceAll('`', "'").replaceAll('\n', ' ')}\``
}
