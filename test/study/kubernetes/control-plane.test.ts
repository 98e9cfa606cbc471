// A voyage on a real API server with the real Job controller and garbage collector: what the fake cluster is held against.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BatchV1Api, CoreV1Api, RbacAuthorizationV1Api, type V1Role } from '@kubernetes/client-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeFiles } from '../../../src/cli/node-files.js'
import { nodeLogs } from '../../../src/cli/node-logs.js'
import { Problems } from '../../../src/scenario/problem.js'
import type { Job } from '../../../src/study/conduct.js'
import { chooseAccess } from '../../../src/study/kubernetes/kubeconfig.js'
import { flyOnCluster } from '../../../src/study/kubernetes/voyage.js'
import { readRecipe } from '../../../src/study/recipe.js'
import { coalmine, root } from '../../cli/coalmine.js'
import { eventually, Running } from '../../cli/served.js'
import { ControlPlane, findControlPlane, type User } from './control-plane.js'
import { documentedRole } from './documented-role.js'
import { PuppetKubelet } from './puppet-kubelet.js'

const programs = findControlPlane('flying on a real Kubernetes API server')
const namespace = 'flights'
const main = join(root, 'dist', 'src', 'cli', 'main.js')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const wanted = { image: 'coalmine:test', shards: 2, cpu: '1', memory: '1Gi', workers: 1, timeoutSeconds: 600, version }

