// The selector of a Rollout, held against the labels of its pods.
import { type Fields, pathText } from '../fields.js'
import { invalidValue, tellInvalid, tellRequired } from './refusal.js'

/** Tells of a selector that the controller can't work with, or that it refuses; without one nothing fits a workload's. */
export function checkSelector(spec: Fields, labels: Fields | undefined, isReferred: boolean): void {
  const selector = spec.fields('selector')
  if (!selector) {
    const detail = "Rollout has missing field '.spec.selector'"
    if (isReferred) tellMismatch(spec, undefined, 'there is no selector', labels)
    else tellRequired(spec, undefined, { path: 'spec.selector', detail })
    return
  }
  const requirements = requirementsOf(selector)
  selector.end()
  // Without a selector the controller doesn't get as far as to look at the rest.
  for (const { fields, key, unbuildable } of requirements) {
    if (unbuildable !== undefined) tellHang(fields, key, unbuildable)
  }
  if (requirements.length === 0) {
    const hint = 'Name labels of the template.'
    tellInvalid(spec, 'selector', {}, { detail: 'empty selector is invalid for deployment', hint })
  }
  for (const { fields, key, label, unbuildable, fits } of requirements) {
    if (unbuildable === undefined && !fits(labels?.raw(label))) tellMismatch(fields, key, label, labels)
  }
}

/** One of the things that a selector asks of labels. */
interface Requirement {
  readonly fields: Fields
  /** What to point at in the fields. */
  readonly key: string | undefined
  readonly label: string
  readonly unbuildable: string | undefined
  readonly fits: (value: unknown) => boolean
}

function requirementsOf(selector: Fields): readonly Requirement[] {
  const matchLabels = selector.fields('matchLabels')
  const wanted = (matchLabels?.keys() ?? []).map((label): Requirement => {
    const value = matchLabels!.text(label)
    const isValue = value === undefined || labelValue.test(value)
    const unbuildable = isValue ? namesHash(label) : `${JSON.stringify(value)} is no value of a label`
    return { fields: matchLabels!, key: label, label, unbuildable, fits: (has) => value === undefined || has === value }
  })
  return [...wanted, ...selector.list('matchExpressions').map(expressed)]
}

function expressed(expression: Fields): Requirement {
  const label = expression.text('key') ?? ''
  const operator = expression.text('operator') ?? ''
  const values = expression.texts('values')
  expression.end()
  const takesValues = operator === 'In' || operator === 'NotIn'
  const isWanted = operator === 'In' || operator === 'Exists'
  const fits = (has: unknown) => (typeof has === 'string' && (!takesValues || values.includes(has))) === isWanted
  const at = (key: string | undefined, unbuildable: string | undefined) => ({
    fields: expression,
    key,
    label,
    unbuildable,
    fits,
  })
  if (!takesValues && operator !== 'Exists' && operator !== 'DoesNotExist') {
    return at('operator', `${JSON.stringify(operator)} is not a valid label selector operator`)
  }
  if (takesValues !== values.length > 0) {
    return at('values', `${operator} needs ${takesValues ? 'at least one value' : 'to be without values'}`)
  }
  const unbuildable = namesHash(label)
  return at(unbuildable === undefined ? undefined : 'key', unbuildable)
}

const hashLabel = 'rollouts-pod-template-hash'
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

function namesHash(label: string): string | undefined {
  return label === hashLabel ? `the selector can't name ${hashLabel}` : undefined
}

function tellMismatch(fields: Fields, key: string | undefined, label: string, labels: Fields | undefined): void {
  const detail = '`selector` does not match template `labels`'
  const names = [...(labels?.keys() ?? [])].sort()
  const has = labels && Object.fromEntries(names.map((name) => [name, labels.raw(name) ?? null]))
  fields.error(key, 'invalid-spec', `${detail}: ${label}`, {
    hint: 'The selector must match the labels of the template.',
    verbatim: invalidValue('spec.template.metadata.labels', has, detail),
  })
}

/** The controller can't build such a selector: the Rollout gets no status, and nothing happens. */
function tellHang(fields: Fields, key: string | undefined, complaint: string): void {
  const hint = 'A real rollout hangs without a status here; only the log of the controller tells.'
  fields.error(key, 'invalid-selector', `${pathText(fields.path)}: ${complaint}`, { hint, verbatim: '' })
}
