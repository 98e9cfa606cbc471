// `coalmine test --on kubernetes`, against an API server whose pods run their real command.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FakeCluster } from '../study/kubernetes/fake-cluster.js'
import { coalmine, root } from './coalmine.js'
import { eventually, Running } from './served.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-kube-'))
const kubeconfig = join(folder, 'kubeconfig')
const policy = join(root, 'scenarios', 'caught-by-background-analysis')
const [caught, harmless, large] = ['caught', 'harmless', 'large'].map((name) => join(folder, `${name}.yaml`)) as [
  string,
  string,
  string,
]
const main = join(root, 'dist', 'src', 'cli', 'main.js')
let cluster: FakeCluster

beforeAll(() => {
  const scenario = (budgets: string, policies: string) => `teaches: What a cluster flies.
policy: ${policies}
release: {at: 2m}
duration: 12m
traffic: {rate: 400/s, users: 50k}
faults: [{on: canary, errors: 5%}]
budgets: [${budgets}]
`
  writeFileSync(caught, scenario('verdict == aborted, detect.p90 < 3m', policy))
  writeFileSync(harmless, scenario('users.harmed.p95 < 10', policy))
  const more = join(folder, 'more.yaml')
  writeFileSync(large, scenario('missed < 1%', `[${policy}, ${more}]`))
  const noise = randomBytes(1024 * 1024).toString('hex')
  writeFileSync(more, `{apiVersion: v1, kind: ConfigMap, metadata: {name: noise}, data: {noise: "${noise}"}}`)
})
beforeEach(async () => {
  cluster = new FakeCluster()
  await cluster.start()
  cluster.writeKubeconfig(kubeconfig)
})
afterEach(() => cluster.stop())
afterAll(() => rmSync(folder, { recursive: true }))

function running(...args: string[]): Running {
  const on = ['--on', 'kubernetes', '--kubeconfig', kubeconfig, '--context', 'fake', '--image', 'coalmine:test']
  return new Running(process.execPath, [main, 'test', ...on, ...args])
}

function onCluster(...args: string[]) {
  return running(...args).ended
}

describe('coalmine test --on kubernetes', () => {
  it('prints what the same test prints here, to the byte, whatever fails once, and leaves nothing behind', async () => {
    cluster.script = (index, attempt) =>
      index === 1 && attempt === 1 ? { ends: { exitCode: 137, reason: 'Error' } } : {}
    const args = [caught, harmless, '--runs', '110', '--json']
    const here = coalmine(['test', ...args])
    const there = await onCluster(...args, '--shards', '3')
    expect(there.stderr).toBe('note: shard 2/3 failed, and is flown again: Error (exit code 137)\n')
    expect(there.stdout).toBe(here.stdout)
    expect([there.status, here.status]).toEqual([1, 1])
    expect(cluster.isEmpty).toBe(true)
  })

  it('stores the same baseline, and writes the same blob, as here', async () => {
    const [baseline, blob] = [join(folder, 'caught.baseline.json'), join(folder, 'blob.json')]
    const args = [caught, '--runs', '60', '-u', '--reporter', `blob=${blob}`]
    const read = () => [baseline, blob].map((path) => readFileSync(path, 'utf8'))
    expect((await onCluster(...args)).status).toBe(0)
    const there = read()
    coalmine(['test', ...args])
    const here = read()
    rmSync(baseline)
    expect(there).toEqual(here)
  })

  /** One of two shards flies on for ever. */
  async function withOneLanded() {
    cluster.script = (index) => (index === 1 ? { hangs: true } : {})
    const flight = running(caught, '--runs', '100', '--shards', '2')
    // It looks again when it has read the log.
    await eventually(async () => /\/log,.*\/pods(,|$)/.test(cluster.requests.join()) || undefined)
    return flight
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'reports after %s what has landed, and leaves nothing behind',
    async (signal) => {
      const flight = await withOneLanded()
      const { status, stdout, stderr } = await flight.end(signal)
      expect(stderr).toBe('Interrupted: 1 of 2 shards, 50 of 100 runs, were finished.\n')
      expect(stdout).toContain('◌ caught  50 runs from seed 1')
      expect(status).toBe(130)
      expect(cluster.isEmpty).toBe(true)
    },
  )

  it('reports what has landed where the others don’t, and ends with 3', async () => {
    const flight = await withOneLanded()
    cluster.expire()
    const { status, stdout, stderr } = await flight.ended
    expect(stderr).toBe(`error: the shards have not flown within --timeout: 1 of 2 have
1 of 2 shards, 50 of 100 runs, were finished.
`)
    expect(stdout).toContain('◌ caught  50 runs from seed 1')
    expect(status).toBe(3)
    expect(cluster.isEmpty).toBe(true)
  })

  it('says what the cluster says where it fails, ends with 3, and leaves nothing behind', async () => {
    const message = 'Container image "coalmine:test" is not present with pull policy of Never'
    cluster.script = () => ({ waits: { reason: 'ErrImageNeverPull', message } })
    const { status, stdout, stderr } = await onCluster(caught, '--runs', '100')
    expect(stderr).toBe(`note: shards wait: ErrImageNeverPull: ${message}\nerror: ErrImageNeverPull: ${message}\n`)
    expect([status, stdout]).toEqual([3, ''])
    expect(cluster.isEmpty).toBe(true)
  })

  it('flies no more shards than there are blocks of fifty runs', async () => {
    cluster.refusals.push({ method: 'POST', path: /configmaps$/, status: 403, message: 'no ConfigMaps for you' })
    await onCluster(caught, harmless, '--runs', '90', '--shards', '20')
    expect(cluster.seen[0]!.spec!.completions).toBe(4)
    expect(cluster.isEmpty).toBe(true)
  })
})

