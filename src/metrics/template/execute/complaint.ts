// What Go says of a template that fails while it is carried out: where, and at which node.

import { quote } from '../../go/quote.js'
import { sprintf } from '../format/printf.js'
import { nodeText } from '../language/node-text.js'
import { TemplateError } from '../template-error.js'
import type { Value } from '../value/shape.js'
import { stringOf } from '../value/value.js'
import type { Scope } from './scope.js'
import type { Surroundings } from './surroundings.js'

/** Go formats the whole with the name in it, so that a % in the name does what it does there. */
export function complain(
  { name, text }: Surroundings,
  { node, template }: Scope,
  format: string,
  values: readonly (Value | string)[],
): never {
  const context = nodeText(node).replaceAll('%', '%%')
  const executing = quote(template.replaceAll('%', '%%'))
  const message = `template: ${name}:${place(text, node.at)}: executing ${executing} at <${context}>: ${format}`
  throw new TemplateError(
    sprintf(
      message,
      values.map((value) => (typeof value === 'string' ? stringOf(value) : value)),
    ),
  )
}

/** Line and column; lines count from 1, columns from 0. */
function place(text: string, at: number): string {
  const before = text.slice(0, at)
  return `${before.split('\n').length}:${at - before.lastIndexOf('\n') - 1}`
}
