// The JSON Schema for editors says the same as the validation, and says it in sentences.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Problems } from '../../src/scenario/problem.js'
import { jsonSchema, scenarioSchema } from '../../src/scenario/schema.js'
import { parseYaml } from '../../src/scenario/yaml.js'
import { accepts, type JsonSchema } from './json-schema.js'

const schema = jsonSchema() as JsonSchema
const everyField = readFileSync(new URL('cases/every-field.yaml', import.meta.url), 'utf8')
const shippedDirectory = new URL('../../scenarios/', import.meta.url)

test('it is of the draft that editors know', () => {
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
})

test('it accepts a scenario that says everything', () => {
  expect(accepts(schema, scenarioIn(everyField))).toBe(true)
})

test('it has exactly the fields that validation knows, each with a sentence', () => {
  const inSchema = fieldsOf(schema)
  expect(inSchema.map(([path]) => path)).toEqual(fieldsOfZod(scenarioSchema))
  expect(inSchema.map(([path]) => path)).toHaveLength(new Set(inSchema.map(([path]) => path)).size)
  for (const [path, { description }] of inSchema) expect(description, path).toMatch(/^[A-Z0-9].*\.$/)
})

test('it refuses unknown fields at every level', () => {
  const scenario = scenarioIn(everyField) as { [key: string]: never }
  const fault = { on: 'canary', errors: '5%' }
  expect(accepts(schema, { ...scenario, wibble: 1 })).toBe(false)
  expect(accepts(schema, { ...scenario, faults: [fault] })).toBe(true)
  expect(accepts(schema, { ...scenario, faults: [{ ...fault, wibble: 1 }] })).toBe(false)
  expect(accepts(schema, { ...scenario, traffic: { rate: [{ at: '0s', rate: '1/s', wibble: 1 }] } })).toBe(false)
  expect(accepts(schema, { ...scenario, service: { stable: { latency: { p90: '1s' } } } })).toBe(false)
})

test('it refuses numbers without a unit and what is not there', () => {
  const scenario = scenarioIn(everyField) as { [key: string]: never }
  expect(accepts(schema, { ...scenario, duration: 40 })).toBe(false)
  expect(accepts(schema, { ...scenario, duration: '40' })).toBe(false)
  const { teaches: _, ...rest } = scenario
  expect(accepts(schema, rest)).toBe(false)
})

describe('it accepts what validation accepts', () => {
  const required = 'teaches: x\npolicy: a\nrelease: {at: 1s}\nduration: 1h\ntraffic: {rate: 1/s}\n'
  test.each([
    '',
    'seed: 0',
    'faults: []',
    'faults: [{on: canary, latency: +50%}, {on: stable, latency: x1.5}, {on: canary, neverReady: true}]',
    'service: {stable: {start: 1m30s}, canary: {start: {p99: 2m}, latency: {p50: 1ms}, capacity: 1.2M/h}}',
    'service: {stable: {latency: 40ms}, canary: {latency: {mean: 40ms}}}',
    'service: {stable: {latency: {quantiles: {p50: 40ms, p99.9: 2s}}}, canary: {latency: {histogram: {10ms: 20%, 1s: 80%}}}}',
    'observability: {scrape: {delay: 0s}}',
    'slo: {objective: 99.99%}',
    'budgets: ["missed==0%", " safe.p99.9 <= 1d12h ", "verdict != promoted"]',
  ])('%s', (text) => {
    const value = scenarioIn(`${required}${text}\n`)
    expect(scenarioSchema.safeParse(value).error).toBeUndefined()
    expect(accepts(schema, value)).toBe(true)
  })

  test.each(shippedScenarios())('the shipped %s', (name) => {
    const value = scenarioIn(readFileSync(new URL(name, shippedDirectory), 'utf8'))
    expect(scenarioSchema.safeParse(value).error).toBeUndefined()
    expect(accepts(schema, value)).toBe(true)
  })
})

function shippedScenarios(): string[] {
  if (!existsSync(shippedDirectory)) return []
  const names = readdirSync(shippedDirectory, { recursive: true }) as string[]
  return names.filter(
    (name) => /\.ya?ml$/.test(name) && isScenario(readFileSync(new URL(name, shippedDirectory), 'utf8')),
  )
}

function isScenario(text: string): boolean {
  return /^teaches:/m.test(text)
}

function scenarioIn(text: string): unknown {
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
