// Manifests and scenarios come from files and directories, and all that is wrong with them is told at once.
import { describe, expect, test } from 'vitest'
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import type { Manifest } from '../../src/scenario/manifest.js'
import { formatProblem, ProblemError, Problems } from '../../src/scenario/problem.js'
import { fileMap } from './file-map.js'
import { loadFlight, loadManifests, loadScenario } from './loading.js'

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`
const scenario = (policy: string) =>
  `teaches: x\npolicy: ${policy}\nrelease: {at: 5m}\nduration: 40m\ntraffic: {rate: 1/s}\n`

test('a file of Chaos Mesh that is not there is told once, where the fault names it', () => {
  const text = `${scenario('p.yaml')}faults: [{manifest: chaos.yaml}]\n`
  const problems = new Problems()
  const file = readScenario('s.yaml', fileMap({ 's.yaml': text }), problems)
  expect(file!.chaos).toEqual([])
  expect(problems.sorted().map(formatProblem)).toEqual([
    's.yaml:6:21  error  there is no file `chaos.yaml` [file-missing]\n    In `.` there are: s.yaml.',
  ])
})

describe('a manifest', () => {
  test('has a type, a name, a value and places', () => {
    const text = `---\n---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: shop, namespace: prod}\nspec:\n  replicas: 010\n`
    const [manifest, ...others] = loadManifests(['rollout.yaml'], fileMap({ 'rollout.yaml': text }))
    expect(others).toEqual([])
    expect(manifest).toMatchObject({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'shop',
      namespace: 'prod',
      value: { metadata: { name: 'shop', namespace: 'prod' }, spec: { replicas: 8 } },
      file: 'rollout.yaml',
      documentIndex: 1,
    })
    expect(manifest!.positionOf(['spec', 'replicas'])).toEqual({ line: 7, column: 13 })
    expect(manifest!.keyPositionOf(['spec', 'replicas'])).toEqual({ line: 7, column: 3 })
    expect(manifest!.positionOf(['spec', 'strategy'])).toEqual({ line: 6, column: 1 })
  })

  test('without a namespace has none, and a name to be made up is a name', () => {
    const text = 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: load-}\n'
    const [manifest] = loadManifests(['job.yaml'], fileMap({ 'job.yaml': text }))
    expect(manifest!.name).toBe('load-')
    expect('namespace' in manifest!).toBe(false)
  })

  test.each([
    ['nothing but a list', '- a\n', ['1:1 a manifest must be a mapping with apiVersion, kind and metadata']],
    ['text', 'hello\n', ['1:1 a manifest must be a mapping with apiVersion, kind and metadata']],
    ['no type', 'metadata: {name: x}\n', ['1:1 this manifest has no apiVersion', '1:1 this manifest has no kind']],
    ['a rule file', 'groups: []\n', ['1:1 this is a rule file of Prometheus, not a manifest']],
    ['a scenario', 'teaches: x\npolicy: p\n', ['1:1 this is a scenario, not a manifest']],
    ['an empty kind', 'apiVersion: v1\nkind: ""\n', ['1:1 this manifest has no kind']],
    ['a number for a version', 'apiVersion: 1\nkind: Pod\n', ['1:13 apiVersion must be text, not `1`']],
    ['no name', 'apiVersion: v1\nkind: Pod\n', ['1:1 this manifest has no metadata.name']],
    [
      'no name in metadata',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\n',
      ['3:1 this manifest has no metadata.name'],
    ],
    [
      'a name that YAML takes for a boolean',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: y\n',
      ['4:9 metadata.name must be text, not `true`'],
    ],
    [
      'a namespace that is a number',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: 1}\n',
      ['3:32 namespace must be text'],
    ],
    ['metadata that is text', 'apiVersion: v1\nkind: Pod\nmetadata: a\n', ['3:11 metadata must be a mapping']],
  ])('with %s is a problem', (_, text, messages) => {
    const { problems } = read({ 'a.yaml': text }, ['a.yaml'])
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(messages)
  })

  test.each([
    [
      'kustomization.yaml',
      'resources: [a.yaml]\n',
      'Build it first: `kustomize build DIRECTORY | coalmine … --policy -`.',
    ],
    ['values.yaml', 'replicas: 3\n', 'Render the chart first: `helm template … | coalmine … --policy -`.'],
    ['values-prod.yaml', 'replicas: 3\n', 'Render the chart first: `helm template … | coalmine … --policy -`.'],
  ])('is not what %s is', (file, text, hint) => {
    expect(read({ [file]: text }, [file]).problems[0]).toMatchObject({ hint })
  })
})

describe('a list', () => {
  test('is its items, each with its own places', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: b\n'
    const manifests = loadManifests(['list.yaml'], fileMap({ 'list.yaml': text }))
    expect(manifests.map(inShort)).toEqual(['Pod a', 'Pod b'])
    expect(manifests.map(({ documentIndex }) => documentIndex)).toEqual([0, 0])
    expect(manifests[1]!.positionOf(['metadata', 'name'])).toEqual({ line: 10, column: 11 })
    expect(manifests[1]!.positionOf([])).toEqual({ line: 7, column: 3 })
  })

  test('of a kind gives its items that kind', () => {
    const text = 'apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: a}}]\n'
    const [manifest] = loadManifests(['list.yaml'], fileMap({ 'list.yaml': text }))
    expect(manifest).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment', value: { kind: 'Deployment' } })
    expect(Object.isFrozen(manifest!.value)).toBe(true)
  })

  test('may hold lists, or nothing', () => {
    const inner = '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}'
    const text = `apiVersion: v1\nkind: List\nitems: [${inner}, {apiVersion: v1, kind: List, items: }]\n`
    expect(loadManifests(['list.yaml'], fileMap({ 'list.yaml': text })).map(inShort)).toEqual(['Pod a'])
  })

  test('tells what is wrong with each item', () => {
    const text = 'apiVersion: v1\nkind: List\nitems:\n- metadata: {name: a}\n- 5\n'
    expect(read({ 'a.yaml': text }, ['a.yaml']).formatted).toEqual([
      'a.yaml:4:3  error  this manifest has no apiVersion [manifest-api-version]',
      'a.yaml:4:3  error  this manifest has no kind [manifest-kind]',
      'a.yaml:5:3  error  a manifest must be a mapping with apiVersion, kind and metadata [manifest-not-a-mapping]',
    ])
  })

  test('with items that are none is a problem', () => {
    const text = 'apiVersion: v1\nkind: List\nitems: {a: 1}\n'
    expect(read({ 'a.yaml': text }, ['a.yaml']).formatted).toEqual([
      'a.yaml:3:8  error  the items of a list must be a list [manifest-list]',
    ])
  })
})

describe('files and directories', () => {
  test('come in the order in which they are named, the documents in that of the file', () => {
    const files = fileMap({ 'b.yaml': `${service('b1')}---\n${service('b2')}`, 'a.yml': service('a') })
    expect(loadManifests(['b.yaml', 'a.yml'], files).map(inShort)).toEqual(['Service b1', 'Service b2', 'Service a'])
  })

  test('a directory is its manifests, in the order of their names, and not what is deeper', () => {
    const files = fileMap({
      'dir/b.yaml': service('b'),
      'dir/Z.yml': service('z'),
      'dir/a.json': '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}',
      'dir/README.md': '# no manifest',
      'dir/notes.yaml.bak': 'nonsense: [',
      'dir/deeper.yaml/c.yaml': service('c'),
    })
    expect(loadManifests(['dir/'], files).map(inShort)).toEqual(['Service z', 'Service a', 'Service b'])
    expect(loadManifests(['dir'], files).map(({ file }) => file)).toEqual(['dir/Z.yml', 'dir/a.json', 'dir/b.yaml'])
  })

  test('a file that is named twice is read once', () => {
    const files = fileMap({ 'dir/a.yaml': service('a') })
    expect(loadManifests(['dir/a.yaml', './dir/a.yaml', 'dir'], files).map(inShort)).toEqual(['Service a'])
  })

  test.each([
    ['an empty file', { 'a.yaml': '' }],
    ['a file of comments', { 'a.yaml': '# nothing\n---\n# here\n' }],
    ['a file that says null', { 'a.yaml': 'null\n' }],
  ])('%s is a problem', (_, texts) => {
    expect(read(texts, ['a.yaml']).formatted).toEqual(['a.yaml  error  this file holds no manifest [file-empty]'])
  })

  test('an empty file among others in a directory is a warning', () => {
    const { formatted, manifests } = read({ 'dir/a.yaml': '', 'dir/b.yaml': service('b') }, ['dir'])
    expect(formatted).toEqual(['dir/a.yaml  warning  this file holds no manifest [file-empty]'])
    expect(manifests.map(inShort)).toEqual(['Service b'])
  })

  test.each([
    ['without a manifest file', { 'dir/README.md': 'hello' }],
    ['with directories only', { 'dir/deeper/a.yaml': service('a') }],
  ])('a directory %s is a problem', (_, texts: Record<string, string>) => {
    expect(read(texts, ['dir']).formatted).toEqual([
      'dir  error  no manifests in the directory `dir` [directory-empty]\n    Files that end in .yaml, .yml or .json are read; directories inside are not.',
    ])
  })

  test('a directory of empty files is a problem, too', () => {
    const { problems } = read({ 'dir/a.yaml': '# nothing' }, ['dir'])
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['directory-empty', 'error'],
      ['file-empty', 'warning'],
    ])
  })

  test('a missing file is a problem that names its neighbours', () => {
    const texts = { 'dir/rollout.yaml': service('a'), 'dir/analysis.yaml': service('b'), 'dir/notes.txt': '' }
    expect(read(texts, ['dir/rolout.yaml']).formatted).toEqual([
      'dir/rolout.yaml  error  there is no file `dir/rolout.yaml` [file-missing]\n    Did you mean `rollout.yaml`?',
    ])
    expect(read(texts, ['dir/something-else.yaml']).formatted).toEqual([
      'dir/something-else.yaml  error  there is no file `dir/something-else.yaml` [file-missing]\n    In `dir` there are: analysis.yaml, rollout.yaml.',
    ])
    expect(read(texts, ['elsewhere/a.yaml']).problems[0]).not.toHaveProperty('hint')
  })

  test('a file that cannot be read says why', () => {
    const files: Files = { read: () => ({ unreadable: 'permission denied' }) }
    const problems = new Problems()
    readManifests(['a.yaml'], files, problems)
    expect(problems.sorted().map(formatProblem)).toEqual([
      'a.yaml  error  `a.yaml` cannot be read: permission denied [file-unreadable]',
    ])
  })

  test('broken files keep nothing from being read', () => {
    const texts = { 'c.yaml': 'a: [\n', 'a.yaml': 'kind: Pod\n', 'b.yaml': service('b'), 'd.yaml': 'x: {\n---\ny: ]\n' }
    const { manifests, problems } = read(texts, ['c.yaml', 'missing.yaml', 'b.yaml', 'a.yaml', 'd.yaml'])
    expect(manifests.map(inShort)).toEqual(['Service b'])
    const told = problems.map(({ file, code }) => `${file} ${code}`)
    expect([...new Set(told)]).toEqual([
      'a.yaml manifest-api-version',
      'c.yaml yaml-syntax',
      'd.yaml yaml-syntax',
      'missing.yaml file-missing',
    ])
  })

  test('warnings go to the collector of the caller', () => {
    const problems = new Problems()
    const files = fileMap({ 'a.yaml': `${service('a')}kind: Service\n` })
    expect(loadManifests(['a.yaml'], files, problems).map(inShort)).toEqual(['Service a'])
    expect(problems.sorted().map(({ code }) => code)).toEqual(['yaml-duplicate-key'])
  })
})

describe('a scenario', () => {
  test('that is missing, or a directory, is a problem', () => {
    const files = fileMap({ 'dir/shop.yaml': scenario('a.yaml') })
    expect(thrownBy(() => loadScenario('dir/shpo.yaml', files))).toEqual([
      'dir/shpo.yaml  error  there is no file `dir/shpo.yaml` [file-missing]\n    Did you mean `shop.yaml`?',
    ])
    expect(thrownBy(() => loadScenario('dir', files))).toEqual([
      'dir  error  `dir` is a directory, not a file [file-is-directory]',
    ])
  })

  test('comes with the manifests of its policy, as seen from its file', () => {
    const files = fileMap({
      'scenarios/shop.yaml': scenario('[../policies, extra.yaml]'),
      'policies/rollout.yaml': service('a'),
      'scenarios/extra.yaml': service('b'),
    })
    const flight = loadFlight('scenarios/shop.yaml', files)
    expect(flight.scenario.policy).toEqual(['policies', 'scenarios/extra.yaml'])
    expect(flight.manifests.map(({ file }) => file)).toEqual(['policies/rollout.yaml', 'scenarios/extra.yaml'])
    expect(flight.warnings).toEqual([])
  })

  test('tells a missing file of its policy where it is written', () => {
    const texts = { 'scenarios/shop.yaml': scenario('[a.yaml, rolout.yaml]'), 'scenarios/a.yaml': 'kind: [\n' }
    const told = thrownBy(() => loadFlight('scenarios/shop.yaml', fileMap(texts)))
    expect(told).toEqual([
      expect.stringMatching(/^scenarios\/a\.yaml:2:1 {2}error/),
      'scenarios/shop.yaml:2:18  error  there is no file `scenarios/rolout.yaml` [file-missing]\n    In `scenarios` there are: a.yaml, shop.yaml.',
    ])
  })

  test('tells a missing file of a policy of one file, too', () => {
    const told = thrownBy(() => loadFlight('shop.yaml', fileMap({ 'shop.yaml': scenario('rollout.yaml') })))
    expect(told[0]).toMatch(/^shop\.yaml:2:9 {2}error {2}there is no file `rollout\.yaml`/)
  })

  test('keeps the warnings of its policy', () => {
    const texts = { 'shop.yaml': scenario('a.yaml'), 'a.yaml': `${service('a')}kind: Service\n` }
    expect(loadFlight('shop.yaml', fileMap(texts)).warnings.map(({ code }) => code)).toEqual(['yaml-duplicate-key'])
  })
})

function read(texts: Record<string, string>, paths: string[]) {
  const problems = new Problems()
  const manifests = readManifests(paths, fileMap(texts), problems)
  return { manifests, problems: problems.sorted(), formatted: problems.sorted().map(formatProblem) }
}

function thrownBy(action: () => unknown): string[] {
  try {
    action()
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(formatProblem)
    throw error
  }
  return []
}

function inShort({ kind, name }: Manifest): string {
  return `${kind} ${name}`
}
