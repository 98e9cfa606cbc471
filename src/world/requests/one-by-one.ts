// Requests flown one by one, in the cheapest way that is exact for them.
import { Tape } from '../../kernel/random.js'
import type { FlowPlan } from '../flow.js'
import { CoupledRequests } from './coupled-requests.js'
import { Requests } from './requests.js'

export type OneByOne = Requests | CoupledRequests

/** Only what requests do to each other takes more than two draws for each of them. */
export function oneByOne(plan: FlowPlan): OneByOne {
  return plan.coupling ? new CoupledRequests(plan, plan.coupling, new Tape(0)) : new Requests(plan, new Tape(0))
}
