// Where pods and traffic are not what the steps say.
import type { Rule } from '../rule.js'
import { canaryScales } from './canary-scales.js'
import { earlySteps } from './early-steps.js'
import { progressThreshold } from './progress-threshold.js'
import { weights } from './weights.js'

export const podsAndTraffic: readonly Rule[] = [...weights, ...canaryScales, ...earlySteps, ...progressThreshold]
