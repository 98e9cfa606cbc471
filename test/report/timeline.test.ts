// The timeline as people read it.
import { expect, it } from 'vitest'
import { noColours } from '../../src/report/paint.js'
import { timelineText } from '../../src/report/timeline.js'

const pods = (atMs: number, ready: number, available: number) =>
  ({ atMs, what: 'replica-set', name: 'shop-1', spec: 3, ready, available }) as const

it('tells pods that are ready from those that have been so for minReadySeconds', () => {
  const entries = [pods(1_000, 0, 0), pods(12_000, 3, 0), pods(42_000, 3, 3)]
  expect(timelineText(entries, 1_000, noColours).split('\n')).toEqual([
    '+00:00.0  pods         shop-1  0/3 available',
    '+00:11.0  pods         shop-1  3/3 ready, 0/3 available',
    '+00:41.0  pods         shop-1  3/3 available',
  ])
})

it('tells who is notified, through which service', () => {
  const notified = (service: string, recipients: readonly string[]) =>
    ({ atMs: 61_000, what: 'notification', trigger: 'on-rollout-aborted', service, recipients }) as const
  const entries = [notified('slack', ['alerts', 'shop']), notified('webhook', [''])]
  expect(timelineText(entries, 1_000, noColours).split('\n')).toEqual([
    '+01:00.0  notified     on-rollout-aborted  slack: alerts, shop',
    '+01:00.0  notified     on-rollout-aborted  webhook',
  ])
})

it('tells alerts as they change, with the value they fire at', () => {
  const alert = (change: 'pending' | 'firing' | 'resolved' | 'gone' | 'standing') =>
    ({ atMs: 61_000, what: 'alert', alert: 'Errors', change, labels: { severity: 'page' }, value: '0.05' }) as const
  const entries = [alert('pending'), alert('firing'), alert('resolved'), alert('gone'), alert('standing')]
  expect(timelineText(entries, 1_000, noColours).split('\n')).toEqual([
    '+01:00.0  alert        Errors  pending  0.05  {severity="page"}',
    '+01:00.0  alert        Errors  firing  0.05  {severity="page"}',
    '+01:00.0  alert        Errors  resolved  {severity="page"}',
    '+01:00.0  alert        Errors  gone  {severity="page"}',
    '+01:00.0  alert        Errors  firing since before the release: pages nobody  0.05  {severity="page"}',
  ])
})

it('tells rules that fail, with why', () => {
  const entry = { atMs: 1_000, what: 'rule', rule: 'shop:ratio', group: 'shop', error: 'many-to-many' } as const
  expect(timelineText([entry], 1_000, noColours)).toBe(
    '+00:00.0  rule         shop:ratio  fails  many-to-many  group shop',
  )
})

it('tells containers that are out of memory from those that crash', () => {
  const restart = (pod: number, restarts: number, reason: 'Error' | 'OOMKilled') =>
    ({ atMs: 61_000, what: 'restart', replicaSet: 'shop-1', pod, restarts, reason }) as const
  const entries = [
    restart(1, 1, 'Error'),
    restart(1, 2, 'Error'),
    restart(5, 1, 'OOMKilled'),
    restart(5, 6, 'OOMKilled'),
  ]
  expect(timelineText(entries, 1_000, noColours).split('\n')).toEqual([
    '+01:00.0  pods         shop-1  pod 1 crashed',
    '+01:00.0  pods         shop-1  pod 1 crashed again, 2 times now',
    '+01:00.0  pods         shop-1  pod 5 is OOMKilled',
    '+01:00.0  pods         shop-1  pod 5 is OOMKilled again, 6 times now',
  ])
})