describe('What a test on Kubernetes refuses', () => {
  const on = ['--on', 'kubernetes', '--image', 'coalmine:test', '--runs', '100', '--kubeconfig', kubeconfig]
  const here = [...on, '--context', 'fake']

  it.each([
    ['no context', on, 'none is taken without a word [context-missing]\n    Say --context NAME. There is `fake`.'],
    [
      'an unknown context',
      [...on, '--context', 'fakee'],
      'context `fakee` [context-unknown]\n    Did you mean `fake`?',
    ],
    ['two contexts', [...here, '--current-context'], "'--current-context' cannot be used with option '--context"],
    ['a current context that isn’t', [...on, '--current-context'], 'there is no current context [context-missing]'],
    [
      'no kubeconfig',
      [...here, '--kubeconfig', 'nowhere'],
      'nowhere  error  there is no file `nowhere` [file-missing]',
    ],
    ['another file', [...here, '--kubeconfig', caught], '[context-unknown]\n    There are no contexts.'],
    ['another place', ['--on', 'nomad'], "argument 'nomad' is invalid. Allowed choices are kubernetes."],
    ['no image', ['--on', 'kubernetes', '--runs', '100'], 'error: --on needs --image NAME: an image in which'],
    ['no runs', ['--on', 'kubernetes', '--image', 'x'], 'error: --on needs --runs: each shard has to know'],
    ['an image for nothing', ['--image', 'x'], "error: option '--image <name>' needs option '--on kubernetes'"],
    ['a timeout for nothing', ['--timeout', '30m'], "option '--timeout <duration>' needs option '--on kubernetes'"],
    ['a shard', [...here, '--shard', '1/3', '--reporter', 'blob=x'], "with option '--on': --on flies all shards"],
    [
      '--bail',
      [...here, '--bail'],
      "with option '--on': nobody knows before all shards have flown which scenarios fail",
    ],
    ['--workers', [...here, '--workers', '2'], "with option '--on': it is --cpu that says how many threads a pod has"],
    ['no shards', [...here, '--shards', '0'], 'It must be 1 or more.'],
    ['no processors', [...here, '--cpu', '0'], 'It must be such as 1, 0.5, 500m or 4.'],
    ['memory in other units', [...here, '--memory', '512MB'], 'Write `Mi` for mebibytes, `M` for megabytes.'],
    ['memory in which nothing runs', [...here, '--memory', '1Mi'], 'It must be 64Mi or more.'],
    ['no time', [...here, '--timeout', '0s'], 'It must be above 0.'],
  ])('%s', (_, args, message) => {
    const { status, stdout, stderr } = coalmine(['test', caught, ...args])
    expect(stderr).toContain(message)
    expect([status, stdout]).toEqual([2, ''])
    expect(cluster.requests).toEqual([])
  })

  it('more than a ConfigMap holds', async () => {
    const { status, stdout, stderr } = await onCluster(large, '--runs', '100')
    expect(stderr).toMatch(
      /error: what the scenarios are made from takes 1,\d{3},\d{3} bytes when compressed, and a ConfigMap holds 1Mi: test fewer at once\n$/,
    )
    expect([status, stdout]).toEqual([2, ''])
    expect(cluster.requests).toEqual([])
  })
})
