// The screen shows what belongs to a revision below it, as the command line tool does.
import { expect, it } from 'vitest'
import { noColours } from '../../src/report/paint.js'
import { screen } from '../../src/report/screen.js'
import { flyWatched } from '../../src/run/fly.js'
import { planOf, rollout, template } from '../run/plans.js'

const scenario = `
teaches: What a screen shows.
policy: policy.yaml
release: {at: 1m, image: "shop:2"}
duration: 5m
traffic: {rate: 20/s}
`
const analyses = 'analyses: [{name: check, templateName: t}]'
const experiment = `experiment: {duration: 1m, templates: [{name: next, specRef: canary}], ${analyses}}`
const policy = rollout(1, `steps: [{${experiment}}, {pause: {}}]`) + template('t', 'interval: 10s', 'up')

it('an experiment with its pods and its analyses', () => {
  const frames: string[] = []
  flyWatched(planOf(scenario, policy), 1, 30_000, 120_000, (flying) => frames.push(screen(flying, noColours)))
  const tree = frames[1]!.slice(frames[1]!.indexOf('⟳ ')).replace(/-[a-z0-9]{8,10}(?=[- ])/g, '-HASH')
  const names = tree.split('\n').map((line) => line.replace(/ +(Rollout|ReplicaSet|Experiment|Pod|AnalysisRun) .*/, ''))
  expect(names).toEqual([
    '⟳ shop',
    '├──# revision:2',
    '│  ├──⧉ shop-HASH',
    '│  └──Σ shop-HASH-2-0',
    '│     ├──⧉ shop-HASH-2-0-next',
    '│     │  └──□ shop-HASH-2-0-next-p1',
    '│     └──α shop-HASH-2-0-check',
    '└──# revision:1',
    '   └──⧉ shop-HASH',
    '      └──□ shop-HASH-p1',
  ])
})

it('alerts that are pending or firing above it', () => {
  const rules = `groups: [{name: a, interval: 10s, rules: [{alert: Up, expr: "vector(1)", for: 2m, labels: {severity: page}}]}]`
  const frames: string[] = []
  const plan = planOf(`${scenario}observability: {rules: [rules.yaml]}`, rollout(1, 'steps: [{pause: {}}]'), rules)
  flyWatched(plan, 1, 60_000, 240_000, (flying) => frames.push(screen(flying, noColours)))
  const shown = frames.map((frame) => frame.split('\n')[1])
  expect(shown.slice(0, 3)).toEqual([
    'Alert:  pending  Up  {severity="page"}',
    'Alert:  pending  Up  {severity="page"}',
    'Alert:  firing  Up  {severity="page"}',
  ])
})

it('pods that are out of memory, and how often their container was started again', () => {
  const frames: string[] = []
  const leak = 'faults: [{on: canary, leak: {growth: 120Mi/m, limit: 100Mi}}]\nservice: {stable: {memory: 10Mi}}'
  const plan = planOf(`${scenario}${leak}`, rollout(1, 'steps: [{setWeight: 50}, {pause: {}}]'))
  const record = flyWatched(plan, 1, 1_000, 240_000, (flying) => frames.push(screen(flying, noColours)))
  const pods = frames.flatMap((frame) => frame.match(/□ .*/g) ?? []).map((line) => line.replace(/^\S+ \S+ +Pod +/, ''))
  expect(pods.some((line) => /^✖ OOMKilled .*ready:0\/1,restarts:2$/.test(line))).toBe(true)
  expect(pods.some((line) => /^✔ Running .*ready:1\/1,restarts:1$/.test(line))).toBe(true)
  const restarts = record.timeline.flatMap((entry) => (entry.what === 'restart' ? [entry.reason] : []))
  expect(restarts.slice(0, 2)).toEqual(['OOMKilled', 'OOMKilled'])
})
