// Numbers of a Rollout's manifest that the controller bounds.
import type { Fields } from '../fields.js'

/** Of every delay before pods are removed. */
export const defaultDelaySeconds = 30

export function atLeastZero(fields: Fields, key: string): number | undefined {
  const value = fields.integer(key)
  if (value !== undefined && value < 0) {
    fields.error(key, 'invalid-spec', `${key} must be greater than or equal to 0, not ${value}`)
  }
  return value
}
