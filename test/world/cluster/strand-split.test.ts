// Where the requests of each strand go: those that a route was added for, and all others.
import { beforeEach, describe, expect, it } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { Cluster } from '../../../src/world/cluster/cluster.js'
import { type Destination, type ReplicaSet, Service } from '../../../src/world/cluster/objects.js'
import { splitRequests } from '../../../src/world/cluster/split.js'
import { StrandSplit, type Takes } from '../../../src/world/cluster/strand-split.js'
import type { Strand } from '../../../src/world/strand.js'

let cluster: Cluster

beforeEach(() => {
  const loop = new Loop()
  const handler = loop.handler((id) => cluster.setReady(cluster.pod(id), true))
  cluster = new Cluster(loop, { created: (pod) => loop.at(loop.now, 0, handler, pod.id) })
  for (const hash of ['old', 'new']) {
    const template = { key: hash, hash, image: `shop:${hash}` }
    cluster.scale(cluster.createReplicaSet({ kind: 'Rollout', name: 'shop' }, template, 1, 0), 2)
    const service = new Service(hash)
    service.hash = hash
    cluster.services.push(service)
  }
  loop.run(1000)
  cluster.route('VirtualService', 'shop').rules = [{ path: '', destinations: [to('old', 80), to('new', 20)] }]
})

const strand = (share: number, headers = {}): Strand => ({ route: undefined, segment: 0, labels: {}, headers, share })
const free = strand(0.75)
const paid = strand(0.25, { 'x-plan': 'paid' })
const sameHeaders: Takes = (_, { match }, headers) => JSON.stringify(match[0]) === JSON.stringify(headers)

describe('Strands', () => {
  it('go by weight without a route of their own', () => {
    expect(shares([free, paid])).toEqual({ strands: [0.8, 0.2, 0.8, 0.2], all: [0.8, 0.2] })
  })

  it('go where the route leads that was added for them', () => {
    added('VirtualService', { 'x-plan': 'paid' }, to('new', 100))
    expect(shares([free, paid])).toEqual({ strands: [0.8, 0.2, 0, 1], all: [0.6, 0.4] })
  })

  it('take the first route that they fit', () => {
    added('VirtualService', { 'x-plan': 'paid' }, to('old', 80), to('new', 20))
    added('VirtualService', { 'x-plan': 'paid' }, to('new', 100))
    expect(shares([paid]).strands).toEqual([0.8, 0.2])
  })

  it('see every router with the same part of their requests', () => {
    cluster.route('Ingress', 'shop').rules = [{ path: '', destinations: [to('old', 60), to('new', 40)] }]
    added('VirtualService', { 'x-plan': 'paid' }, to('new', 100))
    expect(shares([free, paid]).strands).toEqual([0.7, 0.3, 0.3, 0.7])
  })

  it('reach no added route without a router', () => {
    added('VirtualService', { 'x-plan': 'paid' }, to('new', 100))
    expect(shares([free, paid], false).strands).toEqual([0.5, 0.5, 0.5, 0.5])
  })

  it('cost nothing where there is one without headers: its shares are those by weight', () => {
    const split = { shares: new Float64Array(2), pods: new Int32Array(2) }
    const strands = new StrandSplit(split, [strand(1)], sameHeaders)
    expect(strands.shares).toBe(split.shares)
    expect(strands.ofAll).toBe(split.shares)
  })
})

function added(kind: string, headers: Readonly<Record<string, string>>, ...destinations: readonly Destination[]): void {
  const route = cluster.route(kind, 'shop')
  route.managed = [...route.managed, { name: 'beta', match: [headers], destinations, mirror: undefined }]
}

function to(name: string, weight: number): Destination {
  return { to: name, hash: undefined, weight }
}

function shares(strands: readonly Strand[], isRouted = true) {
  const versionOf = ({ index }: ReplicaSet) => index
  const split = { shares: new Float64Array(2), pods: new Int32Array(2) }
  const strandSplit = new StrandSplit(split, strands, sameHeaders)
  splitRequests(cluster, isRouted, 'shop', versionOf, split)
  strandSplit.update(cluster, isRouted, versionOf)
  const rounded = (numbers: Float64Array) => [...numbers].map((share) => Math.round(share * 1e6) / 1e6)
  return { strands: rounded(strandSplit.shares), all: rounded(strandSplit.ofAll) }
}
