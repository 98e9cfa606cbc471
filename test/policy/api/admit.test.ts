// What the API server drops of a manifest, and what it refuses in one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { admit } from '../../../src/policy/api/admit.js'
import { typeOfKind } from '../../../src/policy/api/known-types.js'
import { readManifests } from '../../../src/scenario/load.js'
import { type Problem, Problems } from '../../../src/scenario/problem.js'

/** A row of the recorded table: what a real API server (Kubernetes 1.36) said to each document. */
interface Row {
  readonly id: string
  readonly manifest: string
  readonly api?: readonly Answer[]
}

interface Answer {
  readonly object: string
  readonly accepted: boolean
  readonly message?: string
  readonly pruned?: readonly string[]
}

const table = readFileSync(join(import.meta.dirname, '../argo/cases/validation.jsonl'), 'utf8')
const rows = table.split('\n').flatMap((line) => (line.includes('"manifest"') ? [JSON.parse(line) as Row] : []))
const isOfSchema = /Required value|must be of type|in body must|Unsupported value|Duplicate value/
const isOfOthers = /name or generateName is required/

const held = rows.flatMap(hold)

describe('A manifest of the recorded table', () => {
  it('loses the fields that it lost', () => {
    const taken = held.filter(({ answer }) => answer.accepted)
    const others = taken.filter(({ dropped, answer }) => dropped.join() !== (answer.pruned ?? []).join())
    expect(others.map(({ id, dropped, answer }) => ({ id, dropped, theirs: answer.pruned }))).toEqual([])
    expect(taken.filter(({ dropped }) => dropped.length > 0).length).toBeGreaterThan(30)
  })

  it('is refused for its schema where it was refused for it, at the places that were named', () => {
    const theirs = ({ message = '' }: Answer) => isOfSchema.test(message) && !isOfOthers.test(message)
    const others = held.filter(({ refused, answer }) => refused.length > 0 !== theirs(answer))
    expect(others.map(({ id, refused, answer }) => ({ id, refused, theirs: answer.message }))).toEqual([])
    const elsewhere = held.filter(({ refused, answer }) => refused.some((path) => !answer.message?.includes(path)))
    expect(elsewhere.map(({ id, refused, answer }) => ({ id, refused, theirs: answer.message }))).toEqual([])
    expect(held.filter(({ refused }) => refused.length > 0).length).toBeGreaterThanOrEqual(86)
  })
})

describe('What the API server drops', () => {
  it.each([
    ['stpes: []', 'stpes', 'Did you mean steps?'],
    ['maxsurge: 1', 'maxsurge', 'Did you mean maxSurge? To the API server the case of letters matters.'],
    ['nginx: {}', 'nginx', 'It belongs to spec.strategy.canary.trafficRouting.'],
    ['replicas: 3', 'replicas', 'It belongs to spec.'],
    ['weather: fine', 'weather', undefined],
  ])('is told with its place and what may have been meant: %s', (field, name, hint) => {
    const message = `unknown field spec.strategy.canary.${name}: the API server drops it`
    const { problems, manifest } = admitted(`{selector: {}, strategy: {canary: {\n  ${field}}}}`)
    expect(problems).toEqual([
      {
        code: 'unknown-field',
        severity: 'warning',
        file: 'policy.yaml',
        line: 5,
        column: 3,
        message,
        ...(hint && { hint }),
      },
    ])
    expect(manifest.value['spec']).toEqual({ selector: {}, strategy: { canary: {} } })
  })

  it('may be within pods, and within what only holds for a kind of object', () => {
    const { problems } = admitted(
      '{template: {spec: {containers: [{name: a, readynessProbe: {}}], volumes: [{foo: 1}]}}}',
    )
    expect(problems.map(({ hint }) => hint)).toEqual(['Did you mean readinessProbe?'])
  })

  it('is less of a Deployment than of a Rollout: its template has all the metadata of an object', () => {
    const template = '{metadata: {creationTimestamp: null, labels: {app: a}}, spec: {containers: [{name: a}]}}'
    const spec = `{selector: {matchLabels: {app: a}}, template: ${template}}`
    expect(admitted(spec, 'apps/v1', 'Deployment').problems).toEqual([])
    expect(admitted(spec).problems.map(({ message }) => message)).toEqual([
      'unknown field spec.template.metadata.creationTimestamp: the API server drops it',
    ])
  })
})

