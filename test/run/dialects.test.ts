// What people ask the exporters of a canary, answered from a flight: the world's true value, within its chance.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import { dialectNames } from '../../src/scenario/dialects.js'
import { planOf } from './plans.js'
import { routedRollout, templateOf } from './routed-rollouts.js'

interface Case {
  readonly exporter: string
  readonly router: string | undefined
  readonly answer: string
  readonly query: string
}

const text = readFileSync(new URL('cases/dialect-queries.txt', import.meta.url), 'utf8')
const cases = text.split('\n').flatMap((line): Case[] => {
  if (line === '' || line.startsWith('#')) return []
  const [, exporter, router, answer, query] = /^([\w-]+)(?: \((\w+)\))? \| (\S+) \| (.*)$/.exec(line) ?? []
  if (exporter === undefined) throw new Error(`can't be read: ${line}`)
  return [{ exporter, router, answer: answer!, query: query! }]
})

const releaseMs = 120_000
const askedMs = releaseMs + 200_000

const scenario = (more: string) => `
teaches: What exporters tell.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 10m
traffic: {rate: 400/s}
service:
  stable: {errors: 0.1%, latency: {p50: 40ms, p99: 200ms}, cpuPerRequest: 5ms, memory: 120Mi, start: 5s}
  canary: {errors: 5%, latency: {p50: 80ms, p99: 400ms}}
observability: {scrape: {interval: 10s}${more}}
`

const asWritten = (query: string) =>
  query.replaceAll('HASH', '{{args.canary-hash}}').replaceAll('STABLE', '{{args.stable-hash}}')

const filledIn = (query: string, { stacks }: Plan) =>
  query.replaceAll('HASH', stacks[1]!.hash).replaceAll('STABLE', stacks[0]!.hash)

/** Of all queries of one exporter a flight, as many as a policy may ask. */
const groups = new Map<string, Case[]>()
for (const each of cases) {
  const key = `${each.exporter} ${each.router}`
  groups.set(key, [...(groups.get(key) ?? []), each])
}

describe.each([...groups.values()].map((group) => [group[0]!.exporter, group] as const))('%s', (exporter, group) => {
  const { router } = group[0]!
  const policy =
    routedRollout(router ?? 'istio') +
    templateOf(
      'asked',
      group.map(({ query }) => asWritten(query)),
    )
  const plan = planOf(scenario(router === undefined ? `, dialect: ${exporter}` : ''), policy)
  const { observatory, flying } = flight(plan)
  flying.advance(askedMs)

  test.each(group.map(({ query, answer }) => [query, answer] as const))('%s is %s', (query, answer) => {
    const told = observatory.answer(filledIn(query, plan), askedMs)
    const values = told.kind === 'data' && told.result.resultType === 'vector' ? told.result.values : told
    if (answer === 'nothing') return expect(values).toEqual([])
    const [least, most] = answer.split('..').map(Number)
    expect(values).toHaveLength(1)
    const [value] = values as readonly number[]
    expect(value).toBeGreaterThanOrEqual(least!)
    expect(value).toBeLessThanOrEqual(most!)
    return undefined
  })
})

test('Every dialect is asked', () => {
  expect(new Set(cases.map(({ exporter }) => exporter))).toEqual(new Set(dialectNames))
})

function flight(plan: Plan) {
  const simulation = new Simulation(plan)
  return { observatory: simulation.observatory, flying: simulation.takeOff(1) }
}
