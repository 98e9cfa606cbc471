// A node as Go writes it in the errors of an execution: `at <humanize .Value>`.
import { quote } from '../../go/quote.js'
import type { Node, Operand, PipeNode } from './node.js'

export type Printable = Node | Operand | { readonly kind: 'command'; readonly operands: readonly Operand[] }

export function nodeText(node: Printable): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'action':
      return `{{${nodeText(node.pipe)}}}`
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ''}}}`
    case 'if':
    case 'with':
    case 'range': {
      const otherwise = node.otherwise ? `{{else}}${listText(node.otherwise)}` : ''
      return `{{${node.kind} ${nodeText(node.pipe)}}}${listText(node.body)}${otherwise}{{end}}`
    }
    case 'pipe':
      return pipeText(node)
    case 'command':
      return node.operands.map(nested).join(' ')
    default:
      return operandText(node)
  }
}

function operandText(node: Exclude<Operand, PipeNode>): string {
  switch (node.kind) {
    case 'variable':
      return [node.name, ...node.fields].join('.')
    case 'field':
      return node.fields.map((field) => `.${field}`).join('')
    case 'chain':
      return [nested(node.of), ...node.fields].join('.')
    case 'identifier':
      return node.name
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'bool':
      return String(node.value)
    case 'number':
      return node.text
    case 'string':
      return node.quoted
  }
}

function listText(nodes: readonly Node[]): string {
  return nodes.map(nodeText).join('')
}

function pipeText({ variables, isAssignment, commands }: PipeNode): string {
  const commandText = commands.map(nodeText).join(' | ')
  if (variables.length === 0) return commandText
  return `${variables.map(nodeText).join(', ')} ${isAssignment ? '=' : ':='} ${commandText}`
}

function nested(operand: Operand): string {
  return operand.kind === 'pipe' ? `(${nodeText(operand)})` : nodeText(operand)
}
