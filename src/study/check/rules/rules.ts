// All that `check` knows to be wrong with manifests.
import { rulesOfComments } from '../ignored.js'
import type { Rule } from '../rule.js'
import { aborts } from './aborts.js'
import { actions } from './actions.js'
import { blindAnalyses } from './analysis-blind.js'
import { background } from './background.js'
import { damage } from './damage.js'
import { disagreements } from './disagreements.js'
import { hangs } from './hangs.js'
import { misread } from './misread.js'
import { neighbours } from './neighbours.js'
import { podsAndTraffic } from './pods-and-traffic.js'
import { probes } from './probes.js'
import { refusedAnalyses } from './refused-analyses.js'
import { services } from './services.js'
import { statistics } from './statistics.js'
import { workloads } from './workloads.js'

/** In the order in which docs/rules lists them. */
export const rules: readonly Rule[] = [
  ...damage,
  ...hangs,
  ...podsAndTraffic,
  ...aborts,
  ...neighbours,
  ...workloads,
  ...services,
  ...probes,
  ...actions,
  ...blindAnalyses,
  ...background,
  ...refusedAnalyses,
  ...misread,
  ...disagreements,
  ...statistics,
  ...rulesOfComments,
]
