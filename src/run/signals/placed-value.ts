// Puts the value of a signal where a metric looks for it: into a given shape, at a path, under a name.
import type { PathNode } from '../../policy/argo/condition/web/json-path-parser.js'
import { webJsonPath } from '../../policy/argo/condition/web-result.js'
import { isJsonObject, type Json } from '../../scenario/json.js'
import type { ScriptedAnswer } from '../../scenario/signals.js'

const placeholder = '$value'

export function holdsValue(shape: Json): boolean {
  return JSON.stringify(shape).includes(JSON.stringify(placeholder))
}

function inShape(shape: Json, value: Json): Json {
  if (shape === placeholder) return value
  if (isJsonObject(shape)) {
    return Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, inShape(inner, value)]))
  }
  return typeof shape === 'object' && shape !== null ? shape.map((inner) => inShape(inner, value)) : shape
}

/** A shape in which a JSONPath template finds the value; undefined for one that searches or prints. */
export function shapeAt(jsonPath: string): Json | undefined {
  const [action, ...others] = webJsonPath(jsonPath).nodes ?? []
  if (action?.kind !== 'action' || others.length > 0) return undefined
  let shape: Json = placeholder
  for (const node of action.nodes.toReversed()) {
    const outer = around(shape, node)
    if (outer === undefined) return undefined
    shape = outer
  }
  return shape
}

function around(inner: Json, node: PathNode): Json | undefined {
  if (node.kind === 'field') return node.name === '' ? inner : { [node.name]: inner }
  if (node.kind !== 'array' || !node.first.known || !node.last.derived) return undefined
  const index = Math.max(0, node.first.value)
  return [...Array.from({ length: index }, () => null), inner]
}

/** The name that a query of New Relic gives its one value: `SELECT … AS 'errors'`. */
export function shapeNamedIn(query: string): Json | undefined {
  const names = [...query.matchAll(/\bas\s+(?:'([^']+)'|"([^"]+)"|`([^`]+)`|([A-Za-z_][\w.]*))/gi)]
  const [first, second] = names
  if (first === undefined || second !== undefined) return undefined
  return { [first.slice(1).find((name) => name !== undefined)!]: placeholder }
}

/** What a web server sends. */
export function bodyOf(
  answer: Exclude<ScriptedAnswer, { readonly kind: 'error' }>,
  shape: Json | undefined,
): { readonly status: number; readonly body: string } {
  switch (answer.kind) {
    case 'reply':
      return answer
    case 'json':
      return { status: 200, body: JSON.stringify(answer.value) }
    case 'empty':
      return { status: 200, body: '{}' }
    default:
      return { status: 200, body: JSON.stringify(placed(answer, shape!)) }
  }
}

/** JSON has no NaN and no infinities. */
export function placed(answer: Extract<ScriptedAnswer, { readonly kind: 'numbers' | 'null' }>, shape: Json): Json {
  if (answer.kind === 'null') return inShape(shape, null)
  const values = answer.values.map((value) => (Number.isFinite(value) ? value : null))
  return inShape(shape, values.length === 1 ? values[0]! : values)
}
