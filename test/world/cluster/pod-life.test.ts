// The life of pods under the kubelet: what it starts anew, and how long it waits.
import { expect, it } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { Tape } from '../../../src/kernel/random.js'
import { Cluster } from '../../../src/world/cluster/cluster.js'
import { PodLife } from '../../../src/world/cluster/pod-life.js'

it('holds a crashing container back from its second restart on: 10 s, doubled up to 5 minutes', () => {
  const loop = new Loop()
  const crashLoop = {
    effect: { kind: 'crash-loop' as const },
    versions: [1],
    onsetMs: 0,
    endMs: Number.POSITIVE_INFINITY,
    rampMs: 0,
  }
  const starts = [{ fixedMs: 4000 }, { fixedMs: 4000 }]
  const life = new PodLife(loop, { starts, faults: [crashLoop] }, () => 1, 0, new Tape(1))
  const cluster = new Cluster(loop, life, life.settings)
  life.attach(cluster)
  const crashes: number[] = []
  cluster.listen({ podRestarted: () => crashes.push(loop.now) })
  loop.run(1000)
  cluster.scale(
    cluster.createReplicaSet({ kind: 'Rollout', name: 'shop' }, { key: 'k', hash: 'h', image: 'i' }, 1, 0),
    1,
  )
  loop.run(2_000_000)
  const waitsMs = crashes.map((atMs, index) => atMs - (crashes[index - 1] ?? crashes[0]! - 4000) - 4000)
  expect(waitsMs.slice(0, 9)).toEqual([0, 0, 10, 20, 40, 80, 160, 300, 300].map((seconds) => seconds * 1000))
})
