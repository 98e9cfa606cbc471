// What the kubelet makes of a pod template, with the defaults of the API server (1.36, pkg/apis/core/v1/defaults.go).
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { podSpecOf } from '../../src/policy/pod-spec.js'
import type { Json } from '../../src/scenario/json.js'

function specOf(container: string, pod = '') {
  return podSpecOf(parse(`spec: {${pod && `${pod}, `}containers: [{name: shop, ${container}}, {name: other}]}`) as Json)
}

describe('A pod template', () => {
  test('that says nothing has no probes, thirty seconds to end, and five minutes on a node that is gone', () => {
    expect(specOf('image: "shop:1"')).toEqual({ graceMs: 30_000, pullPolicy: 'IfNotPresent', tolerationMs: 300_000 })
  })

  test('has probes with defaults', () => {
    const { readiness, startup, liveness } = specOf(
      'readinessProbe: {httpGet: {port: 80}}, startupProbe: {failureThreshold: 30, periodSeconds: 2},' +
        'livenessProbe: {initialDelaySeconds: 15, timeoutSeconds: 5, terminationGracePeriodSeconds: 10}',
    )
    const defaults = {
      initialDelayMs: 0,
      periodMs: 10_000,
      timeoutMs: 1000,
      failureThreshold: 3,
      successThreshold: 1,
    }
    expect(readiness).toEqual(defaults)
    expect(startup).toEqual({ ...defaults, failureThreshold: 30, periodMs: 2000 })
    expect(liveness).toEqual({ ...defaults, initialDelayMs: 15_000, timeoutMs: 5000, graceMs: 10_000 })
  })

  test.each([
    ['{sleep: {seconds: 5}}', 5000],
    ['{exec: {command: [sleep, "10"]}}', 10_000],
    ['{exec: {command: [/bin/sh, -c, "sleep 15"]}}', 15_000],
    ['{exec: {command: [/bin/sh, -c, "nginx -s quit; sleep 2.5"]}}', 2500],
    ['{exec: {command: [/bin/drain]}}', 'hook'],
    ['{httpGet: {path: /drain, port: 80}}', 'hook'],
  ])('has a hook before it ends: %s', (hook, preStop) => {
    expect(specOf(`lifecycle: {preStop: ${hook}}`).preStop).toBe(preStop)
  })

  test.each([
    ['shop', 'Always'],
    ['"shop:latest"', 'Always'],
    ['"registry:5000/shop"', 'Always'],
    ['"shop:1"', 'IfNotPresent'],
    ['"registry:5000/shop:1"', 'IfNotPresent'],
    ['"shop@sha256:00"', 'IfNotPresent'],
    ['"shop:1", imagePullPolicy: Always', 'Always'],
    ['shop, imagePullPolicy: Never', 'Never'],
  ])('pulls %s: %s', (image, policy) => {
    expect(specOf(`image: ${image}`).pullPolicy).toBe(policy)
  })

  test('may end sooner, use no more than so much memory, and stay longer', () => {
    const { graceMs, memoryLimitBytes, tolerationMs } = specOf(
      'resources: {limits: {memory: 128Mi}}',
      'terminationGracePeriodSeconds: 5, tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 600}]',
    )
    expect([graceMs, memoryLimitBytes, tolerationMs]).toEqual([5000, 128 * 1024 ** 2, 600_000])
    expect(specOf('image: a', 'tolerations: [{operator: Exists}]').tolerationMs).toBe(Number.POSITIVE_INFINITY)
    expect(specOf('image: a', 'tolerations: [{key: gpu, operator: Exists}]').tolerationMs).toBe(300_000)
  })
})
