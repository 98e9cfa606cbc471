// A report of tests as TAP 14: a subtest for each scenario, a point for each budget, and what is wrong as YAML.
import type { BudgetReport, ScenarioReport, TestReport } from '../../study/test/report.js'
import { measuredText, movedText, undecidedText, worstText } from './default.js'

export function tapReport({ scenarios }: TestReport): string {
  return ['TAP version 14', `1..${scenarios.length}`, ...scenarios.map(subtestOf)].join('\n')
}

function subtestOf(scenario: ScenarioReport, index: number): string {
  const { name, status, budgets } = scenario
  const points = budgets.map((budget, at) => pointOf(budget, at, scenario))
  const lines = [`# Subtest: ${escaped(name)}`, ...indented([`1..${budgets.length}`, ...points], 4)]
  return [...lines, `${status === 'passed' ? 'ok' : 'not ok'} ${index + 1} - ${escaped(name)}`].join('\n')
}

function pointOf(report: BudgetReport, index: number, { file }: ScenarioReport): string {
  const { budget, answer, line, column } = report
  const head = `${answer === 'holds' ? 'ok' : 'not ok'} ${index + 1} - ${escaped(budget)}`
  if (answer === 'holds') return head
  const listed = (key: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [`${key}:`, ...texts.map((text) => `  - ${JSON.stringify(text)}`)]
  const diagnosis = [
    '---',
    `message: ${JSON.stringify(answer === 'fails' ? measuredText(report) : undecidedText(report))}`,
    `measured: ${JSON.stringify(measuredText(report))}`,
    `at: {file: ${JSON.stringify(file)}, line: ${line}, column: ${column}}`,
    ...listed('moved', movedText(report)),
    ...listed('replay', worstText(report, file)),
    '...',
  ]
  return [head, ...indented(diagnosis, 2)].join('\n')
}

function indented(texts: readonly string[], spaces: number): readonly string[] {
  const indent = ' '.repeat(spaces)
  return texts.flatMap((text) => text.split('\n')).map((line) => `${indent}${line}`)
}

/** Descriptions are one line, in which # begins a directive. */
function escaped(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ').replace(/[\\#]/g, '\\$&')
}
