// All that `check` knows to be wrong with manifests.
import type { Rule } from '../rule.js'
import { damage } from './damage.js'
import { hangs } from './hangs.js'
import { podsAndTraffic } from './pods-and-traffic.js'

/** In the order in which docs/rules lists them. */
export const rules: readonly Rule[] = [...damage, ...hangs, ...podsAndTraffic]
