// A check as SARIF 2.1.0, for code hosts that show findings beside the code.
import type { Place } from '../scenario/problem.js'
import type { Finding } from '../study/check/finding.js'
import type { CheckReport } from '../study/check/report.js'
import type { Rule } from '../study/check/rule.js'
import { brokenIn, budgetText, findingLines } from './check-words.js'

/** Budgets are of a policy, and of no rule. */
const budgetRule: Rule = {
  id: 'budget',
  severity: 'error',
  title: 'A default fault, or the healthy release, broke a budget in simulated flights.',
}

const levels: Readonly<Record<Finding['severity'], string>> = { error: 'error', warning: 'warning', note: 'note' }

/** `pageOf` is the Markdown page of a rule, where there is one. */
export function checkSarif(
  report: CheckReport,
  rules: readonly Rule[],
  pageOf: (id: string) => string | undefined,
): object {
  const all = [...rules, budgetRule]
  const indexOf = (id: string) => all.findIndex((rule) => rule.id === id)
  const result = (finding: Finding, justification?: string) => ({
    ruleId: finding.rule,
    ruleIndex: indexOf(finding.rule),
    level: levels[finding.severity],
    message: { text: findingLines(finding).join('\n') },
    locations: [locationOf(finding)],
    partialFingerprints: { 'coalmine/v1': `${finding.rule} ${finding.message}` },
    ...(justification === undefined ? {} : { suppressions: [{ kind: 'inSource', justification }] }),
  })
  const budgets = brokenIn(report.rollouts).map((broken) => {
    const { rollout, flight, budget } = broken
    return {
      ruleId: budgetRule.id,
      ruleIndex: indexOf(budgetRule.id),
      level: budget.answer === 'fails' ? 'error' : 'warning',
      message: { text: budgetText(broken) },
      locations: [locationOf(rollout)],
      partialFingerprints: { 'coalmine/v1': `${rollout.name} ${flight.fault} ${budget.budget}` },
    }
  })
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'coalmine', semanticVersion: report.version, rules: all.map((rule) => ruleOf(rule, pageOf)) },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...report.findings.map((finding) => result(finding)),
          ...report.ignored.map(({ finding, reason }) => result(finding, reason)),
          ...budgets,
        ],
      },
    ],
  }
}

function ruleOf({ id, severity, title, versions }: Rule, pageOf: (id: string) => string | undefined): object {
  const page = pageOf(id)
  return {
    id,
    shortDescription: { text: title },
    defaultConfiguration: { level: levels[severity] },
    ...(page === undefined ? {} : { help: { text: title, markdown: page } }),
    properties: { tags: ['reliability'], ...(versions === undefined ? {} : { appliesTo: versions }) },
  }
}

function locationOf({ file, line, column }: Place): object {
  const region = line === 0 ? {} : { region: { startLine: line, startColumn: column } }
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region } }
}

/** Relative to where the command ran, as code hosts expect it; what came from standard input has no better name. */
function uriOf(file: string): string {
  return file === '-' ? 'stdin' : file.split(/[\\/]/).map(encodeURIComponent).join('/')
}
