// What must be true of rules in a scenario, and of the people whom they page.
import { selectorsOf } from '../../metrics/rules/reads.js'
import type { AlertingRule, RuleGroup } from '../../metrics/rules/rule.js'
import { limits } from '../../scenario/limits.js'
import type { ScenarioFile } from '../../scenario/load.js'
import { nearName } from '../../scenario/near-name.js'
import type { Page } from '../../scenario/people.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import { formatDuration } from '../../scenario/units.js'
import type { Path } from '../../scenario/yaml-value.js'

export function checkRules(
  file: ScenarioFile,
  scenario: Scenario,
  groups: readonly RuleGroup[],
  problems: Problems,
): void {
  for (const group of groups) checkInterval(group, scenario, problems)
  const alerts = groups.flatMap(({ rules }) => rules.filter((rule) => rule.kind === 'alert'))
  for (const [index, { trigger }] of scenario.people.entries()) {
    if ('alert' in trigger) checkPage(trigger, alerts, file, ['people', index], problems)
  }
}

/** Windows that are longer than what comes before the release are not full when it comes. */
export function tellShortHistory(groups: readonly RuleGroup[], { releaseAtMs }: Scenario, problems: Problems): void {
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    // An instant selector looks back for one sample only.
    const reachesMs = selectorsOf(rule).map(({ isRange, reachMs, windowMs }) => reachMs - (isRange ? 0 : windowMs))
    const longestMs = reachesMs.filter(Number.isFinite).reduce((longest, each) => Math.max(longest, each), 0)
    if (longestMs <= releaseAtMs) continue
    const message = `${rule.name} looks back ${formatDuration(longestMs)}, and the release comes after ${formatDuration(releaseAtMs)}`
    const hint = 'Until so much is there its windows are as long as what is: let release.at come later.'
    problems.warning('rule-history', rule.expressionPlace, message, { hint })
  }
}

function checkInterval(group: RuleGroup, { durationMs, observability }: Scenario, problems: Problems): void {
  const intervalMs = group.intervalMs ?? observability.evaluationMs
  if (durationMs / intervalMs <= limits.evaluations || group.rules.length === 0) return
  const message = `group ${group.name} is evaluated every ${formatDuration(intervalMs)}: the limit is ${limits.evaluations} evaluations in a flight`
  problems.error('limit-evaluations', group.rules[0]!.place, message, {
    hint: 'Evaluate it less often, or end sooner.',
  })
}

function checkPage(
  { alert, labels }: Page,
  alerts: readonly AlertingRule[],
  file: ScenarioFile,
  path: Path,
  problems: Problems,
): void {
  const named = alerts.filter(({ name }) => name === alert)
  if (named.length === 0) {
    const names = [...new Set(alerts.map(({ name }) => name))]
    const near = nearName(alert, names)
    const hint =
      near !== undefined
        ? `Did you mean ${near}?`
        : names.length > 0
          ? `There are: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : '.'}`
          : 'Name the file of the rule in `observability.rules`.'
    problems.error('unknown-alert', file.placeOf([...path, 'alert']), `no rule has the alert ${alert}`, { hint })
    return
  }
  for (const [name, value] of Object.entries(labels)) {
    // A template may become anything, and labels that no rule sets may come with the series.
    const fixed = named.map((rule) => rule.labels[name])
    if (fixed.some((each) => each === undefined || each === value || each.includes('{{'))) continue
    const hint = `It is ${[...new Set(fixed)].map((each) => JSON.stringify(each)).join(' or ')}.`
    const message = `no alert ${alert} has the label ${name} with the value ${JSON.stringify(value)}`
    problems.error('unknown-alert', file.placeOf([...path, 'labels', name]), message, { hint })
  }
}
