// One sample of 1 where there is nothing: absent, absent_over_time.

import { type Labels, type LabelTable, METRIC_NAME } from '../../labels.js'
import type { Matcher } from '../../matcher.js'
import { type Expression, withoutParens } from '../ast.js'
import type { Moment, VectorNode } from '../plan.js'
import { Vector } from '../vector.js'
import type { CallSite, Family } from './implementation.js'
import { countFilled } from './over-range.js'

export const ABSENCE: Family = {
  absent: (site) => {
    const inner = site.vector(0)
    return absence(site, (moment) => inner.vector(moment).size)
  },
  absent_over_time: (site) => absence(site, countFilled(site, 0)),
}

function absence(site: CallSite, present: (moment: Moment) => number): VectorNode {
  const labels = requiredLabels(site.store.labels, withoutParens(site.call.args[0]!))
  const out = new Vector()
  return {
    type: 'vector',
    vector(moment) {
      out.size = 0
      if (present(moment) === 0) out.push(labels, 1)
      return out
    },
  }
}

/**
 * The labels a selector pins down by `=`; a label with a later matcher is left out. Later in the order in which
 * Prometheus looks series up: matchers that only rule series out come last.
 */
function requiredLabels(table: LabelTable, expression: Expression): Labels {
  const selector = expression.kind === 'matrix' ? expression.selector : expression
  if (selector.kind !== 'selector') return table.empty
  const labels: Record<string, string> = {}
  const seen = new Set<string>([METRIC_NAME])
  const mustBeSet = new Set(selector.matchers.filter(({ accepts }) => !accepts('')).map(({ label }) => label))
  const rulesOut = ({ type, label, accepts }: Matcher) =>
    !mustBeSet.has(label) || (type.startsWith('!') && accepts('')) ? 1 : 0
  for (const { label, type, value } of selector.matchers.toSorted((a, b) => rulesOut(a) - rulesOut(b))) {
    if (label === METRIC_NAME) continue
    labels[label] = type === '=' && !seen.has(label) ? value : ''
    if (type === '=') seen.add(label)
  }
  return table.of(labels)
}
