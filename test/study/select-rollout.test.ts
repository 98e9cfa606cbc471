// Of the manifests of several Rollouts each gets those that concern it.
import { expect, it } from 'vitest'
import { readManifests } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'
import { manifestsOf } from '../../src/study/select-rollout.js'

const rollout = (name: string, more = '') =>
  `{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: ${name}${more}}, spec: {strategy: {canary: {canaryService: ${name}-canary, analysis: {templates: [{templateName: ${name}-rate}]}}}}}`
const object = (kind: string, name: string, spec: string) =>
  `{apiVersion: v1, kind: ${kind}, metadata: {name: ${name}}, spec: ${spec}}`

function selected(name: string, documents: readonly string[], namespace = 'default'): readonly string[] {
  const problems = new Problems()
  const manifests = readManifests(['all.yaml'], { read: () => ({ text: documents.join('\n---\n') }) }, problems)
  problems.throwIfAny()
  return manifestsOf({ namespace, name }, manifests).map((each) => `${each.kind} ${each.name}`)
}

it('A Rollout alone gets everything', () => {
  expect(selected('shop', [rollout('shop'), object('Service', 'other', '{}')])).toEqual([
    'Rollout shop',
    'Service other',
  ])
})

it('Of two each gets what it names, and what that names', () => {
  const documents = [
    rollout('shop'),
    rollout('cart'),
    object('AnalysisTemplate', 'shop-rate', '{templates: [{templateName: latency}]}'),
    object('AnalysisTemplate', 'cart-rate', '{}'),
    object('AnalysisTemplate', 'latency', '{}'),
    object('Service', 'shop-canary', '{}'),
    object('Service', 'cart-canary', '{}'),
  ]
  expect(selected('shop', documents)).toEqual([
    'Rollout shop',
    'AnalysisTemplate shop-rate',
    'AnalysisTemplate latency',
    'Service shop-canary',
  ])
  expect(selected('cart', documents)).toEqual(['Rollout cart', 'AnalysisTemplate cart-rate', 'Service cart-canary'])
})

it('what names it belongs to it, such as its autoscaler', () => {
  const documents = [
    rollout('shop'),
    rollout('cart'),
    object('HorizontalPodAutoscaler', 'one', '{scaleTargetRef: {kind: Rollout, name: shop}}'),
  ]
  expect(selected('shop', documents)).toEqual(['Rollout shop', 'HorizontalPodAutoscaler one'])
  expect(selected('cart', documents)).toEqual(['Rollout cart'])
})

it('what both name both get, and what nobody names may concern each', () => {
  const shared = object('Service', 'shared', '{}')
  const documents = [
    rollout('shop').replace('shop-canary', 'shared'),
    rollout('cart').replace('cart-canary', 'shared'),
    shared,
    object('Namespace', 'all', '{}'),
  ]
  expect(selected('shop', documents)).toEqual(['Rollout shop', 'Service shared', 'Namespace all'])
  expect(selected('cart', documents)).toEqual(['Rollout cart', 'Service shared', 'Namespace all'])
})

it('Rollouts of one name in two namespaces are two', () => {
  const documents = [rollout('shop', ', namespace: eu'), rollout('shop', ', namespace: us')]
  expect(selected('shop', documents, 'us')).toEqual(['Rollout shop'])
})