describe.skipIf(programs === undefined)('On a real control plane', () => {
  const plane = new ControlPlane(programs ?? {})
  let kubelet: PuppetKubelet
  let jobs: readonly Job[]
  let notes: string[]

  beforeAll(async () => {
    await plane.start()
    const config = plane.configOf('admin')
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
    await config.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: namespace, labels } } })
    await grant(documentedRole())
    kubelet = new PuppetKubelet(config, namespace, plane.certificate)
    await kubelet.start()
    const scenario = join(root, 'scenarios', 'three-replicas.yaml')
    const { recipe } = await readRecipe({ scenario }, nodeFiles, nodeLogs, new Problems())
    jobs = [{ task: { arms: [recipe] }, seed: 1, runs: 100 }]
  })
  beforeEach(() => {
    notes = []
    kubelet.script = () => ({})
  })
  afterEach(async () => {
    // The garbage collector takes its moments.
    await eventually(async () => ((await left()).length === 0 ? true : undefined))
  })
  afterAll(async () => {
    await kubelet?.stop()
    await plane.stop()
  })

  /** To the user `ci`. */
  async function grant(role: V1Role): Promise<void> {
    const rbac = plane.configOf('admin').makeApiClient(RbacAuthorizationV1Api)
    await rbac.createNamespacedRole({ namespace, body: role })
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata!.name! }
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ci' }]
    await rbac.createNamespacedRoleBinding({ namespace, body: { metadata: { name: 'ci' }, roleRef, subjects } })
  }

  async function left(): Promise<readonly string[]> {
    const config = plane.configOf('admin')
    const [core, batch] = [config.makeApiClient(CoreV1Api), config.makeApiClient(BatchV1Api)]
    const all = await Promise.all([
      core.listNamespacedPod({ namespace }),
      core.listNamespacedConfigMap({ namespace }),
      batch.listNamespacedJob({ namespace }),
    ])
    const names = all.flatMap(({ items }) => items.map(({ metadata }) => metadata!.name!))
    return names.filter((name) => name.startsWith('coalmine-'))
  }

  function fly({ user = 'ci', haste = 1, ...more }: Partial<typeof wanted> & { user?: User; haste?: number } = {}) {
    const access = chooseAccess({ kubeconfig: plane.kubeconfig(user), context: 'here' }, {}, new Problems())!
    return flyOnCluster(jobs, {
      access,
      wanted: { ...wanted, ...more },
      signal: new AbortController().signal,
      told: () => {},
      note: (text) => notes.push(text),
      pace: { everyMs: 200, haste },
    })
  }

  it('flies a test to the byte, as a user with the documented Role, in a restricted namespace', async () => {
    const scenario = join(root, 'scenarios', 'three-replicas.yaml')
    const args = [scenario, '--runs', '150', '--json']
    const there = [
      '--on',
      'kubernetes',
      '--kubeconfig',
      plane.kubeconfig('ci'),
      '--context',
      'here',
      '--image',
      'coalmine:test',
    ]
    const flown = await new Running(process.execPath, [main, 'test', ...args, ...there]).ended
    const here = coalmine(['test', ...args])
    expect(flown).toEqual({ ...here, stderr: '' })
  })

  it('flies an index again that has failed', async () => {
    kubelet.script = (index, attempt) =>
      index === 1 && attempt === 1 ? { ends: { exitCode: 137, reason: 'OOMKilled' } } : {}
    const { landed, failure } = await fly()
    expect(failure).toBeUndefined()
    expect(landed).toBe(2)
    expect(notes).toEqual(['shard 2/2 failed, and is flown again: OOMKilled (exit code 137)'])
  })

  it('gives up with the Job when an index fails for the third time', async () => {
    const log = 'FATAL ERROR: Reached heap limit'
    kubelet.script = (index) => (index === 1 ? { ends: { exitCode: 1, reason: 'Error', log } } : { hangs: true })
    const { failure } = await fly()
    expect(failure?.message).toBe(`shard 2/2 failed 3 times, the last time: Error (exit code 1)\n    ${log}`)
    expect(notes).toHaveLength(2)
  })

  it('does not fly again what is wrong each time', async () => {
    const { failure } = await fly({ version: '99.0.0' })
    expect(failure?.message).toMatch(
      /^shard [12]\/2 failed: Error \(exit code 2\)\n {4}error: this image has coalmine /,
    )
    expect(notes).toEqual([])
  })

  it('is ended by the cluster at its timeout', async () => {
    kubelet.script = () => ({ hangs: true })
    const { failure } = await fly({ timeoutSeconds: 2 })
    expect(failure?.message).toBe('the shards have not flown within --timeout: 0 of 2 have')
  })

  it('deletes everything after Ctrl-C', async () => {
    kubelet.script = () => ({ hangs: true })
    const scenario = join(root, 'scenarios', 'three-replicas.yaml')
    const there = [
      '--on',
      'kubernetes',
      '--kubeconfig',
      plane.kubeconfig('ci'),
      '--context',
      'here',
      '--image',
      'coalmine:test',
    ]
    const running = new Running(process.execPath, [main, 'test', scenario, '--runs', '100', ...there])
    await eventually(async () => ((await left()).length === 4 ? true : undefined))
    const { status, stderr } = await running.end()
    expect(stderr).toBe('Interrupted: 0 of 2 shards, 0 of 100 runs, were finished.\n')
    expect(status).toBe(130)
  })

  it('says why the Job controller may not make pods', async () => {
    const core = plane.configOf('admin').makeApiClient(CoreV1Api)
    const body = { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } }
    await core.createNamespacedResourceQuota({ namespace, body })
    const { failure } = await fly({ haste: 10 })
    await core.deleteNamespacedResourceQuota({ namespace, name: 'none' })
    expect(failure?.message).toMatch(
      /^FailedCreate: Error creating: pods "coalmine-.*" is forbidden: exceeded quota: none/,
    )
  })

  it('says what somebody is not allowed to', async () => {
    const { failure } = await fly({ user: 'nobody' })
    const all = 'create jobs, get jobs, delete jobs, create configmaps, list pods, get pods/log'
    expect(failure?.message).toContain(`in the namespace flights you are not allowed to ${all}\n`)
  })

  it('counts no shard whose log has been cut', async () => {
    kubelet.script = (index) => (index === 1 ? { log: (log) => log.slice(log.length / 2) } : {})
    const { failure } = await fly({ haste: 10 })
    expect(failure?.message).toMatch(/^shard 2\/2 has flown, but its log holds /)
  })
})
