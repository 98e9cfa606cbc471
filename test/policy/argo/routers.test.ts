// What the controller writes to routers of which the recordings have no objects, held against plain-text facts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Loop } from '../../../src/kernel/loop.js'
import { ArgoRollouts } from '../../../src/policy/argo/controller.js'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { abort } from '../../../src/policy/argo/verbs.js'
import { withImage } from '../../../src/policy/pod-template.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'
import { Cluster } from '../../../src/world/cluster/cluster.js'
import { type Route, Service } from '../../../src/world/cluster/objects.js'

interface Fact {
  readonly name: string
  readonly routing: string
  readonly objects: string
  readonly abortAt?: number
  readonly written: readonly string[]
  readonly status: readonly string[]
}

const facts = parse(readFileSync(join(import.meta.dirname, 'cases', 'routes-written.yaml'), 'utf8')) as Fact[]

describe('A release through a router', () => {
  it.each(facts.map((fact) => [fact.name, fact] as const))('%s', (_, fact) => {
    const { written, status } = released(fact)
    expect(written).toEqual(fact.written)
    expect(status).toEqual(fact.status)
  })
})

const releaseMs = 10_000

function released({ routing, objects, abortAt }: Fact) {
  const loop = new Loop()
  const handler = loop.handler((id) => cluster.setReady(cluster.pod(id), true))
  const cluster = new Cluster(loop, { created: (pod) => loop.at(loop.now + 1990, 0, handler, pod.id) })
  const policy = policyOf(routing, objects)
  for (const { name, selector } of policy.services) cluster.services.push(new Service(name, selector))
  for (const { kind, name, rules } of policy.routes) cluster.route(kind, name).rules = rules
  const written: string[] = []
  const status: string[] = []
  const second = () => Math.floor((loop.now - releaseMs) / 1000)
  const revisionOf = (hash: string) => {
    const index = cluster.replicaSets.findIndex((set) => set.hash === hash)
    return index < 0 ? hash : `r${index + 1}`
  }
  cluster.listen({
    routeChanged: (route) => {
      if (loop.now >= releaseMs) written.push(`${second()} ${route.kind}/${route.name} ${told(route, revisionOf)}`)
    },
  })
  const journal = {
    wrote: () => {
      const { weights } = controller.rollout.status
      const text = weights && `canary ${weights.canary}${weights.verified ? ' verified' : ''}`
      if (loop.now < releaseMs || !text || status.at(-1)?.endsWith(` ${text}`)) return
      if (weights.canary > 0 || status.length > 0) status.push(`${second()} ${text}`)
    },
    event: () => {},
  }
  const answer = { latencyMs: 0, kind: 'error', message: 'nobody asks' } as const
  const controller = new ArgoRollouts(policy.rollout, policy.catalogue, { loop, cluster, query: () => answer, journal })
  controller.apply(policy.rollout)
  loop.run(releaseMs)
  controller.apply({ ...policy.rollout, template: withImage(policy.rollout.template, 'demo:v2') })
  if (abortAt !== undefined) {
    loop.run(releaseMs + abortAt * 1000)
    abort(controller)
  }
  loop.run(releaseMs + 20_000)
  return { written, status }
}

/** `stable 75, canary 25`, with `=r2` behind what means a version, and `;` between rules. */
function told({ rules }: Route, revisionOf: (hash: string) => string): string {
  const texts = rules.map(({ destinations }) =>
    destinations
      .map(({ to, hash, weight }) => `${to}${hash === undefined ? '' : `=${revisionOf(hash)}`} ${weight}`)
      .join(', '),
  )
  return texts.join('; ')
}

function policyOf(routing: string, objects: string) {
  const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: demo}, ports: [{port: 80}]}
---`
  const text = `${service('stable')}${service('canary')}
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: demo}
spec:
  replicas: 2
  selector: {matchLabels: {app: demo}}
  template:
    metadata: {labels: {app: demo}}
    spec: {containers: [{name: app, image: "demo:v1"}]}
  strategy:
    canary:
      canaryService: canary
      stableService: stable
      trafficRouting: ${routing}
      steps: [{setWeight: 25}, {pause: {duration: 2s}}, {setWeight: 60}, {pause: {duration: 2s}}]
---
${objects}`
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text }) }, problems)
  const policy = readPolicy(manifests, problems)
  expect(problems.sorted()).toEqual([])
  return policy!
}
