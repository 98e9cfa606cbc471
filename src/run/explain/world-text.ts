// Writes a world for a policy that came without one as a person would write it, with where each value comes from.
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import { partOf } from '../../policy/argo/step.js'
import { limits } from '../../scenario/limits.js'
import { formatBytes, formatDuration, formatRate } from '../../scenario/units.js'
import { metricsOf } from '../asked-metrics.js'
import { suggestedSignal } from '../signals/bind-signals.js'

/** What is known of it beside the manifests. */
export interface Known {
  /** Paths of the manifests, as seen from the scenario. */
  readonly policy?: readonly string[]
  readonly ratePerSecond?: number
  /** When the release comes, and when the flight ends, with why. */
  readonly release?: Told
  readonly duration?: Told
  /** Whether anybody asks what requests and pods use: yes, if left out. */
  readonly asksFor?: { readonly cpu: boolean; readonly memory: boolean }
}

export interface Told {
  readonly ms: number
  readonly why: string
}

/** Where nobody says how many requests there are. */
export const assumedRatePerSecond = 100

const longestStayMs = 24 * 3_600_000
const patienceMs = 60_000

interface Field {
  readonly why: string
  /** Lines of YAML. */
  readonly lines: readonly string[]
}

export function worldText(policy: ArgoPolicy, known: Known = {}): string {
  return `${fieldsOf(policy, known)
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ why, lines }) => [...(why === '' ? [] : commented(why)), ...lines])
    .join('\n')}\n`
}

function fieldsOf(policy: ArgoPolicy, known: Known): readonly Field[] {
  const { policy: paths = ['.'], release = usualRelease, duration = longest(policy) } = known
  return [
    { why: '', lines: [`teaches: How Rollout ${policy.rollout.name} takes a release in this world.`] },
    { why: 'The manifests, as seen from this file.', lines: [`policy: [${paths.map(quoted).join(', ')}]`] },
    { why: release.why, lines: [`release: {at: ${inWholeSeconds(release.ms)}}`] },
    { why: duration.why, lines: [`duration: ${inWholeSeconds(duration.ms)}`] },
    traffic(known.ratePerSecond),
    service(policy, known),
    {
      why: 'Assumed: routers and proxies hear a second later that a pod is ready, or that it is not any more.',
      lines: ['cluster: {endpoints: {add: 1s, remove: 1s}}'],
    },
    people(policy),
    plugins(policy),
    signals(policy),
    {
      why: 'Assumed: what was promised to users. Answers that take longer than the latency are bad, too, and the error\nbudget is counted over this time.',
      lines: ['slo: {objective: 99.9%, window: 30d, latency: 400ms}'],
    },
  ]
}

const usualRelease: Told = { ms: 5 * 60_000, why: '' }

function longest({ rollout }: ArgoPolicy): Told {
  const pausesMs = rollout.canary.steps.map((step) => partOf(step, 'pause')?.durationMs ?? 0)
  return { ms: pausesMs.reduce((sum, each) => sum + each, longestStayMs), why: '' }
}

function traffic(ratePerSecond: number | undefined): Field {
  const why =
    ratePerSecond === undefined
      ? 'Assumed, as no manifest says it: look up how many requests a second there are, and of how many users.'
      : 'The rate was given; the number of users is assumed.'
  const rate = formatRate(ratePerSecond ?? assumedRatePerSecond)
  return { why, lines: [`traffic: {rate: ${rate}, users: 10k}`] }
}

function service({ rollout }: ArgoPolicy, { asksFor = { cpu: true, memory: true } }: Known): Field {
  const limitBytes = rollout.template.spec?.memoryLimitBytes
  const ofMemory = limitBytes === undefined ? '120Mi of memory' : 'half of its memory limit'
  const bytes = limitBytes === undefined ? usualMemoryBytes : 1024 * Math.ceil(limitBytes / 2048)
  const why = [
    'Assumed: one request in a thousand fails when nothing is wrong, half take 40ms, one in a hundred 200ms, and a pod',
    'is ready after 10s.',
  ]
  if (asksFor.cpu) why.push('A request takes 10ms of CPU time.')
  if (asksFor.memory) why.push(`A pod uses ${ofMemory}.`)
  const values = ['errors: 0.1%', 'latency: {p50: 40ms, p99: 200ms}', 'start: 10s']
  if (asksFor.cpu) values.push('cpuPerRequest: 10ms')
  if (asksFor.memory) values.push(`memory: ${formatBytes(bytes)}`)
  return {
    why: [why[0], why.slice(1).join(' ')].join('\n'),
    lines: ['service:', `  stable: {${values.join(', ')}}`],
  }
}

const usualMemoryBytes = 120 * 2 ** 20

function people(policy: ArgoPolicy): Field {
  const { rollout } = policy
  if (!waitsForPeople(policy)) return { why: '', lines: [] }
  const pausesMs = rollout.canary.steps.map((step) => partOf(step, 'pause')?.durationMs ?? 0)
  const afterMs = Math.max(rollout.blueGreen?.autoPromotionMs ?? 0, ...pausesMs) + patienceMs
  return {
    why: 'The policy waits for a person: one who promotes without a look at anything, a minute later than\nthe longest pause that ends by itself.',
    lines: [`people: [{when: paused, after: ${inWholeSeconds(afterMs)}, do: promote}]`],
  }
}

/** Whether only a person ends some pause. */
export function waitsForPeople({ rollout }: ArgoPolicy): boolean {
  const isEndless = rollout.canary.steps.some((step) => {
    const pause = partOf(step, 'pause')
    return pause !== undefined && pause.durationMs === undefined
  })
  return isEndless || rollout.blueGreen?.autoPromotes === false
}

function plugins({ rollout }: ArgoPolicy): Field {
  const names = [...new Set(rollout.canary.steps.flatMap((step) => partOf(step, 'plugin')?.name || []))]
  return {
    why: 'Assumed: step plugins succeed after ten seconds.',
    lines: listed(
      'plugins',
      names.map((name) => `{name: ${JSON.stringify(name)}, after: 10s}`),
    ),
  }
}

function signals(policy: ArgoPolicy): Field {
  const asked = metricsOf(policy, policy.rollout.template, []).map(({ metric }) => metric)
  const others = asked.filter(({ provider }) => provider.kind !== 'prometheus')
  const lines = listed('  signals', [...new Set(others.map(suggestedSignal))])
  return {
    why: 'What answers for the metrics that Prometheus is not asked for: guessed from their names.',
    lines: lines.length === 0 ? [] : ['observability:', ...lines],
  }
}

function listed(key: string, items: readonly string[]): readonly string[] {
  const indent = /^ */.exec(key)![0]
  return items.length === 0 ? [] : [`${key}:`, ...items.map((item) => `${indent}  - ${item}`)]
}

function commented(why: string): readonly string[] {
  return why.split('\n').map((line) => `# ${line}`)
}

function inWholeSeconds(ms: number): string {
  return formatDuration(1000 * Math.floor(Math.min(ms, limits.durationMs) / 1000))
}

function quoted(path: string): string {
  return /^[\w./][\w./-]*$/.test(path) ? path : JSON.stringify(path)
}
