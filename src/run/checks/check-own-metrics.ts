// Metrics that a scenario declares and nobody asks for: they are not even counted.
import { Query } from '../../metrics/promql/query.js'
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import type { Observation } from '../observation.js'

export function checkOwnMetrics(
  file: ScenarioFile,
  { observability }: Scenario,
  { exposure, queries }: Observation,
  problems: Problems,
): void {
  // What is missing through a mistake may be what reads them.
  if (problems.hasErrors || [...queries.values()].some((query) => !(query instanceof Query))) return
  for (const [index, { name }] of observability.metrics.entries()) {
    if (exposure.families.some((family) => family.name === name)) continue
    const hint = 'No query of the policy, no alert and no rule that is read asks for it: it is not counted.'
    const place = file.placeOf(['observability', 'metrics', index, 'name'])
    problems.warning('metric-unread', place, `nothing reads the metric ${name}`, { hint })
  }
}
