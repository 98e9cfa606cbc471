// Which requests take a route that a step has added: as each router reads the conditions that the controller writes.
import { describe, expect, it } from 'vitest'
import { takesRequest } from '../../../src/policy/argo/takes-request.js'
import type { JsonObject } from '../../../src/scenario/json.js'

const header = (name: string, condition: JsonObject): JsonObject => ({ headers: { [name]: condition } })
const takes = (kind: string, match: readonly JsonObject[], headers: Readonly<Record<string, string>>) =>
  takesRequest(kind, { match }, headers)

const paid = header('X-Plan', { exact: 'paid' })
const beta = header('x-beta', { prefix: 'yes' })

describe('A route is taken', () => {
  it.each(['VirtualService', 'ALB', 'ApisixRoute', 'HTTPRoute'])('by a header of any case, %s', (kind) => {
    expect(takes(kind, [paid], { 'x-plan': 'paid' })).toBe(true)
    expect(takes(kind, [paid], { 'x-plan': 'free' })).toBe(false)
    expect(takes(kind, [paid], {})).toBe(false)
  })

  it('by one of the conditions of Istio, and by all of those of others', () => {
    const one = { 'x-plan': 'paid' }
    const both = { 'x-plan': 'paid', 'x-beta': 'yes, please' }
    expect(takes('VirtualService', [paid, beta], one)).toBe(true)
    expect(takes('ApisixRoute', [paid, beta], one)).toBe(false)
    expect(takes('ApisixRoute', [paid, beta], both)).toBe(true)
    expect(takes('HTTPRoute', [paid, beta], one)).toBe(false)
    expect(takes('HTTPRoute', [paid, beta], both)).toBe(true)
  })

  // upsertCondition in rollout/trafficrouting/alb/alb.go of argo-rollouts 1.10.2; the conditions of a rule of a load
  // balancer all have to hold, its values are alternatives, case doesn't matter, and * and ? stand for any characters.
  it('by one value of each header of a load balancer', () => {
    const match = [paid, header('X-Plan', { exact: 'trial-?' }), header('x-team', { exact: '*@shop.example' })]
    expect(takes('ALB', match, { 'x-plan': 'PAID', 'x-team': 'me@shop.example' })).toBe(true)
    expect(takes('ALB', match, { 'x-plan': 'trial-2', 'x-team': 'me@shop.example' })).toBe(true)
    expect(takes('ALB', match, { 'x-plan': 'trial-22', 'x-team': 'me@shop.example' })).toBe(false)
    expect(takes('ALB', match, { 'x-plan': 'paid' })).toBe(false)
    expect(takes('ALB', [header('x-a', { exact: 'a.b' })], { 'x-a': 'axb' })).toBe(false)
  })

  it('by expressions: of Istio and the Gateway API the whole value, of APISIX a part', () => {
    const match = [header('x-user', { regex: 'a[0-9]+' })]
    for (const [kind, whole, part] of [
      ['VirtualService', true, false],
      ['HTTPRoute', true, false],
      ['ApisixRoute', true, true],
    ] as const) {
      expect(takes(kind, match, { 'x-user': 'a12' })).toBe(whole)
      expect(takes(kind, match, { 'x-user': 'xa12' })).toBe(part)
    }
  })

  // apisixExprs in rollout/trafficrouting/apisix/apisix.go; getHTTPHeaderRouteRuleList in pkg/plugin/httproute.go of the
  // plugin for the Gateway API.
  it('by a prefix, that some controllers turn into an expression without quoting it', () => {
    const match = [header('x-version', { prefix: '1.2' })]
    expect(
      ['VirtualService', 'ApisixRoute', 'HTTPRoute'].map((kind) => takes(kind, match, { 'x-version': '1.2.3' })),
    ).toEqual([true, true, true])
    expect(
      ['VirtualService', 'ApisixRoute', 'HTTPRoute'].map((kind) => takes(kind, match, { 'x-version': '132' })),
    ).toEqual([false, true, true])
  })

  it('by the first of two conditions of the Gateway API for one header', () => {
    const match = [paid, header('x-plan', { exact: 'free' })]
    expect(takes('HTTPRoute', match, { 'x-plan': 'paid' })).toBe(true)
    expect(takes('ApisixRoute', match, { 'x-plan': 'paid' })).toBe(false)
  })

  it('by nobody whose method or path it asks for: no request of a scenario has one', () => {
    expect(takes('VirtualService', [{ method: { exact: 'GET' } }], {})).toBe(false)
  })
})
