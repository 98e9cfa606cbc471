// What must be true between the fields of a fault.
import type { z } from 'zod'
import { type EffectName, type EffectRules, effectNames, effectRules, modifiers } from './fault-rules.js'
import { complain, numberAt, valueAt } from './schema-checks.js'
import { formatDuration } from './units.js'

type Context = z.core.$RefinementCtx<unknown>

export function checkFault(fault: unknown, context: Context): void {
  if (!isMapping(fault)) return
  const has = (key: string) => valueAt(fault, key) !== undefined
  if (has('manifest')) return checkReference(fault, context)
  const effects = effectNames.filter(has)
  const [effect, second] = effects
  // An unknown field is most likely the effect, misspelt.
  const misspelt = context.issues.some((issue) => issue.code === 'unrecognized_keys')
  if (effect === undefined && !misspelt) {
    complain(context, [], `a fault needs an effect: one of ${effectNames.join(', ')}, or a \`manifest\` of Chaos Mesh`)
  }
  if (second !== undefined) {
    const hint = 'Write a fault for each.'
    complain(context, [second], `a fault has one effect, and this one has \`${effect}\` already`, hint)
  }
  if (effect === undefined) return
  checkSelection(fault, effect, context)
  checkModifiers(fault, effects, context)
  checkTimes(has, effect, context)
  checkAnchor(valueAt(fault, 'after'), effect, context)
}

function checkReference(fault: object, context: Context): void {
  for (const key of Object.keys(fault)) {
    if (['manifest', 'after', 'onset'].includes(key)) continue
    const isKnown = !context.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(key))
    if (isKnown) complain(context, [key], `the documents of \`manifest\` say it all: leave \`${key}\` out`)
  }
}

export function checkSelector(selector: unknown, context: Context): void {
  if (!isMapping(selector)) return
  const keys = Object.keys(selector)
  const isEmpty = keys.length === 0 || isEmptyMapping(valueAt(selector, 'segment'))
  if (isEmpty) {
    const path = keys.length === 0 ? [] : ['segment']
    complain(context, path, 'this selects nothing in particular', 'For both versions as a whole write `on: both`.')
  }
}

/** Steps of the rollout of another team. */
export function checkRollout(steps: unknown, context: Context): void {
  if (!Array.isArray(steps)) return
  for (const index of steps.keys()) {
    const at = numberAt(context, index, 'at')
    const before = numberAt(context, index - 1, 'at')
    if (at === undefined || before === undefined || before < at) continue
    complain(context, [index, 'at'], `steps must be in order: the one before is at ${formatDuration(before)}`)
  }
}

function checkSelection(fault: object, effect: EffectName, context: Context): void {
  const { selects, oneVersion, hint: why }: EffectRules = effectRules[effect]
  const on = valueAt(fault, 'on')
  if (on === undefined) {
    if (selects.length === 0) return
    const hint = selects.includes('version')
      ? 'A version (canary, stable, both), or a mapping such as {version: canary, pods: 1}.'
      : `A mapping such as {${selects[0]}: NAME}.`
    complain(context, [], `whom does \`${effect}\` strike? Write \`on\``, hint)
    return
  }
  if (selects.length === 0) {
    complain(context, ['on'], `\`${effect}\` strikes no version in particular: leave \`on\` out`, why)
    return
  }
  const hint = `It goes by ${selects.join(', ')}.`
  if (typeof on === 'string') {
    if (!selects.includes('version')) complain(context, ['on'], `\`${effect}\` cannot strike one version alone`, hint)
  } else if (isMapping(on)) {
    for (const key of Object.keys(on)) {
      const isOther = !(selects as readonly string[]).includes(key) && key in allSelectors
      if (isOther) complain(context, ['on', key], `\`${effect}\` cannot be told apart by ${key}`, hint)
    }
  }
  checkVersion(on, effect, oneVersion === true, context)
}

function checkVersion(on: unknown, effect: EffectName, onlyOne: boolean, context: Context): void {
  const isWhole = typeof on === 'string'
  const path = isWhole || valueAt(on, 'version') === undefined ? ['on'] : ['on', 'version']
  const version = isWhole ? on : (valueAt(on, 'version') ?? 'both')
  if (version === 'gateway' && effect !== 'metrics') {
    complain(context, path, `\`gateway\` is for \`metrics\`: \`${effect}\` strikes a version`)
  }
  if (onlyOne && version === 'both') {
    complain(context, path, `\`${effect}\` strikes one version: which? Write canary or stable`)
  }
}

const allSelectors = Object.fromEntries(effectRules.errors.selects.map((key) => [key, true]))

function checkModifiers(fault: object, effects: readonly EffectName[], context: Context): void {
  for (const [modifier, of] of Object.entries(modifiers)) {
    if (valueAt(fault, modifier) === undefined || effects.some((effect) => of.includes(effect))) continue
    complain(context, [modifier], `\`${modifier}\` is for ${of.join(', ')}, which this fault has none of`)
  }
  const late = effects.find((effect) => valueAt(fault, effect) === 'slow' || valueAt(fault, effect) === 'delayed')
  const hasDelay = valueAt(fault, 'delay') !== undefined
  const concerned = effects.find((effect) => modifiers['delay']!.includes(effect))
  if (late !== undefined && !hasDelay) complain(context, [late], 'by how much? Write `delay`, such as `delay: 2m`')
  if (late === undefined && hasDelay && concerned !== undefined) {
    complain(context, ['delay'], '`delay` is for `metrics: delayed`, `controller: slow` and `apiServer: slow`')
  }
}

function checkTimes(has: (key: string) => boolean, effect: EffectName, context: Context): void {
  const { grows, atOnce }: EffectRules = effectRules[effect]
  for (const key of ['ramp', 'rollout'].filter(has)) {
    if (!grows) complain(context, [key], `\`${effect}\` cannot grow: it is there or not`)
  }
  if (grows && has('ramp') && has('rollout')) {
    complain(context, ['ramp'], 'either `ramp` or `rollout`, not both', 'The weights of the rollout say how it grows.')
  }
  if (atOnce && has('for')) {
    complain(context, ['for'], `\`${effect}\` is over as soon as it has happened: it has no \`for\``)
  } else if (!atOnce && has('every') && !has('for')) {
    complain(context, ['every'], '`every` needs `for`: how long does it last each time?')
  }
  const lasts = numberAt(context, 'for')
  const every = numberAt(context, 'every')
  if (lasts === undefined || every === undefined || lasts < every) return
  const message = `it lasts ${formatDuration(lasts)} each time, so it is never over before the next, ${formatDuration(every)} later`
  complain(context, ['every'], message)
}

function checkAnchor(anchor: unknown, effect: EffectName, context: Context): void {
  const { fromRelease }: EffectRules = effectRules[effect]
  if (!fromRelease || anchor === undefined || anchor === 'release') return
  const hint = 'Let `onset` count from the release.'
  complain(context, ['after'], `\`${effect}\` changes at times that are known before the flight`, hint)
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmptyMapping(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 0
}
