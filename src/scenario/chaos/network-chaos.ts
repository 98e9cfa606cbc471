// NetworkChaos: packets out of a pod that come late or never.
import type { Part } from './part.js'
import { durationAt, type Struck } from './struck.js'
import type { ChaosSurroundings } from './surroundings.js'

export function networkChaos(spec: Part, world: ChaosSurroundings): readonly Struck[] {
  const action = spec.text('action')!
  checkDirection(spec, action)
  const dependency = dependencyOf(spec, world)
  for (const key of ['device', 'targetDevice']) {
    if (spec.has(key)) spec.warn(key, 'pods of the world have one network device, whatever its name')
  }
  const struck = action === 'partition' ? cutOff(dependency) : shaped(spec, action, dependency)
  return struck.map(({ effect, of, ...told }) => ({
    effect,
    ...told,
    of: { ...of, ...(dependency === undefined ? {} : { dependency }) },
  }))
}

function checkDirection(spec: Part, action: string): void {
  const direction = spec.text('direction') ?? 'to'
  if (direction === 'to' || action === 'partition') return
  if (spec.has('externalTargets')) {
    const message = 'external targets cannot be used with `from` and `both` direction in netem action yet'
    spec.invalid('direction', message)
  }
  if (!spec.has('target')) {
    spec.invalid('direction', '`from` and `both` direction cannot be used when targets is empty in netem action')
  }
}

/** A target outside is one of the scenario's dependencies; other pods are not there to be told apart. */
function dependencyOf(spec: Part, { dependencies }: ChaosSurroundings): string | undefined {
  if (spec.has('target')) {
    const hint = 'Write externalTargets with the name of one of the `dependencies` of the scenario.'
    spec.refuse('target', 'the world has no other pods that the workload talks to', hint)
  }
  const [target, second] = spec.texts('externalTargets')
  if (target === undefined) return undefined
  if (second !== undefined)
    spec.refuse('externalTargets', 'a fault strikes one dependency', 'Write a document for each.')
  const name = dependencies.find((each) => target === each || target.startsWith(`${each}.`))
  if (name === undefined) {
    const known = dependencies.length === 0 ? 'It has none.' : `It has ${dependencies.join(', ')}.`
    spec.refuse('externalTargets', `${target} is none of the \`dependencies\` of the scenario`, known)
  }
  return name
}

/** Nothing gets through, neither requests nor, if all of it is cut off, the probes of the kubelet. */
function cutOff(dependency: string | undefined): readonly Struck[] {
  const hang: Struck = { effect: { kind: 'hang', ratio: 1 } }
  return dependency === undefined ? [hang, { effect: { kind: 'not-ready' } }] : [hang]
}

function shaped(spec: Part, action: string, dependency: string | undefined): readonly Struck[] {
  const parts = ['delay', 'loss', 'duplicate', 'corrupt', 'bandwidth', 'rate'] as const
  const chosen = parts.filter((key) => (action === 'netem' ? spec.has(key) : key === action))
  if (chosen.length === 0) spec.refuse(undefined, 'this does nothing: it has no delay and no loss')
  for (const key of parts) {
    if (spec.has(key) && !chosen.includes(key)) spec.warn(key, `the action ${action} takes no notice of ${key}`)
  }
  return chosen.flatMap((key) => {
    const part = spec.part(key)
    if (part === undefined) spec.invalid(undefined, `${spec.nameOf(key)} is missing`)
    else if (key === 'delay') return delayed(part)
    else if (key === 'loss') return lost(part, dependency)
    else spec.refuse(key, `the world has no packets to ${verbs[key]}`)
    return []
  })
}

const verbs = { duplicate: 'double', corrupt: 'corrupt', bandwidth: 'measure', rate: 'measure' }

/** An answer leaves in one go: it comes later by what its packets do. */
function delayed(part: Part): readonly Struck[] {
  const ms = durationAt(part, 'latency')
  if (/[1-9]/.test(part.text('jitter') ?? '') && durationAt(part, 'jitter') !== undefined) {
    part.warn('jitter', 'answers come later by the latency itself: jitter is not simulated')
  }
  if (part.has('reorder')) part.refuse('reorder', 'the world has no packets to reorder')
  return ms === undefined ? [] : [{ effect: { kind: 'latency', change: { kind: 'add', ms } } }]
}

/**
 * A packet that is lost is sent again after the least timeout of TCP, which doubles each time (RFC 6298; 200 ms is
 * Linux's TCP_RTO_MIN). So many are lost that often in a row; chance decides anew for each, which keeps the mean.
 */
function lost(part: Part, dependency: string | undefined): readonly Struck[] {
  const ratio = percentAt(part, 'loss')
  checkCorrelation(part)
  if (ratio === undefined || ratio === 0) return []
  if (ratio >= 1) return cutOff(dependency)
  const struck: Struck[] = []
  for (
    let share = ratio, ms = LEAST_TIMEOUT_MS;
    share >= LEAST_SHARE && struck.length < MOST_TRIES;
    share = inDecimals(share * ratio), ms *= 2
  ) {
    const told = struck.length === 0 ? { words: 'packets are lost' } : ({ isToldBefore: true } as const)
    struck.push({ effect: { kind: 'latency', change: { kind: 'add', ms } }, of: { shareRatio: share }, ...told })
  }
  return struck
}

/** What reports show: a tenth of a tenth is 0.01, and not 0.010000000000000002. */
const inDecimals = (share: number) => Number(share.toPrecision(12))

const LEAST_TIMEOUT_MS = 200
const LEAST_SHARE = 1e-5
/** Linux's net.ipv4.tcp_retries2. */
const MOST_TRIES = 15

function checkCorrelation(part: Part): void {
  const ratio = part.has('correlation') ? percentAt(part, 'correlation') : 0
  if (ratio) part.warn('correlation', 'chance decides anew for each request: correlation is not simulated')
}

function percentAt(part: Part, key: string): number | undefined {
  const text = part.text(key) ?? ''
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    const message = `parse correlation field error:strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`
    part.invalid(key, message, { hint: 'Write a percentage without its sign, such as "25".' })
    return undefined
  }
  const ratio = Number(text) / 100
  if (ratio >= 0 && ratio <= 1) return ratio
  part.invalid(key, `${part.nameOf(key)} must be from 0 to 100`)
  return undefined
}
