// The two things that a provider makes of an answer: what conditions see as `result`, and the stored text.
import type { Reading } from '../../../scenario/signals.js'
import type { GoValue } from '../condition/value/value.js'

export type Shape =
  | {
      readonly result: GoValue
      readonly value: string
      /** Some providers store it before they ask the conditions, and so also when these can't be evaluated. */
      readonly isKept?: true
    }
  | { readonly error: string }

/** What there is to shape. */
export type Said = Exclude<Reading, { readonly kind: 'error' }>
