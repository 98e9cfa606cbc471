// StressChaos: what else takes the CPU and the memory of a container.
import type { Part } from './part.js'
import { checkContainer, type Struck } from './struck.js'
import type { ChaosSurroundings } from './surroundings.js'

export function stressChaos(spec: Part, world: ChaosSurroundings): readonly Struck[] {
  checkContainer(spec, world.container)
  if (spec.has('stressngStressors')) {
    spec.refuse('stressngStressors', 'the world does not know the options of stress-ng', 'Write stressors.')
  }
  const stressors = spec.part('stressors')
  const [cpu, memory] = [stressors?.part('cpu'), stressors?.part('memory')]
  if (!cpu && !memory && !spec.has('stressngStressors')) {
    spec.invalid(stressors && 'stressors', 'missing stressors', { hint: 'Write stressors with cpu or memory.' })
  }
  for (const part of [cpu, memory]) {
    if (part?.has('options')) part.refuse('options', 'the world does not know the options of stress-ng')
    if (part && part.number('workers')! <= 0) part.invalid('workers', 'workers should always be positive')
  }
  return [...(cpu ? cpuTheft(cpu, world) : []), ...(memory ? memoryTaken(memory, world) : [])]
}

/**
 * Workers run in the cgroup of the container, under its limit. They get what they ask for, or the part that the
 * scheduler gives to so many beside the one that serves: it shares alike.
 */
function cpuTheft(cpu: Part, { cpuLimitCores }: ChaosSurroundings): readonly Struck[] {
  const workers = cpu.number('workers')!
  const load = cpu.number('load') ?? 100
  if (cpuLimitCores === undefined) {
    const hint = 'Give it resources.limits.cpu, or write a fault with `noisyNeighbour`.'
    cpu.refuse('workers', 'a container without a limit of CPU may take all of its node: nobody knows how much', hint)
    return []
  }
  const asked = (workers * load) / 100 / cpuLimitCores
  if (workers <= 0) return []
  const ratio = Math.min(asked, workers / (workers + 1))
  if (ratio > 0) return [{ effect: { kind: 'cpu-theft', ratio } }]
  cpu.refuse('load', 'a load of 0 takes nothing')
  return []
}

/**
 * All workers together take the size, at once. They run in the cgroup and among the processes of the container, and end
 * with it: Chaos Mesh injects into a container once (controllers/common/records, v2.6.0 to v2.8.3), and doesn't look
 * whether it is still there. memStress v0.3 starts workers anew that were killed alone, but the kubelet has the kernel
 * kill all of a container (memory.oom.group; cgroup v2, Kubernetes 1.28).
 */
function memoryTaken(memory: Part, { memoryLimitBytes }: ChaosSurroundings): readonly Struck[] {
  if (memory.has('oomScoreAdj')) {
    memory.warn('oomScoreAdj', 'out of memory, all of the container is killed, whatever the score of a process')
  }
  const bytes = sizeOf(memory, memoryLimitBytes)
  if (bytes === undefined) return []
  return [{ effect: { kind: 'leak', bytesPerMs: bytes / TAKEN_WITHIN_MS, mostBytes: bytes, endsWithContainer: true } }]
}

const TAKEN_WITHIN_MS = 1_000

/** Without a size, all that there is. */
function sizeOf(memory: Part, limitBytes: number | undefined): number | undefined {
  const text = memory.text('size') ?? ''
  const percent = text === '' ? 100 : /^([+-]?\d+)%$/.exec(text)?.[1]
  if (percent !== undefined) {
    if (Number(percent) < 0 || Number(percent) > 100) {
      memory.invalid('size', 'incorrect bytes format: illegal proportion')
    } else if (limitBytes === undefined) {
      const hint = 'Give it resources.limits.memory, or write a size such as 256MB.'
      memory.refuse(
        text === '' ? 'workers' : 'size',
        'of a container without a limit of memory nobody knows a part',
        hint,
      )
    }
    return limitBytes === undefined ? undefined : (limitBytes * Number(percent)) / 100
  }
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?i?b?)$/i.exec(text) ?? []
  if (digits === undefined) {
    memory.invalid('size', `incorrect bytes format: invalid size: '${text}'`, { hint: 'Write it as 256MB or 25%.' })
    return undefined
  }
  const power = 'kmgtp'.indexOf(unit.charAt(0).toLowerCase()) + 1
  return Math.round(Number(digits) * (/i/i.test(unit) ? 1024 : 1000) ** (unit === '' || /^b$/i.test(unit) ? 0 : power))
}
