// A report of tests as JUnit's XML, which CI servers read: a suite for each scenario, a case for each budget.
import type { BudgetReport, ScenarioReport, TestReport } from '../../study/test/report.js'
import { measuredText, movedText, undecidedText, worstText } from './default.js'

export function junitReport({ scenarios }: TestReport): string {
  const budgets = scenarios.flatMap((scenario) => scenario.budgets)
  const suites = scenarios.map(suiteOf)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="coalmine" ${countsOf(budgets)} time="0">`,
    ...suites,
    '</testsuites>',
  ].join('\n')
}

function suiteOf(scenario: ScenarioReport): string {
  const { name, file, budgets, runs, seed } = scenario
  return [
    `  <testsuite name="${escaped(name)}" file="${escaped(file)}" ${countsOf(budgets)} skipped="0" time="0">`,
    '    <properties>',
    `      <property name="runs" value="${runs}"/>`,
    `      <property name="seed" value="${seed}"/>`,
    '    </properties>',
    ...budgets.map((budget) => caseOf(budget, scenario)),
    '  </testsuite>',
  ].join('\n')
}

/** How long it took differs from run to run, and a report doesn't. */
function countsOf(budgets: readonly BudgetReport[]): string {
  const failures = budgets.filter(({ answer }) => answer !== 'holds').length
  return `tests="${budgets.length}" failures="${failures}" errors="0"`
}

function caseOf(report: BudgetReport, { name, file }: ScenarioReport): string {
  const { budget, answer, line } = report
  const head = `    <testcase name="${escaped(budget)}" classname="${escaped(name)}" file="${escaped(file)}" line="${line}" time="0"`
  if (answer === 'holds') return `${head}/>`
  const type = answer === 'fails' ? 'budget' : 'undecided'
  const message = answer === 'fails' ? measuredText(report) : undecidedText(report)
  const place = `${file}:${line}:${report.column}  ${measuredText(report)}`
  const text = [place, ...movedText(report), ...worstText(report, file)].join('\n')
  return [
    `${head}>`,
    `      <failure type="${type}" message="${escaped(message)}">${text.split('\n').map(escaped).join('\n')}</failure>`,
    '    </testcase>',
  ].join('\n')
}

/** Characters that XML has no place for are left out; line ends and tabs would be read as spaces in attributes. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  return Array.from(text, (character) => (hasPlace(character.codePointAt(0)!) ? character : ''))
    .join('')
    .replace(/[&<>"']/g, (mark) => entities[mark]!)
    .replace(/[\t\n\r]/g, (mark) => `&#${mark.charCodeAt(0)};`)
}

/** In XML 1.0: tabs and line ends, but no other control characters, nor halves of characters. */
function hasPlace(codePoint: number): boolean {
  if (codePoint < 0x20) return codePoint === 0x9 || codePoint === 0xa || codePoint === 0xd
  return (codePoint < 0xd800 || codePoint > 0xdfff) && codePoint !== 0xfffe && codePoint !== 0xffff
}
