// What a query answers.

import type { Labels } from '../labels.js'

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

export interface Point {
  readonly timeMs: number
  readonly value: number
}

export interface Points {
  readonly labels: Labels
  readonly points: readonly Point[]
}

export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'vector'; readonly samples: readonly Sample[] }
  | { readonly kind: 'matrix'; readonly series: readonly Points[] }
  | { readonly kind: 'string'; readonly value: string }
