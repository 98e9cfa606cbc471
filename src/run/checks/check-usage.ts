// Whether what a scenario says of CPU and memory is of use to anybody, and enough for those who ask.
import { METRIC_NAME } from '../../metrics/labels.js'
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario, VersionBehaviour } from '../../scenario/scenario.js'
import type { Observation } from '../observation.js'

interface Usage {
  readonly field: 'cpuPerRequest' | 'memory'
  readonly of: (behaviour: VersionBehaviour) => number | undefined
  readonly metric: string
  readonly example: string
}

const cpu: Usage = {
  field: 'cpuPerRequest',
  of: ({ cpuPerRequestMs }) => cpuPerRequestMs,
  metric: 'container_cpu_usage_seconds_total',
  example: 'how much CPU time a request takes, such as `10ms`',
}

const memory: Usage = {
  field: 'memory',
  of: ({ memoryBytes }) => memoryBytes,
  metric: 'container_memory_working_set_bytes',
  example: 'how much memory a pod uses, such as `120Mi`',
}

export function checkUsage(
  file: ScenarioFile,
  scenario: Scenario,
  autoscaler: ArgoPolicy['autoscaler'],
  observation: Observation,
  problems: Problems,
): void {
  const scalesByCpu = autoscaler?.metrics.some(({ metric }) => metric === 'cpu') ?? false
  if (scalesByCpu && scenario.service.stable.cpuPerRequestMs === undefined) {
    const hint = 'Say in service.stable.cpuPerRequest how much CPU time a request takes, such as `10ms`.'
    const message = `HorizontalPodAutoscaler ${autoscaler!.name} scales by CPU, and the scenario's pods use none`
    problems.error('cpu-unknown', file.placeOf(['service']), message, { hint })
  }
  for (const usage of [cpu, memory])
    checkOne(usage, usage === cpu && scalesByCpu, file, scenario, observation, problems)
}

function checkOne(
  { field, of, metric, example }: Usage,
  isUsed: boolean,
  file: ScenarioFile,
  { service }: Scenario,
  { exposure }: Observation,
  problems: Problems,
): void {
  const isAsked = exposure.selectors.some(({ matchers }) =>
    matchers.some(({ label, type, value }) => label === METRIC_NAME && type === '=' && value === metric),
  )
  const said = of(service.stable) !== undefined ? 'stable' : of(service.canary) !== undefined ? 'canary' : undefined
  const what = field === 'memory' ? 'memory' : 'cpu'
  if (isAsked && of(service.stable) === undefined) {
    const message = `a query asks for ${metric}, and the scenario doesn't say ${example.split(',')[0]}`
    problems.warning(`${what}-unknown`, file.placeOf(['service']), message, {
      hint: `Say in service.stable.${field} ${example}.`,
    })
  }
  const isSeen = exposure.families.some(({ name }) => name === metric)
  if (isUsed || isSeen || said === undefined) return
  const message = `nothing in the policy ${what === 'cpu' ? 'scales by CPU or asks for it' : 'asks for memory'}: service.${said}.${field} changes nothing`
  problems.warning(`${what}-unused`, file.placeOf(['service', said, field]), message)
}
