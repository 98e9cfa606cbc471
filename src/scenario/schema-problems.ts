// Turns what zod found wrong with a file into problems at their places, in the words of the scenario file.
import { z } from 'zod'
import type { Positioned } from './json-text.js'
import { nearName } from './near-name.js'
import { otherWords } from './other-words.js'
import type { Advice, Problems } from './problem.js'
import { unitOf } from './quantity.js'
import type { Path } from './yaml-value.js'

type Issue = z.core.$ZodIssue
type Schema = z.core.$ZodType

/** Validates a document; undefined (and problems, whose codes begin with what it is) if it does not fit the schema. */
export function validate<Output>(
  schema: z.ZodType<Output>,
  document: Positioned,
  file: string,
  problems: Problems,
  { what = 'scenario', most = Number.POSITIVE_INFINITY } = {},
): Output | undefined {
  const result = schema.safeParse(document.value, { reportInput: true })
  if (result.success) return result.data
  const report: Report = {
    value: (path, code, message, advice) =>
      problems.error(`${what}-${code}`, { file, ...document.positionOf(path) }, message, advice),
    key: (path, code, message, advice) =>
      problems.error(`${what}-${code}`, { file, ...document.keyPositionOf(path) }, message, advice),
  }
  const { issues } = result.error
  for (const issue of issues.slice(0, most)) tell(issue, issue.path as Path, schema, report)
  if (issues.length > most)
    report.value([], 'others', `${issues.length - most} more such problems in this file are not shown`)
  return undefined
}

type Tell = (path: Path, code: string, message: string, advice?: Advice) => void

interface Report {
  readonly value: Tell
  readonly key: Tell
}

function tell(issue: Issue, path: Path, root: Schema, report: Report): void {
  const schema = schemaAt(root, path)
  if ('input' in issue && issue.input === undefined) tellMissing(path, schema, report)
  else if (issue.code === 'unrecognized_keys') tellUnknown(issue.keys, path, schema, report)
  else if (issue.code === 'invalid_union') tellUnion(issue, path, root, report)
  else if (issue.code === 'invalid_type') tellType(issue.input, path, schema, report)
  else if (issue.code === 'invalid_value') tellValue(issue.input, issue.values, path, schema, report)
  else if (issue.code === 'too_big') report.value(path, 'value', tooBig(issue))
  else if (issue.code === 'too_small') report.value(path, 'value', tooSmall(issue))
  else tellCustom(issue, path, report)
}

function tellCustom(issue: Issue, path: Path, report: Report): void {
  const advice: Advice = (issue.code === 'custom' ? issue.params : undefined) ?? {}
  report.value(path, advice.expected === undefined ? 'value' : 'unit', issue.message, advice)
}

function tellUnknown(keys: readonly string[], path: Path, schema: Schema | undefined, report: Report): void {
  const known = Object.keys(shapeOf(schema) ?? {})
  for (const key of keys) {
    const near = nearName(key, known)
    const message = `unknown field \`${key}\`${near === undefined ? '' : `: did you mean \`${near}\`?`}`
    const hint = near === undefined ? `Known here are: ${known.join(', ')}.` : undefined
    report.key([...path, key], 'unknown-field', message, { hint })
  }
}

function tellMissing(path: Path, schema: Schema | undefined, report: Report): void {
  const message = `missing field \`${String(path.at(-1))}\``
  const hint = schema === undefined ? undefined : z.globalRegistry.get(schema)?.description
  report.key(path.slice(0, -1), 'missing-field', message, { expected: unitAt(schema)?.expected, hint })
}

function tellType(input: unknown, path: Path, schema: Schema | undefined, report: Report): void {
  const unit = unitAt(schema)
  const parsed = typeof input === 'number' ? unit?.parse(String(input)) : undefined
  if (parsed?.ok === false) {
    report.value(path, 'unit', parsed.message, parsed)
    return
  }
  const expected = unit?.expected ?? kindOf(schema)
  const scalar = typeof input !== 'object' && kindOf(schema) === 'text'
  const hint = scalar ? `Put it in quotes: "${String(input)}".` : undefined
  report.value(path, 'type', `expected ${expected}, found ${found(input)}`, { expected, hint })
}

