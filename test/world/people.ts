// The people of tests: so many users who differ in nothing.
import { EQUAL_ACTIVITY } from '../../src/scenario/users.js'
import type { AudiencePlan } from '../../src/world/audience.js'
import { populationOf } from '../../src/world/population.js'

export function audienceOf(users: number, stickiness: AudiencePlan['stickiness'] = 'request'): AudiencePlan {
  return {
    ...populationOf({ users: { count: users, activity: EQUAL_ACTIVITY }, segments: [], routes: [] }),
    stickiness,
  }
}
