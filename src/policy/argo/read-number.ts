// Numbers of a Rollout's manifest that may not be negative.
import type { Fields } from '../fields.js'
import { tellInvalid } from './refusal.js'

/** Of every delay before pods are removed. */
export const defaultDelaySeconds = 30

/** One that the API server or nobody refuses: what the controller would do with it isn't simulated. */
export function atLeastZero(fields: Fields, key: string): number | undefined {
  const value = fields.integer(key)
  if (value !== undefined && value < 0) fields.error(key, 'invalid-spec', tooLow(key, value))
  return value
}

/** One that nobody refuses, and that no release gets past. */
export function stuckBelowZero(fields: Fields, key: string): number | undefined {
  const value = fields.integer(key)
  if (value !== undefined && value < 0) {
    fields.warning(key, 'negative-number', tooLow(key, value), 'The controller takes it, and the release never ends.')
  }
  return value
}

/** One that the controller refuses. */
export function nonNegative(fields: Fields, key: string): number | undefined {
  const value = fields.integer(key)
  if (value !== undefined && value < 0) {
    tellInvalid(fields, key, value, { detail: 'must be greater than or equal to 0', message: tooLow(key, value) })
  }
  return value
}

function tooLow(key: string, value: number): string {
  return `${key} must be greater than or equal to 0, not ${value}`
}