function tellValue(
  input: unknown,
  values: readonly unknown[],
  path: Path,
  schema: Schema | undefined,
  report: Report,
): void {
  const names = values.map(String)
  const inner = unwrapped(schema)
  const hint = inner && otherWords.get(inner)?.hints.get(String(input))
  const near = hint === undefined ? nearName(String(input), names) : undefined
  const quoted = names.map((name) => `\`${name}\``)
  const expected = names.length > 12 ? `one of ${quoted.join(', ')}` : quoted.join(' or ')
  const suggestion = near === undefined ? '' : `: did you mean \`${near}\`?`
  report.value(path, 'value', `expected ${expected}, found ${found(input)}${suggestion}`, { expected, hint })
}

/** Of several forms, the one meant is the one whose outermost type fits, or that a field names. */
function tellUnion(issue: Issue & { code: 'invalid_union' }, path: Path, root: Schema, report: Report): void {
  if (issue.discriminator !== undefined) {
    const union = unwrapped(schemaAt(root, path.slice(0, -1))) as z.ZodDiscriminatedUnion
    const kinds = union.options.flatMap((option) => {
      const field = shapeOf(option)?.[issue.discriminator!]
      return field instanceof z.ZodLiteral ? [...field.values] : []
    })
    const input = (issue.input as Readonly<Record<string, unknown>>)[issue.discriminator]
    if (input === undefined) tellMissing(path, undefined, report)
    else tellValue(input, kinds, path, undefined, report)
    return
  }
  const isOther = (each: Issue) =>
    each.code === 'invalid_type' ||
    (each.code === 'invalid_value' && !each.values.some((value) => typeof value === typeof issue.input))
  const meant = issue.errors.find((issues) => !issues.some((each) => isOther(each) && each.path.length === 0))
  if (meant === undefined) tellType(issue.input, path, schemaAt(root, path), report)
  for (const each of meant ?? []) tell(each, [...path, ...(each.path as Path)], root, report)
}

function tooSmall(issue: Issue & { code: 'too_small' }): string {
  if (issue.origin === 'array') return 'this list must not be empty'
  if (issue.origin === 'string') return 'this must not be empty'
  return `this must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
}

function tooBig({ origin, maximum }: Issue & { code: 'too_big' }): string {
  return origin === 'array' ? `this list has more than ${maximum} items` : `this must be at most ${maximum}`
}

function found(input: unknown): string {
  if (input === null) return 'nothing'
  if (Array.isArray(input)) return 'a list'
  return typeof input === 'object' ? 'a mapping' : `\`${String(input)}\``
}

/** In words, what a part of the schema takes. */
function kindOf(schema: Schema | undefined): string {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodUnion) {
    const kinds = inner.options.map((option) => unitAt(option)?.expected ?? kindOf(option))
    return [...new Set(kinds)].join(' or ')
  }
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return 'a mapping'
  if (inner instanceof z.ZodArray) return 'a list'
  if (inner instanceof z.ZodBoolean) return '`true` or `false`'
  if (inner instanceof z.ZodNumber) return inner.isInt ? 'a whole number' : 'a number'
  return 'text'
}

function unitAt(schema: Schema | undefined) {
  const inner = unwrapped(schema)
  const options = inner instanceof z.ZodUnion ? inner.options : []
  for (const each of [inner, ...options]) {
    const unit = each === undefined ? undefined : unitOf.get(each)?.unit
    if (unit !== undefined) return unit
  }
  return undefined
}

function schemaAt(root: Schema, path: Path): Schema | undefined {
  let schema: Schema | undefined = root
  for (const step of path) schema = schema === undefined ? undefined : childOf(schema, step)
  return schema
}

function childOf(schema: Schema, step: string | number): Schema | undefined {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodArray) return typeof step === 'number' ? inner.element : undefined
  if (inner instanceof z.ZodRecord) return inner.valueType as Schema
  const field = typeof step === 'string' ? shapeOf(inner)?.[step] : undefined
  return field ?? (inner instanceof z.ZodUnion ? ofSomeForm(inner, step) : undefined)
}

function ofSomeForm(union: z.ZodUnion, step: string | number): Schema | undefined {
  return union.options.map((option) => childOf(option, step)).find((child) => child !== undefined)
}

/** The fields of a mapping, or of the mapping among several forms. */
function shapeOf(schema: Schema | undefined): Readonly<Record<string, Schema>> | undefined {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodObject) return inner.shape
  if (!(inner instanceof z.ZodUnion)) return undefined
  return inner.options.map((option) => shapeOf(option)).find((shape) => shape !== undefined)
}

function unwrapped(schema: Schema | undefined): Schema | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema
}
