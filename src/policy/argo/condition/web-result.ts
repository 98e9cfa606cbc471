// What a web metric's answer gives: the value that conditions are asked about and the text that is stored.

import { decodeJson } from './value/json-decode.js'
import { encodeJson } from './value/json-encode.js'
import { Panic } from './value/panic.js'
import type { GoValue } from './value/value.js'
import { compileJsonPath, findAll, held, type JsonPath, ReflectionPanic } from './web/json-path.js'
import { PathError } from './web/json-path-parser.js'

export type WebResult =
  | { readonly kind: 'value'; readonly result: GoValue; readonly value: string }
  /** No JSON: Successful with this text for a value, and the conditions are not looked at (up to 1.10.2). */
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'error'; readonly message: string }
  /** The controller's process ends, and again whenever it finds the unfinished run after a restart. */
  | { readonly kind: 'controllerPanic'; readonly message: string }

/** Of several values that the path finds only the first counts. */
export function webResult(status: number, body: string, jsonPath: JsonPath = WHOLE_BODY): WebResult {
  if (jsonPath.nodes === undefined) return { kind: 'error', message: jsonPath.error }
  if (status < 200 || status >= 300) return { kind: 'error', message: `received non 2xx response code: ${status}` }
  const document = decode(body)
  if (document === undefined) return { kind: 'text', value: body }
  try {
    const found = findAll(jsonPath.nodes, document).flat()
    if (found.length === 0) return { kind: 'error', message: 'result of web metric produced no value' }
    const result = held(found[0])
    return { kind: 'value', result, value: encodeJson(result) }
  } catch (error) {
    if (error instanceof PathError)
      return { kind: 'error', message: `Could not find JSONPath in body: ${error.message}` }
    if (error instanceof ReflectionPanic) return { kind: 'controllerPanic', message: error.message }
    throw error
  }
}

/** An empty jsonPath is the whole body. */
export function webJsonPath(template: string | undefined): JsonPath {
  return template === undefined || template === '' ? WHOLE_BODY : compileJsonPath(template)
}

const WHOLE_BODY = compileJsonPath('{$}')

function decode(body: string): GoValue | undefined {
  try {
    return decodeJson(body)
  } catch (error) {
    if (error instanceof Panic) return undefined
    throw error
  }
}
