// All that `check` knows to be wrong with manifests.
import type { Rule } from '../rule.js'
import { damage } from './damage.js'

/** In the order in which docs/rules lists them. */
export const rules: readonly Rule[] = [...damage]
