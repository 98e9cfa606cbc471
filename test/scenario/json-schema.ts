// As much of JSON Schema (draft 2020-12) as the scenario schema uses; a keyword it does not know is an error.

export interface JsonSchema {
  readonly $schema?: string
  readonly title?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly minLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly propertyNames?: JsonSchema
  readonly maximum?: number
}

export function accepts(schema: JsonSchema, value: unknown): boolean {
  return Object.keys(schema).every((keyword) => {
    const check = checks[keyword]
    if (check === undefined) throw new Error(`the keyword ${keyword} is not known here`)
    return check(schema, value)
  })
}

const checks: Record<string, (schema: JsonSchema, value: unknown) => boolean> = {
  $schema: () => true,
  title: () => true,
  description: () => true,
  examples: () => true,
  type: ({ type }, value) => typeOf(value) === type || (type === 'number' && typeOf(value) === 'integer'),
  properties: ({ properties = {} }, value) =>
    Object.entries(properties).every(([key, part]) => !hasKey(value, key) || accepts(part, value[key])),
  required: ({ required = [] }, value) => required.every((key) => hasKey(value, key)),
  additionalProperties: ({ properties = {}, additionalProperties: others }, value) =>
    Object.entries(value as object).every(
      ([key, part]) => key in properties || (typeof others === 'object' && accepts(others, part)),
    ),
  propertyNames: ({ propertyNames }, value) =>
    Object.keys(value as object).every((key) => accepts(propertyNames!, key)),
  exclusiveMinimum: ({ exclusiveMinimum }, value) => Number(value) > exclusiveMinimum!,
  items: ({ items }, value) => (value as unknown[]).every((item) => accepts(items!, item)),
  anyOf: ({ anyOf = [] }, value) => anyOf.some((form) => accepts(form, value)),
  enum: (schema, value) => schema.enum!.includes(value),
  const: (schema, value) => schema.const === value,
  pattern: ({ pattern }, value) => new RegExp(pattern!, 'u').test(String(value)),
  minLength: ({ minLength }, value) => String(value).length >= minLength!,
  minItems: ({ minItems }, value) => (value as unknown[]).length >= minItems!,
  maxItems: ({ maxItems }, value) => (value as unknown[]).length <= maxItems!,
  minimum: ({ minimum }, value) => Number(value) >= minimum!,
  maximum: ({ maximum }, value) => Number(value) <= maximum!,
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value
}

function hasKey(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
}
