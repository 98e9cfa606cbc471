// The JSON Schema for editors says the same as the validation, and says it in sentences.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Problems } from '../../src/scenario/problem.js'
import { jsonSchema, scenarioSchema } from '../../src/scenario/schema.js'
import { parseYaml } from '../../src/scenario/yaml.js'
import { casesOf } from './case-file.js'
import { accepts, type JsonSchema } from './json-schema.js'

const schema = jsonSchema() as JsonSchema
const everyField = readFileSync(new URL('cases/every-field.yaml', import.meta.url), 'utf8')
const shippedDirectory = new URL('../../scenarios/', import.meta.url)

test('it is of the draft that editors know', () => {
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
})

test('it accepts a scenario that says everything', () => {
  expect(accepts(schema, valueOf(everyField))).toBe(true)
})

test('it has exactly the fields that validation knows, each with a sentence', () => {
  const inSchema = fieldsOf(schema)
  expect(inSchema.map(([path]) => path)).toEqual(fieldsOfZod(scenarioSchema))
  expect(inSchema.map(([path]) => path)).toHaveLength(new Set(inSchema.map(([path]) => path)).size)
  for (const [path, { description }] of inSchema) expect(description, path).toMatch(/^[A-Z0-9].*\.$/)
})

test('it refuses unknown fields at every level', () => {
  const scenario = valueOf(everyField) as { [key: string]: never }
  const fault = { on: 'canary', errors: '5%' }
  expect(accepts(schema, { ...scenario, wibble: 1 })).toBe(false)
  expect(accepts(schema, { ...scenario, faults: [fault] })).toBe(true)
  expect(accepts(schema, { ...scenario, faults: [{ ...fault, wibble: 1 }] })).toBe(false)
  expect(accepts(schema, { ...scenario, traffic: { rate: [{ at: '0s', rate: '1/s', wibble: 1 }] } })).toBe(false)
  expect(accepts(schema, { ...scenario, service: { stable: { latency: { p90: '1s' } } } })).toBe(false)
})

test('it refuses numbers without a unit and what is not there', () => {
  const scenario = valueOf(everyField) as { [key: string]: never }
  expect(accepts(schema, { ...scenario, duration: 40 })).toBe(false)
  expect(accepts(schema, { ...scenario, duration: '40' })).toBe(false)
  const { teaches: _, ...rest } = scenario
  expect(accepts(schema, rest)).toBe(false)
})

describe('it never refuses what validation accepts', () => {
  const texts = casesOf('scenario-mistakes.txt').map(({ name, text }) => [name, text] as const)
  test.each(texts)('%s', (_, text) => {
    for (const { value } of parseYaml(text, 'f.yaml', 'yaml-1.2', new Problems())) {
      if (scenarioSchema.safeParse(value).success) expect(accepts(schema, value)).toBe(true)
    }
  })

  test.each(shippedScenarios())('the shipped %s', (name) => {
    const value = valueOf(readFileSync(new URL(name, shippedDirectory), 'utf8'))
    expect(scenarioSchema.safeParse(value).error).toBeUndefined()
    expect(accepts(schema, value)).toBe(true)
  })
})

function shippedScenarios(): string[] {
  const names = readdirSync(shippedDirectory, { recursive: true }) as string[]
  return names.filter(
    (name) => /\.ya?ml$/.test(name) && isScenario(readFileSync(new URL(name, shippedDirectory), 'utf8')),
  )
}

function isScenario(text: string): boolean {
  return /^teaches:/m.test(text)
}

function valueOf(text: string): unknown {
  const problems = new Problems()
  const [document] = parseYaml(text, 'f.yaml', 'yaml-1.2', problems)
  expect(problems.sorted()).toEqual([])
  return document!.value
}

function fieldsOf(part: JsonSchema, path = ''): [string, JsonSchema][] {
  const forms = [part, ...(part.anyOf ?? []), ...(part.items === undefined ? [] : [part.items])]
  return forms.flatMap((form) => {
    if (form !== part) return fieldsOf(form, path)
    expect(form.properties === undefined || form.additionalProperties === false, path).toBe(true)
    const fields = Object.entries(form.properties ?? {})
    return fields.flatMap(([key, field]): [string, JsonSchema][] => [
      [`${path}.${key}`, field],
      ...fieldsOf(field, `${path}.${key}`),
    ])
  })
}

function fieldsOfZod(part: z.core.$ZodType, path = ''): string[] {
  if (part instanceof z.ZodOptional) return fieldsOfZod(part.unwrap(), path)
  if (part instanceof z.ZodUnion) return part.options.flatMap((option) => fieldsOfZod(option, path))
  if (part instanceof z.ZodArray) return fieldsOfZod(part.element, path)
  if (!(part instanceof z.ZodObject)) return []
  const fields = Object.entries<z.core.$ZodType>(part.shape)
  return fields.flatMap(([key, field]) => [`${path}.${key}`, ...fieldsOfZod(field, `${path}.${key}`)])
}
