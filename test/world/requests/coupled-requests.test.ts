import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import type { Coupling } from '../../../src/world/coupling.js'
import type { FlowPlan } from '../../../src/world/flow.js'
import { CoupledRequests } from '../../../src/world/requests/coupled-requests.js'
import { Requests } from '../../../src/world/requests/requests.js'
import { planOf } from '../flights.js'
import { end, expectAgreement, flights } from './flights.js'

const unlimited: Coupling = { places: [undefined, undefined] }
const coupled = (plan: FlowPlan) => new CoupledRequests(plan, unlimited, new Tape(0))
/** Where a rate is limited, single requests meet a bucket that fills, and not the mean of it. */
const untouched = Object.keys(flights).filter((name) => !name.startsWith('too few pods'))

describe('Requests that could touch each other and have no reason to', () => {
  it.each(untouched)('agree with the flow: %s', (name) => expectAgreement(flights[name]!, 60, coupled))

  it.each(untouched)('agree with requests that do not touch each other: %s', (name) => {
    expectAgreement(flights[name]!, 60, coupled, (plan) => new Requests(plan, new Tape(0)))
  })

  it('are shed by a rate limit as the flow has it, to a percent', () => {
    expectAgreement(flights['too few pods under a rate that rises and falls']!, 40, coupled, undefined, 0.01)
  })
})

it('x', () => {
  expect(planOf()).toBeDefined()
  expect(end).toBe(1)
})
