// Where requests go, by the routes, Services and ready pods of a cluster.
import { beforeEach, describe, expect, it } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { Cluster } from '../../../src/world/cluster/cluster.js'
import { type Destination, type ReplicaSet, Service } from '../../../src/world/cluster/objects.js'
import { splitRequests } from '../../../src/world/cluster/split.js'

let cluster: Cluster

beforeEach(() => {
  const loop = new Loop()
  const handler = loop.handler((id) => cluster.setReady(cluster.pod(id), true))
  cluster = new Cluster(loop, { created: (pod) => loop.at(loop.now, 0, handler, pod.id) })
  for (const hash of ['old', 'new']) {
    const set = cluster.createReplicaSet(
      { kind: 'Rollout', name: 'shop' },
      { key: hash, hash, image: `shop:${hash}` },
      1,
      0,
    )
    cluster.scale(set, 2)
  }
  loop.run(1000)
})

describe('A share of the requests', () => {
  it('is the same for every rule of a route, whatever weights it has', () => {
    services({ stable: 'old', canary: 'new' })
    route('VirtualService', rule(to('stable', 80), to('canary', 20)), rule(to('stable', 40), to('canary', 60)))
    expect(shares()).toEqual([0.6, 0.4])
  })

  it('is the same for every router', () => {
    services({ stable: 'old', canary: 'new' })
    route('VirtualService', rule(to('stable', 80), to('canary', 20)))
    route('Ingress', rule(to('stable', 90), to('canary', 10)), rule(to('stable', 90), to('canary', 10)))
    expect(shares()).toEqual([0.85, 0.15])
  })

  it('is nothing behind a weight below zero, as stable has while an experiment gets more than it has', () => {
    services({ stable: 'old', canary: 'new' })
    route('TrafficSplit', rule(to('canary', 90), to('preview', 30), to('stable', -20)))
    services({ preview: 'old' })
    expect(shares()).toEqual([0.25, 0.75])
  })

  it('counts by weight, whatever the weights add up to', () => {
    services({ stable: 'old', canary: 'new' })
    route('Ingress', rule(to('stable', 995), to('canary', 5)))
    expect(shares()).toEqual([0.995, 0.005])
  })

  it('leaves out what leads to pods of somebody else', () => {
    services({ stable: 'old', canary: 'new' })
    route('VirtualService', rule(to('stable', 60), to('canary', 20), to('other', 20)))
    expect(shares()).toEqual([0.75, 0.25])
  })

  it('goes to whatever versions the subsets mean, whatever Services of those names select', () => {
    services({ stable: 'new', canary: 'old' })
    const subsets = [subset('stable', 70), subset('canary', 30)]
    route('VirtualService', rule(...subsets))
    expect(shares()).toEqual([0, 0])
    cluster.route('DestinationRule', 'shop').rules = [rule(means('stable', undefined), means('canary', undefined))]
    expect(shares()).toEqual([0.5, 0.5])
    cluster.route('DestinationRule', 'shop').rules = [rule(means('stable', 'old'), means('canary', 'new'))]
    expect(shares()).toEqual([0.7, 0.3])
  })

  it('goes to the versions that virtual nodes mean', () => {
    cluster.route('VirtualNode', 'a').rules = [rule(means('a', 'old'))]
    cluster.route('VirtualNode', 'b').rules = [rule(means('b', 'new'))]
    route('VirtualRouter', rule(to('a', 90), to('b', 10)))
    expect(shares()).toEqual([0.9, 0.1])
  })

  it('goes to the versions that a plugin has been given, without any Service', () => {
    route('Plugin', rule({ ...means('stable', 'old'), weight: 3 }, { ...means('canary', 'new'), weight: 1 }))
    expect(shares()).toEqual([0.75, 0.25])
  })
})

function services(selectors: Readonly<Record<string, string>>): void {
  for (const [name, hash] of Object.entries(selectors)) {
    const service = new Service(name)
    service.hash = hash
    cluster.services.push(service)
  }
}

function route(kind: string, ...rules: readonly ReturnType<typeof rule>[]): void {
  cluster.route(kind, 'shop').rules = rules
}

function rule(...destinations: readonly Destination[]) {
  return { path: '', destinations }
}

function to(name: string, weight: number): Destination {
  return { to: name, hash: undefined, weight }
}

function subset(name: string, weight: number): Destination {
  return { to: name, subsetOf: 'shop', hash: undefined, weight }
}

function means(name: string, hash: string | undefined): Destination {
  return { to: name, hash, weight: 0 }
}

/** Of the old and of the new version, to the sixth digit. */
function shares(): readonly number[] {
  const split = { shares: new Float64Array(2), pods: new Int32Array(2) }
  splitRequests(cluster, true, 'shop', ({ index }: ReplicaSet) => index, split)
  return [...split.shares].map((share) => Math.round(share * 1e6) / 1e6)
}
