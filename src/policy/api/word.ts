// Whether a value is what a word of an outline stands for, as the API server sees it.
import type { Json } from '../../scenario/json.js'
import type { Word } from './outline.js'
import { parseQuantity } from './quantity.js'

interface Want {
  readonly expected: string
  isIt(value: Json): boolean
}

export const wantOf: Readonly<Record<Exclude<Word, 'empty'>, Want>> = {
  text: { expected: 'text', isIt: (value) => typeof value === 'string' },
  int32: { expected: 'a whole number of 32 bits', isIt: isInt32 },
  int64: { expected: 'a whole number of 64 bits', isIt: isInteger },
  integer: { expected: 'a whole number', isIt: isInteger },
  number: { expected: 'a number', isIt: (value) => typeof value === 'number' },
  flag: { expected: 'true or false', isIt: (value) => typeof value === 'boolean' },
  // Of a number beyond 32 bits it is the controller that complains.
  intOrText: { expected: 'a whole number or text', isIt: (value) => isInteger(value) || typeof value === 'string' },
  time: {
    expected: 'a time such as 2026-01-31T12:00:00Z',
    isIt: (value) => typeof value === 'string' && time.test(value),
  },
  quantity: { expected: 'a quantity such as 500m or 1Gi', isIt: (value) => parseQuantity(value) !== undefined },
  any: { expected: 'anything', isIt: () => true },
}

export function isInt32(value: Json): value is number {
  return typeof value === 'number' && (value | 0) === value
}

function isInteger(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value)
}

const time = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/
