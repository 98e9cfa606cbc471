// Turns a unit into a part of the schema: text in, number out, and what an editor shows about it.
import { z } from 'zod'
import type { Unit } from './units.js'

/** Which unit a part of the schema reads, for messages about input that never got as far as being parsed. */
export const unitOf = z.registry<{ unit: Pick<Unit<unknown>, 'expected' | 'parse'> }>()

export interface QuantityRules {
  /** The sentence editors show. */
  readonly doc: string
  /** What to write when the value must not be zero. */
  readonly positive?: boolean
}

export function quantity<Value>(unit: Unit<Value>, { doc, positive = false }: QuantityRules) {
  const text = z.string().meta({ pattern: unit.pattern.source, examples: [...unit.examples] })
  const schema = text
    .transform((written, context) => {
      const parsed = unit.parse(written)
      if (parsed.ok && !(positive && parsed.value === 0)) return parsed.value
      const { message, expected, hint } = parsed.ok
        ? { message: `\`${written}\` must be more than zero`, expected: unit.expected, hint: undefined }
        : parsed
      context.addIssue({ code: 'custom', message, params: { expected, hint } })
      return z.NEVER
    })
    .describe(doc)
  unitOf.add(schema, { unit })
  return schema
}
