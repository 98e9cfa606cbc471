// The fields that we say the API server knows, held against the definitions that Argo Rollouts comes with.
//
// They lie in the controller's Go module; without it the test says so and is skipped.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stdout } from 'node:process'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { analysisOutline } from '../../../src/policy/api/analysis-outline.js'
import { typeNamed, typeOfKind } from '../../../src/policy/api/known-types.js'
import { kubernetesOutline } from '../../../src/policy/api/kubernetes-outline.js'
import { meshOutline } from '../../../src/policy/api/mesh-outline.js'
import { readOutline, type Shape, type Type } from '../../../src/policy/api/outline.js'
import { podOutline } from '../../../src/policy/api/pod-outline.js'
import { rolloutOutline } from '../../../src/policy/api/rollout-outline.js'
import { goModule } from '../../oracle/go-module.js'

const folder = goModule('argo-rollouts', 'github.com/argoproj/argo-rollouts')
const kinds = {
  Rollout: 'rollout',
  AnalysisTemplate: 'analysis-template',
  AnalysisRun: 'analysis-run',
  Experiment: 'experiment',
}
const isThere = folder !== undefined
const fileOf = (kind: keyof typeof kinds) => join(folder ?? '', 'manifests', 'crds', `${kinds[kind]}-crd.yaml`)
if (!isThere)
  stdout.write(
    "Skipped: the comparison of known fields with the definitions of Argo Rollouts (its Go module isn't here)\n",
  )

/** What we read of a definition: OpenAPI, as Kubernetes restricts it. */
interface Schema {
  readonly type?: string
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
}

describe('The known fields', () => {
  const outlines = [rolloutOutline, analysisOutline, podOutline, kubernetesOutline, meshOutline].map(readOutline)

  it('are of types that are told once', () => {
    const names = outlines.flatMap((types) => [...types.keys()])
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([])
  })

  it('are of types that are told', () => {
    const named = ({ is, ...rest }: Shape): string[] =>
      'of' in rest ? named(rest.of) : is === 'type' ? [(rest as { name: string }).name] : []
    const fields = outlines.flatMap((types) => [...types.values()]).flatMap((type) => [...type.values()])
    const names = new Set(fields.flatMap(({ shape }) => named(shape)))
    expect([...names].filter((name) => !outlines.some((types) => types.has(name)))).toEqual([])
  })

  it.skipIf(!isThere).each(Object.keys(kinds) as (keyof typeof kinds)[])(
    'of a %s are those of its definition',
    (kind) => {
      const text = readFileSync(fileOf(kind), 'utf8')
      const { spec } = parse(text) as { spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } }
      const { properties, required = [] } = spec.versions[0]!.schema.openAPIV3Schema
      expect(required).toEqual(['spec'])
      const root: Schema = { properties: { spec: properties!['spec']! }, required }
      const ours = new Map([...typeOfKind(kind)!].filter(([name]) => name !== 'metadata'))
      expect(differences(root, ours, '')).toEqual([])
    },
  )
})

function differences(schema: Schema, type: Type, path: string): readonly string[] {
  const theirs = Object.entries(schema.properties ?? {})
  const told = theirs.flatMap(([name, inner]) => {
    const at = `${path}.${name}`
    const field = type.get(name)
    if (!field) return [`${at} isn't told`]
    const isRequired = (schema.required ?? []).includes(name) && inner.default === undefined
    return [
      ...(isRequired === field.isRequired ? [] : [`${at} is ${isRequired ? '' : 'not '}required`]),
      ...differencesOf(inner, field.shape, at),
    ]
  })
  const known = new Set(theirs.map(([name]) => name))
  return [...told, ...[...type.keys()].filter((name) => !known.has(name)).map((name) => `${path}.${name} isn't known`)]
}

function differencesOf(schema: Schema, shape: Shape, path: string): readonly string[] {
  const { items, additionalProperties, properties } = schema
  if (items) {
    if (shape.is !== 'list') return [`${path} is a list`]
    const keys = schema['x-kubernetes-list-type'] === 'set' ? ['itself'] : (schema['x-kubernetes-list-map-keys'] ?? [])
    const otherwise = (key: string) => items.properties?.[key]?.default ?? null
    const theirs = keys.map((name) => ({ name, otherwise: otherwise(name) }))
    return [
      ...(JSON.stringify(theirs) === JSON.stringify(shape.keys) ? [] : [`${path} has the keys ${keys.join(', ')}`]),
      ...differencesOf(items, shape.of, `${path}[]`),
    ]
  }
  if (typeof additionalProperties === 'object') {
    return shape.is === 'map' ? differencesOf(additionalProperties, shape.of, `${path}{}`) : [`${path} is a map`]
  }
  if (properties)
    return shape.is === 'type' ? differences(schema, typeNamed(shape.name), path) : [`${path} is a mapping`]
  const theirs = wordOf(schema)
  const ours = shape.is === 'choice' ? shape.texts.join('|') : shape.is
  return theirs === ours ? [] : [`${path} is ${theirs}`]
}

function wordOf(schema: Schema): string {
  if (schema['x-kubernetes-preserve-unknown-fields']) return 'any'
  if (schema['x-kubernetes-int-or-string']) return schema.pattern === undefined ? 'intOrText' : 'quantity'
  if (schema.enum) return schema.enum.join('|')
  if (schema.format === 'date-time') return 'time'
  const words: Readonly<Record<string, string>> = { string: 'text', boolean: 'flag', object: 'empty', number: 'number' }
  return words[schema.type!] ?? schema.format ?? 'integer'
}
