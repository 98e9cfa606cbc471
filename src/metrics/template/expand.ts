// Templates in labels and annotations of alerts, as Prometheus 3.15 expands them.

import { fromBytes } from '../go/bytes.js'
import { FUNCTION_NAMES, prometheusFunctions } from './prometheus/functions.js'
import type { TemplateSample } from './prometheus/sample.js'
import { Template } from './template.js'
import { TemplateError } from './template-error.js'
import type { Value } from './value/shape.js'
import { structOf } from './value/type.js'
import { anyOf, floatOf, labelsOf, textOf } from './value/value.js'

export type { TemplateSample }

/** What a template sees of its alert and of the server. */
export interface AlertData {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly externalLabels: Readonly<Record<string, string>>
  readonly externalUrl: string
  /** When the rule is evaluated. */
  readonly timeMs: number
  /** Answers the function `query` at that time: samples of a vector (a scalar is one without labels), or what is wrong. */
  readonly query: (text: string) => readonly TemplateSample[] | { readonly error: string }
}

/** The text with its actions carried out; where one fails, what Prometheus puts in place of the whole text. */
export function expand(alertName: string, text: string, data: AlertData): string {
  if (!text.includes('{{')) return text
  const expanded = tryToExpand(alertName, text, data)
  return typeof expanded === 'string' ? expanded : `<error expanding template: ${expanded.error}>`
}

/** The text, or why there is none. */
export function tryToExpand(alertName: string, text: string, data: AlertData): string | { readonly error: string } {
  const name = nameOf(alertName)
  const template = attempt(() => new Template(name, DEFINITIONS + text, FUNCTION_NAMES))
  if ('error' in template) return { error: `error parsing template ${name}: ${template.error}` }
  const output = attempt(() => template.result.run(dataOf(data), prometheusFunctions(data), 'zero'))
  return 'error' in output ? { error: `error executing template ${name}: ${output.error}` } : output.result
}

/** Why `promtool check rules` refuses the template; undefined if it doesn't. */
export function check(alertName: string, text: string): string | undefined {
  const template = attempt(() => new Template(nameOf(alertName), DEFINITIONS + text, FUNCTION_NAMES))
  return 'error' in template ? template.error : undefined
}

/** The variables every template of an alert may use. Columns in errors count them. */
const DEFINITIONS =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}'

const DATA = structOf(
  'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }',
  ['Labels', 'ExternalLabels', 'ExternalURL', 'Value'],
  false,
)

function nameOf(alertName: string): string {
  return `__alert_${alertName}`
}

function dataOf({ labels, externalLabels, externalUrl, value }: AlertData): Value {
  const fields = [labelsOf(labels), labelsOf(externalLabels), textOf(externalUrl), anyOf(floatOf(value))]
  return { kind: 'struct', type: DATA, value: fields }
}

function attempt<Result>(act: () => Result): { readonly result: Result } | { readonly error: string } {
  try {
    return { result: act() }
  } catch (error) {
    if (error instanceof TemplateError) return { error: fromBytes(error.message) }
    throw error
  }
}
