// Everything that can be wrong with a query, with its place in the text.

import { toBytes } from '../go/bytes.js'

export interface TextRange {
  readonly from: number
  readonly to: number
}

/**
 * `parse`: Prometheus refuses the query before it runs (HTTP 400, `bad_data`).
 * `refused`: it can be read, but not be asked so (`bad_data`, too).
 * `execution`: it fails on the data it meets (HTTP 422, `execution`).
 */
export type PromqlErrorKind = 'parse' | 'refused' | 'execution'

export class PromqlError extends Error {
  readonly from: number
  readonly to: number

  constructor(
    readonly kind: PromqlErrorKind,
    message: string,
    range: TextRange,
  ) {
    super(message)
    this.name = 'PromqlError'
    this.from = range.from
    this.to = range.to
  }

  /** The text Prometheus answers: a parse error names line and column. */
  inQuery(text: string): string {
    if (this.kind !== 'parse') return this.message
    return `${placeOf(this.from, text)}: parse error: ${this.message}`
  }
}

/** Line and column, both from 1. Prometheus counts columns in bytes. */
export function placeOf(index: number, text: string): string {
  if (text === '') return 'unknown position'
  const before = toBytes(text.slice(0, index)).split('\n')
  return `${before.length}:${before.at(-1)!.length + 1}`
}

export function parseError(message: string, range: TextRange): PromqlError {
  return new PromqlError('parse', message, range)
}

/** Prometheus would go on. */
export function limitError(limit: string, range: TextRange): PromqlError {
  return parseError(`${limit}: the limit is Coalmine's`, range)
}
