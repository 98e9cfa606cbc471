// Whether what a scenario says of CPU and memory is of use to anybody, and enough for those who ask.
import { METRIC_NAME } from '../../metrics/labels.js'
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import type { ScenarioFile } from '../../scenario/load.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import type { VersionBehaviour } from '../../scenario/service.js'
import type { Observation } from '../observation.js'
import { startsFull } from '../trouble.js'

interface Usage {
  readonly name: 'cpu' | 'memory'
  readonly field: 'cpuPerRequest' | 'memory'
  readonly of: (behaviour: VersionBehaviour) => number | undefined
  readonly metric: string
  /** What the field says. */
  readonly meaning: string
  readonly example: string
  /** What nothing in a policy does that has no use for it. */
  readonly use: string
}

const cpu: Usage = {
  name: 'cpu',
  field: 'cpuPerRequest',
  of: ({ cpuPerRequestMs }) => cpuPerRequestMs,
  metric: 'container_cpu_usage_seconds_total',
  meaning: 'how much CPU time a request takes',
  example: '10ms',
  use: 'scales by CPU or asks for it',
}

const memory: Usage = {
  name: 'memory',
  field: 'memory',
  of: ({ memory }) => memory?.baseBytes,
  metric: 'container_memory_working_set_bytes',
  meaning: 'how much memory a pod uses',
  example: '120Mi',
  use: 'asks for memory',
}

export function checkUsage(
  file: ScenarioFile,
  scenario: Scenario,
  { autoscaler, rollout }: ArgoPolicy,
  observation: Observation,
  problems: Problems,
): void {
  const scalesByCpu = autoscaler?.metrics.some(({ metric }) => metric === 'cpu') ?? false
  if (scalesByCpu && scenario.service.stable.cpuPerRequestMs === undefined) {
    const message = `HorizontalPodAutoscaler ${autoscaler!.name} scales by CPU, and the scenario's pods use none`
    problems.error('cpu-unknown', file.placeOf(['service']), message, { hint: hintFor(cpu) })
  }
  const { stable, canary } = scenario.service
  const isFull = (behaviour: VersionBehaviour) => startsFull(behaviour, rollout.template.spec?.memoryLimitBytes)
  if (isFull(stable)) {
    const message =
      'containers of stable take all the memory that they may have when they start: none of them ever runs'
    const hint = 'Give them a higher limit, here or in the manifest, or a smaller base.'
    problems.error('memory-too-small', file.placeOf(['service', 'stable', 'memory']), message, { hint })
  }
  checkOne(cpu, scalesByCpu, file, scenario, observation, problems)
  const isFilled = isFull(stable) || isFull(canary) || isMemoryFilled(scenario)
  checkOne(memory, isFilled, file, scenario, observation, problems)
}

/** What fills up gets containers killed, whether or not anybody asks. */
function isMemoryFilled({ service, faults }: Scenario): boolean {
  const grows = ({ memory }: VersionBehaviour) => (memory?.growthBytesPerMs || memory?.perRequestBytes || 0) > 0
  return grows(service.stable) || grows(service.canary) || faults.some(({ effect }) => effect.kind === 'leak')
}

function checkOne(
  usage: Usage,
  isUsed: boolean,
  file: ScenarioFile,
  { service }: Scenario,
  { exposure }: Observation,
  problems: Problems,
): void {
  const { name, field, of, metric, meaning, use } = usage
  const isAsked = exposure.selectors.some(({ matchers }) =>
    matchers.some(({ label, type, value }) => label === METRIC_NAME && type === '=' && value === metric),
  )
  const said = of(service.stable) !== undefined ? 'stable' : of(service.canary) !== undefined ? 'canary' : undefined
  if (isAsked && of(service.stable) === undefined) {
    const message = `a query asks for ${metric}, and the scenario doesn't say ${meaning}`
    problems.warning(`${name}-unknown`, file.placeOf(['service']), message, { hint: hintFor(usage) })
  }
  const isSeen = exposure.families.some((family) => family.name === metric)
  if (isUsed || isSeen || said === undefined) return
  const message = `nothing in the policy ${use}: service.${said}.${field} changes nothing`
  problems.warning(`${name}-unused`, file.placeOf(['service', said, field]), message)
}

function hintFor({ field, meaning, example }: Usage): string {
  return `Say in service.stable.${field} ${meaning}, such as \`${example}\`.`
}