describe('What the API server refuses', () => {
  it.each([
    ['{replicas: "3"}', 'wrong-type', 'spec.replicas must be a whole number of 32 bits'],
    ['{replicas: 3000000000}', 'wrong-type', 'spec.replicas must be a whole number of 32 bits'],
    ['{paused: 1}', 'wrong-type', 'spec.paused must be true or false'],
    ['{restartAt: tomorrow}', 'wrong-type', 'spec.restartAt must be a time such as 2026-01-31T12:00:00Z'],
    [
      '{strategy: {canary: {maxSurge: 1.5}}}',
      'wrong-type',
      'spec.strategy.canary.maxSurge must be a whole number or text',
    ],
    ['{strategy: {canary: {steps: [null]}}}', 'wrong-type', 'spec.strategy.canary.steps[0] must be a mapping'],
    ['{selector: {matchLabels: {app: 7}}}', 'wrong-type', 'spec.selector.matchLabels.app must be text'],
    ['{strategy: {blueGreen: {}}}', 'missing-field', 'spec.strategy.blueGreen.activeService: Required value'],
    [
      '{template: {spec: {overhead: {cpu: much}, containers: []}}}',
      'wrong-type',
      'spec.template.spec.overhead.cpu must be a quantity such as 500m or 1Gi',
    ],
    [
      '{template: {spec: {containers: [{name: a}, {name: a}]}}}',
      'duplicate-value',
      'spec.template.spec.containers[1]: Duplicate value: {"name":"a"}',
    ],
    [
      '{template: {spec: {containers: [{name: a, ports: [{containerPort: 1}, {containerPort: 1, protocol: TCP}]}]}}}',
      'duplicate-value',
      'spec.template.spec.containers[0].ports[1]: Duplicate value: {"containerPort":1,"protocol":"TCP"}',
    ],
  ])('is told: %s', (spec, code, message) => {
    const { problems } = admitted(spec)
    expect(problems).toMatchObject([{ code, severity: 'error', message }])
  })

  it('is told with a hint where quotes would mend it', () => {
    const { problems } = admitted('{selector: {matchLabels: {app: on}}}')
    expect(problems).toMatchObject([{ expected: 'text', hint: 'Put it in quotes: "true".' }])
  })
})

function admitted(spec: string, apiVersion = 'argoproj.io/v1alpha1', kind = 'Rollout') {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: shop}\nspec: ${spec}\n`
  const problems = new Problems()
  const [manifest] = readManifests(['policy.yaml'], { read: () => ({ text }) }, problems)
  return { manifest: admit(manifest!, problems), problems: problems.sorted() }
}

interface Held {
  readonly id: string
  readonly answer: Answer
  readonly dropped: readonly string[]
  /** Paths. */
  readonly refused: readonly string[]
}

/** The objects of a row whose fields are known here; of some that share a name the answers can't be told apart. */
function hold({ id, manifest: text, api = [] }: Row): readonly Held[] {
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text }) }, new Problems())
  return manifests.flatMap((manifest) => {
    const { apiVersion, kind, name } = manifest
    const [answer, another] = api.filter(({ object }) => object === `${kind}/${name}`)
    // App Mesh has a VirtualService too.
    const isKnown = typeOfKind(kind) !== undefined && !apiVersion.startsWith('appmesh.')
    if (!answer || another || !isKnown) return []
    const problems = new Problems()
    const { value } = admit(manifest, problems)
    const refused = problems.sorted().filter(({ severity }) => severity === 'error')
    return [{ id, answer, dropped: lost(manifest.value, value, ''), refused: refused.map(pathOf) }]
  })
}

function pathOf({ message }: Problem): string {
  return message.split(/:? /, 1)[0]!
}

function lost(before: unknown, after: unknown, path: string): readonly string[] {
  if (typeof before !== 'object' || before === null) return []
  const kept = (after ?? {}) as Readonly<Record<string, unknown>>
  return Object.entries(before).flatMap(([key, value]) =>
    key in kept ? lost(value, kept[key], `${path}${key}.`) : [`${path}${key}`],
  )
}
