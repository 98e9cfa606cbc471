// Turns a unit into a part of the schema: text in, number out, and what an editor shows about it.
import { z } from 'zod'
import { duration, type Unit } from './units.js'

/** Which unit a part of the schema reads, for messages about input that never got as far as being parsed. */
export const unitOf = z.registry<{ unit: Pick<Unit<unknown>, 'expected' | 'parse'> }>()

export interface QuantityRules {
  /** The sentence editors show. */
  readonly doc: string
  /** Whether zero is refused. */
  readonly positive?: boolean
  /** Bounds of the value, if it is a number. */
  readonly least?: number
  readonly most?: number
}

export function quantity<Value>(unit: Unit<Value>, rules: QuantityRules) {
  const text = z.string().meta({ pattern: unit.pattern.source, examples: [...unit.examples] })
  const schema = text
    .transform((written, context) => {
      const parsed = unit.parse(written)
      const bound = parsed.ok ? boundBroken(unit, parsed.value, rules) : undefined
      if (parsed.ok && bound === undefined) return parsed.value
      const { message, expected, hint } = parsed.ok
        ? { message: `\`${written}\` must be ${bound}`, expected: unit.expected, hint: undefined }
        : parsed
      context.addIssue({ code: 'custom', message, params: { expected, hint } })
      return z.NEVER
    })
    .describe(rules.doc)
  unitOf.add(schema, { unit })
  return schema
}

export function aDuration(doc: string, rules: Omit<QuantityRules, 'doc'> = {}) {
  return quantity(duration, { doc, ...rules })
}

/** In words, the bound that a value is beyond; undefined if it is within all of them. */
function boundBroken<Value>(
  unit: Unit<Value>,
  value: Value,
  { positive = false, least, most }: QuantityRules,
): string | undefined {
  if (typeof value !== 'number') return undefined
  if (positive && value === 0) return 'more than zero'
  if (least !== undefined && value < least) return `at least ${unit.format(least as Value)}`
  if (most !== undefined && value > most) return `at most ${unit.format(most as Value)}`
  return undefined
}
