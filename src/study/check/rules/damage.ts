// What does damage beyond the Rollout: to the controller, to objects of others, to what pods are given.
import type { Rule } from '../rule.js'

export const damage: readonly Rule[] = [
  {
    id: 'template-cycle',
    severity: 'error',
    title: 'Analysis templates refer to each other in a circle, and the controller dies of it at each start.',
  },
]
