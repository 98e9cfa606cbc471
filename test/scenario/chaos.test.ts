// Documents of Chaos Mesh become faults, or are refused by name at their line and column.
import { expect, test } from 'vitest'
import { chaosFaults } from '../../src/scenario/chaos/chaos.js'
import { type ChaosSurroundings, type ChaosTimes, withRelease } from '../../src/scenario/chaos/surroundings.js'
import type { ScenarioFault } from '../../src/scenario/faults.js'
import { readManifests } from '../../src/scenario/load.js'
import { type Problem, Problems } from '../../src/scenario/problem.js'
import { casesOf } from './case-file.js'
import { fileMap } from './file-map.js'

const world: ChaosSurroundings = {
  namespace: 'default',
  labels: { stable: [{ app: 'shop', version: 'v1' }], canary: [{ app: 'shop', version: 'v2' }] },
  container: 'shop',
  cpuLimitCores: 2,
  memoryLimitBytes: 512 * 2 ** 20,
  nodes: [
    { name: 'n1', zone: 'a' },
    { name: 'n2', zone: 'b' },
  ],
  dependencies: ['payments'],
  releasedAtMs: Date.UTC(2026, 0, 5, 9, 5),
  horizonMs: 2 * 3_600_000,
}

test.each(casesOf('chaos.txt'))('$name', ({ text, answers }) => {
  expect(said(text)).toEqual(answers)
})

test('after the promotion only intervals are known beforehand', () => {
  const scheduled = (schedule: string) => `kind: Schedule
spec:
  schedule: "${schedule}"
  type: PodChaos
  podChaos: {action: pod-kill, mode: one, selector: {labelSelectors: {app: shop}}}
`
  const promotion = { after: 'promotion', onsetMs: 60_000 } as const
  expect(said(scheduled('@every 30m'), promotion)[0]).toContain(' after promotion + 31m')
  expect(said(scheduled('@hourly'), promotion)[0]).toContain('nobody knows beforehand at what time of day promotion')
})

test('what a document does at one time it does to the same pods, and each time to others', () => {
  const failures = `kind: Schedule
spec:
  schedule: "0,7,30 * * * *"
  type: PodChaos
  podChaos: {action: pod-failure, mode: one, duration: 1m, selector: {labelSelectors: {app: shop}}}
`
  const pods = faultsIn(failures, new Problems()).map(({ fault }) => fault.on.pods)
  expect(pods.length).toBeGreaterThan(4)
  for (let index = 0; index < pods.length; index += 2) {
    expect(pods[index]).toBe(pods[index + 1])
    expect(pods[index]).not.toBe(pods[index + 2])
  }
})

test('without limits nobody knows how much a stressor takes', () => {
  const stress =
    'kind: StressChaos\nspec: {mode: one, selector: {labelSelectors: {app: shop}}, stressors: {cpu: {workers: 1}, memory: {workers: 1}}}\n'
  const { cpuLimitCores: _, memoryLimitBytes: __, ...unlimited } = world
  expect(said(stress, withRelease, unlimited).map((line) => line.split(' | ')[0])).toEqual([
    '4:87 a container without a limit of CPU may take all of its node: nobody knows how much',
    '4:109 of a container without a limit of memory nobody knows a part',
  ])
})

function faultsIn(text: string, problems: Problems, times: ChaosTimes = withRelease, surroundings = world) {
  const documents = text.split(/^---\n/m).map((document) => {
    const head = 'apiVersion: chaos-mesh.org/v1alpha1\n'
    return head + (document.includes('metadata:') ? '' : 'metadata: {name: it}\n') + document
  })
  const manifests = readManifests(['it.yaml'], fileMap({ 'it.yaml': documents.join('---\n') }), problems)
  return manifests.flatMap((manifest) => chaosFaults(manifest, times, surroundings, problems))
}

function said(text: string, times?: ChaosTimes, surroundings?: ChaosSurroundings) {
  const problems = new Problems()
  const faults = faultsIn(text, problems, times, surroundings)
  return [...faults.map(({ fault }) => faultLine(fault)), ...problems.sorted().map(problemLine)]
}

function faultLine({ name, on, when, effect }: ScenarioFault): string {
  const { kind, ...details } = effect
  const { version, ...part } = on
  const minutes = (ms: number) => `${Math.round((ms / 60_000) * 1000) / 1000}m`
  const { after, onsetMs, forMs, everyMs } = when
  const anchor = after === 'release' ? '' : ` after ${after}`
  const times = [
    onsetMs === 0 && anchor === '' ? '' : `${anchor} + ${minutes(onsetMs)}`,
    forMs === undefined ? '' : ` for ${minutes(forMs)}`,
    everyMs === undefined ? '' : ` every ${minutes(everyMs)}`,
  ]
  const json = (value: object) => (Object.keys(value).length === 0 ? '' : ` ${JSON.stringify(value)}`)
  return `${name}: ${kind}${json(details)} on ${version}${json(part)}${times.join('')}`
}

function problemLine({ severity, line, column, message, hint }: Problem): string {
  const kind = severity === 'warning' ? 'warning: ' : ''
  return `${line}:${column} ${kind}${message}${hint === undefined ? '' : ` | ${hint}`}`
}
