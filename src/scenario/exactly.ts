// What schemas are made from of what the program itself has written: they have each field that its type has, and no other.
import { z } from 'zod'

/** A field that is left out here, or another that isn't in the type, doesn't compile. */
export function exactly<Written extends object>(shape: Fields<Written>): z.ZodType<Written> {
  return z.strictObject(shape) as z.ZodType<Written>
}

type Fields<Written> = { readonly [Name in keyof Written]-?: z.ZodType<Written[Name]> }

/** One of several kinds of records that a field tells apart. */
export function oneOf<Written extends object, Key extends keyof Written & string>(
  key: Key,
  kinds: { readonly [Kind in Written[Key] & string]: z.ZodType<Extract<Written, Readonly<Record<Key, Kind>>>> },
): z.ZodType<Written> {
  const schemas = Object.values(kinds) as unknown as readonly [z.ZodObject, ...z.ZodObject[]]
  return z.discriminatedUnion(key, schemas) as unknown as z.ZodType<Written>
}

/** Any number that JSON can write. */
export const figure = z.number()
/** Not necessarily whole: the middle between two counts is none. */
export const amount = z.number().min(0)
export const whole = z.int().min(0)
export const positive = z.int().min(1)
/** Of all runs, or how sure something is. */
export const share = z.number().min(0).max(1)
