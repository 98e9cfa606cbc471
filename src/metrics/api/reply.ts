// A request, what it is answered with, and what an endpoint finds.
import type { Parameters } from './parameters.js'

export interface Request {
  readonly method: string
  /** As it came, still percent-encoded, without the part from the question mark on. */
  readonly path: string
  readonly parameters: Parameters
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The `data` of an answer, and what is said beside it. */
export interface Data {
  readonly json: string
  readonly warnings?: readonly string[]
  readonly infos?: readonly string[]
}
