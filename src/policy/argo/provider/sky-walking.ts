// SkyWalking: whatever the GraphQL query answers.

import { goDurationError } from '../../../scenario/go-duration.js'
import { encodeJson } from '../condition/value/json-encode.js'
import { goValueOf } from './go-value.js'
import type { SkyWalkingTemplate } from './provider.js'
import type { Said, Shape } from './shaped.js'

export function skyWalkingShape(reading: Said): Shape {
  const result = reading.kind === 'json' ? goValueOf(reading.value) : null
  if (result === null) return { error: 'no results returned from SkyWalking query' }
  return { result, value: encodeJson(result) }
}

export function skyWalkingComplaint({ interval }: SkyWalkingTemplate): string | undefined {
  return goDurationError(interval)
}
