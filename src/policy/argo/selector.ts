// The selector of a Rollout, held against the labels of its pods.
import { type Fields, pathText } from '../fields.js'

/** Tells of a selector that the controller refuses, or that it can't work with. */
export function checkSelector(spec: Fields, labels: Fields | undefined): void {
  const selector = spec.fields('selector')
  if (!selector) {
    spec.error(undefined, 'invalid-spec', "Rollout has missing field '.spec.selector'")
    return
  }
  const matchLabels = selector.fields('matchLabels')
  const expressions = selector.list('matchExpressions')
  selector.end()
  const keys = matchLabels?.keys() ?? []
  if (keys.length === 0 && !selector.has('matchExpressions')) {
    spec.error('selector', 'invalid-spec', 'empty selector is invalid for deployment', 'Name labels of the template.')
  }
  for (const key of keys) {
    const wanted = matchLabels!.text(key)
    if (key === hashLabel) tellHang(matchLabels!, key, `the selector can't name ${hashLabel}`)
    else if (wanted !== undefined && !labelValue.test(wanted)) {
      tellHang(matchLabels!, key, `${JSON.stringify(wanted)} is no value of a label`)
    } else if (wanted !== undefined && labels?.raw(key) !== wanted) tellMismatch(matchLabels!, key, key)
  }
  for (const expression of expressions) checkExpression(expression, labels)
}

const hashLabel = 'rollouts-pod-template-hash'
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

function checkExpression(expression: Fields, labels: Fields | undefined): void {
  const key = expression.text('key') ?? ''
  const operator = expression.text('operator') ?? ''
  const values = expression.texts('values')
  expression.end()
  const takesValues = operator === 'In' || operator === 'NotIn'
  if (!takesValues && operator !== 'Exists' && operator !== 'DoesNotExist') {
    tellHang(expression, 'operator', `${JSON.stringify(operator)} is not a valid label selector operator`)
  } else if (takesValues !== values.length > 0) {
    tellHang(expression, 'values', `${operator} needs ${takesValues ? 'at least one value' : 'to be without values'}`)
  } else if (key === hashLabel) tellHang(expression, 'key', `the selector can't name ${hashLabel}`)
  else {
    const label = labels?.raw(key)
    const isListed = typeof label === 'string' && (!takesValues || values.includes(label))
    const isWanted = operator === 'In' || operator === 'Exists'
    if (isListed !== isWanted) tellMismatch(expression, undefined, key)
  }
}

function tellMismatch(fields: Fields, key: string | undefined, label: string): void {
  const hint = 'The selector must match the labels of the template.'
  fields.error(key, 'invalid-spec', `\`selector\` does not match template \`labels\`: ${label}`, hint)
}

/** The controller can't build such a selector: the Rollout gets no status, and nothing happens. */
function tellHang(fields: Fields, key: string, complaint: string): void {
  const hint = 'A real rollout hangs without a status here; only the log of the controller tells.'
  fields.error(key, 'invalid-selector', `${pathText(fields.path)}: ${complaint}`, hint)
}
