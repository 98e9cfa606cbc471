// The vocabulary of faults: how a scenario writes them, and what is understood.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { effectNames } from '../../src/scenario/fault-rules.js'
import { readScenario } from '../../src/scenario/load.js'
import { formatProblem, Problems } from '../../src/scenario/problem.js'
import { fileMap } from './file-map.js'

const surroundings = `
teaches: something
policy: rollout.yaml
release: {at: 5m}
duration: 4h
traffic: {rate: 400/s, routes: {checkout: 10%, browse: 90%}}
dependencies: [{name: payments}]
`

const minute = 60_000
const MiB = 2 ** 20

test.each<[line: string, on: object, effect: object]>([
  ['on: canary, errors: 5%', { version: 'canary' }, { kind: 'errors', ratio: 0.05, status: 500 }],
  [
    'on: both, errors: 5%, status: 502, above: 80/s',
    { version: 'both' },
    { kind: 'errors', ratio: 0.05, status: 502, abovePerSecond: 80 },
  ],
  [
    'on: {version: canary, pods: 1}, latency: +200ms, above: 80/s',
    { version: 'canary', pods: { count: 1 } },
    { kind: 'latency', change: { kind: 'add', ms: 200 }, abovePerSecond: 80 },
  ],
  ['on: {pods: 30%}, hang: true', { version: 'both', pods: { ratio: 0.3 } }, { kind: 'hang', ratio: 1 }],
  ['on: {pods: 100%}, hang: 5%', { version: 'both', pods: { ratio: 1 } }, { kind: 'hang', ratio: 0.05 }],
  [
    'on: {dependency: payments}, errors: 20%',
    { version: 'both', dependency: 'payments' },
    { kind: 'errors', ratio: 0.2, status: 500 },
  ],
  [
    'on: {version: stable, share: 10%}, latency: x3',
    { version: 'stable', shareRatio: 0.1 },
    { kind: 'latency', change: { kind: 'factor', factor: 3 } },
  ],
  [
    'on: {version: canary, pods: 1}, noisyNeighbour: 60%',
    { version: 'canary', pods: { count: 1 } },
    { kind: 'cpu-theft', ratio: 0.6 },
  ],
  ['on: stable, crashLoop: true', { version: 'stable' }, { kind: 'crash-loop' }],
  ['on: canary, neverReady: true', { version: 'canary' }, { kind: 'not-ready' }],
  [
    'on: canary, leak: {growth: 6Mi/m, limit: 512Mi}',
    { version: 'canary' },
    { kind: 'leak', bytesPerMs: (6 * MiB) / minute, limitBytes: 512 * MiB },
  ],
  ['on: canary, leak: {growth: 60k/s}', { version: 'canary' }, { kind: 'leak', bytesPerMs: 60 }],
  ['on: canary, kill: container', { version: 'canary' }, { kind: 'kill', what: 'container', graceMs: 0 }],
  ['on: canary, imagePullFails: true', { version: 'canary' }, { kind: 'image-pull' }],
  ['quotaExhausted: true', { version: 'both' }, { kind: 'quota' }],
  [
    'on: canary, poison: {records: 50k, recovery: 10m}, status: 503',
    { version: 'canary' },
    { kind: 'poison', records: 50_000, status: 503, recoveryMs: 10 * minute },
  ],
  ['on: canary, poison: {records: 800}', { version: 'canary' }, { kind: 'poison', records: 800, status: 500 }],
  [
    'on: stable, skew: {errors: 30%}',
    { version: 'stable' },
    { kind: 'skew', ratio: 0.3, status: 500, while: 'migrated' },
  ],
  [
    'on: canary, skew: {errors: 30%, while: mixed}',
    { version: 'canary' },
    { kind: 'skew', ratio: 0.3, status: 500, while: 'mixed' },
  ],
  ['traffic: x3', { version: 'both' }, { kind: 'traffic', factor: 3 }],
  ['traffic: +50%', { version: 'both' }, { kind: 'traffic', factor: 1.5 }],
  ['on: gateway, metrics: lost', { version: 'gateway' }, { kind: 'metrics', how: 'lost', delayMs: 0 }],
  [
    'on: canary, metrics: delayed, delay: 2m',
    { version: 'canary' },
    { kind: 'metrics', how: 'delayed', delayMs: 2 * minute },
  ],
  ['prometheus: down', { version: 'both' }, { kind: 'prometheus', how: 'down' }],
  ['controller: down', { version: 'both' }, { kind: 'controller', how: 'down', delayMs: 0 }],
  ['apiServer: slow, delay: 5s', { version: 'both' }, { kind: 'api-server', how: 'slow', delayMs: 5_000 }],
])('%s', (line, on, effect) => {
  expect(understood(line)).toEqual({ on, when: { after: 'release', onsetMs: 0, rampMs: 0 }, effect })
})

test.each<[line: string, when: object]>([
  ['onset: 30m, after: promotion', { after: 'promotion', onsetMs: 30 * minute, rampMs: 0 }],
  ['after: first-pod', { after: 'first-pod', onsetMs: 0, rampMs: 0 }],
  ['onset: 1m, for: 5m, ramp: 2m', { after: 'release', onsetMs: minute, forMs: 5 * minute, rampMs: 2 * minute }],
  ['for: 1m, every: 5m', { after: 'release', onsetMs: 0, forMs: minute, everyMs: 5 * minute, rampMs: 0 }],
  [
    'rollout: [{at: 0s, weight: 10%}, {at: 5m, weight: 50%}, {at: 8m, weight: 0%}]',
    {
      after: 'release',
      onsetMs: 0,
      rampMs: 0,
      steps: [
        { atMs: 0, ratio: 0.1 },
        { atMs: 5 * minute, ratio: 0.5 },
        { atMs: 8 * minute, ratio: 0 },
      ],
    },
  ],
])('%s', (line, when) => {
  expect(understood(`on: canary, errors: 5%, ${line}`)).toMatchObject({ when })
})

const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8')

test.each(page.match(/(?<=`)\{[^`]+: [^`]+\}(?=`)/g)!)('docs/faults.md has %s', (line) => {
  const nodes = /there is no node/
  expect(read(line.slice(1, -1)).told.filter((problem) => !nodes.test(problem))).toEqual([])
})

test('docs/faults.md shows every effect', () => {
  for (const effect of effectNames) expect(page).toMatch(new RegExp(`\\{[^\`]*\\b${effect}: [^\`]+\\}\``))
})

function understood(line: string) {
  const { fault, told } = read(line)
  expect(told).toEqual([])
  return fault
}

function read(line: string) {
  const problems = new Problems()
  const files = fileMap({ 'shop.yaml': `${surroundings}faults: [{${line}}]\n` })
  const scenario = readScenario('shop.yaml', files, problems)?.scenario
  return { fault: scenario?.faults[0], told: problems.sorted().map(formatProblem) }
}
