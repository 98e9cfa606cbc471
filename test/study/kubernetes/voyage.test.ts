// What becomes of a voyage when something on the cluster goes wrong: what is said, and that nothing is left behind.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { nodeFiles } from '../../../src/cli/node-files.js'
import { nodeLogs } from '../../../src/cli/node-logs.js'
import { Problems } from '../../../src/scenario/problem.js'
import type { Job } from '../../../src/study/conduct.js'
import { chooseAccess } from '../../../src/study/kubernetes/kubeconfig.js'
import { flyOnCluster, TooLarge } from '../../../src/study/kubernetes/voyage.js'
import type { Progress } from '../../../src/study/kubernetes/watch.js'
import { readRecipe } from '../../../src/study/recipe.js'
import { eventually } from '../../cli/served.js'
import { FakeCluster } from './fake-cluster.js'

const root = join(import.meta.dirname, '..', '..', '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const folder = mkdtempSync(join(tmpdir(), 'coalmine-voyage-'))
const kubeconfig = join(folder, 'kubeconfig')
const wanted = {
  image: 'coalmine:test',
  shards: 2,
  cpu: '1',
  memory: '1Gi',
  workers: 1,
  timeoutSeconds: 100_000,
  version,
}
let jobs: readonly Job[]
let cluster: FakeCluster
let notes: string[]
let told: Progress[]

beforeAll(async () => {
  const scenario = join(root, 'scenarios', 'three-replicas.yaml')
  const { recipe } = await readRecipe({ scenario }, nodeFiles, nodeLogs, new Problems())
  jobs = [{ task: { arms: [recipe] }, seed: 1, runs: 100 }]
})
beforeEach(async () => {
  notes = []
  told = []
  cluster = new FakeCluster()
  await cluster.start()
  cluster.writeKubeconfig(kubeconfig)
})
afterEach(async () => {
  expect(cluster.isEmpty).toBe(true)
  await cluster.stop()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A minute of patience is 60 ms. */
function fly(more: Partial<typeof wanted> = {}, signal = new AbortController().signal) {
  const access = chooseAccess({ kubeconfig, context: 'fake' }, {}, new Problems())!
  return flyOnCluster(jobs, {
    access,
    wanted: { ...wanted, ...more },
    signal,
    told: (progress) => told.push(progress),
    note: (text) => notes.push(text),
    pace: { everyMs: 10, haste: 1000 },
  })
}

it('brings home all that its shards have flown, and tells how far it is', async () => {
  const { results, landed, failure } = await fly()
  expect(failure).toBeUndefined()
  expect(landed).toBe(2)
  expect(results.map(({ runs, isWhole }) => [runs, isWhole])).toEqual([[100, true]])
  expect(told[0]).toMatchObject({ landed: 0, shards: 2, runs: 0 })
  expect(notes).toEqual([])
})

it('asks again while the API server is overloaded or away for a moment', async () => {
  cluster.script = () => ({ hangs: true })
  cluster.refusals.push({ method: 'GET', path: /pods$/, status: 503, message: 'overloaded', times: 3 })
  const stop = new AbortController()
  const flight = flyOnceTold(stop)
  expect((await flight).failure).toBeUndefined()
})

/** Ends it when the first progress is told. */
function flyOnceTold(stop: AbortController) {
  const access = chooseAccess({ kubeconfig, context: 'fake' }, {}, new Problems())!
  const pace = { everyMs: 10, haste: 1 }
  return flyOnCluster(jobs, { access, wanted, signal: stop.signal, told: () => stop.abort(), note: () => {}, pace })
}

it('gives up on an API server that stays away', async () => {
  const away = { status: 503, message: 'etcdserver: no leader' }
  cluster.script = () => ({ hangs: true })
  cluster.refusals.push({ method: 'GET', path: /./, ...away })
  expect((await fly()).failure?.message).toMatch(/^http:.* would not .*: etcdserver: no leader$/)
})

it('says what is left behind where it may not be deleted', async () => {
  const refusal = {
    method: 'DELETE',
    path: /./,
    status: 403,
    message: 'jobs.batch is forbidden: User "ci" cannot delete',
  }
  cluster.refusals.push(refusal)
  cluster.script = () => ({ waits: { reason: 'InvalidImageName', message: 'couldn’t parse image name' } })
  await fly()
  const [, note] = notes
  const [{ metadata }] = cluster.seen as [(typeof cluster.seen)[number]]
  expect(note).toContain('until it deletes itself, ten minutes after its end')
  expect(note).toContain('jobs.batch is forbidden: User "ci" cannot delete')
  expect(note).toContain(`\n  kubectl --context fake -n flights delete job ${metadata!.name}`)
  cluster.forget()
})

it.each([
  ['jobs', 'jobs.batch is forbidden: User "ci" cannot create resource "jobs"'],
  ['configmaps', 'configmaps is forbidden: User "ci" cannot create resource "configmaps"'],
])('says who may not make %s', async (resource, message) => {
  cluster.refusals.push({ method: 'POST', path: new RegExp(`/${resource}$`), status: 403, message })
  const { landed, failure } = await fly()
  expect(failure?.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+ would not create a (Job|ConfigMap): /)
  expect(failure?.message).toContain(message)
  expect(landed).toBe(0)
})

it('asks before anything is made what is allowed, and says all that is missing', async () => {
  cluster.forbidden = ['delete jobs', 'get pods/log']
  expect((await fly()).failure?.message).toBe(
    'in the namespace flights you are not allowed to delete jobs, get pods/log\n  docs/kubernetes.md has the Role that it takes.',
  )
  expect(cluster.seen).toEqual([])
})

it('flies where the cluster does not say what is allowed, and says then whose logs nobody may read', async () => {
  cluster.refusals.push({ method: 'POST', path: /selfsubjectaccessreviews$/, status: 403, message: 'no reviews' })
  cluster.refusals.push({ method: 'GET', path: /log$/, status: 403, message: 'User "ci" cannot get pods/log' })
  expect((await fly()).failure?.message).toMatch(
    /would not read the log of the pod .*: User "ci" cannot get pods\/log$/,
  )
})

it('says that nobody is there', async () => {
  const port = new URL(cluster.address).port
  await cluster.stop()
  const { failure } = await fly()
  expect(failure?.message).toMatch(
    new RegExp(`^http://127.0.0.1:${port} could not be asked to say who may do what: .*ECONNREFUSED`),
  )
  await cluster.start()
})

it.each([
  ['ErrImagePull', 'failed to resolve reference "coalmine:test"'],
  ['ImagePullBackOff', 'Back-off pulling image "coalmine:test"'],
  ['CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'],
])('gives up on containers that wait with %s, and says so as soon as it is seen', async (reason, message) => {
  cluster.script = () => ({ waits: { reason, message } })
  expect((await fly()).failure?.message).toBe(`${reason}: ${message}`)
  expect(notes).toEqual([`shards wait: ${reason}: ${message}`])
})

it('gives up on shards for which there is no node, unless others fly', async () => {
  const message = '0/3 nodes are available: 3 Insufficient cpu.'
  cluster.script = (index) => (index === 0 ? { hangs: true } : { unschedulable: message })
  const stop = new AbortController()
  const flight = fly({}, stop.signal)
  await eventually(async () => notes[0])
  await sleep(600)
  expect(notes).toEqual([`shards wait: Unschedulable: ${message}`])
  stop.abort()
  expect((await flight).failure).toBeUndefined()
  cluster.script = () => ({ unschedulable: message })
  expect((await fly()).failure?.message).toBe(`Unschedulable: ${message}`)
})

it('says why no pods may be made', async () => {
  cluster.refusedPods = 'Error creating: pods "x" is forbidden: exceeded quota: team, requested: requests.cpu=1'
  expect((await fly()).failure?.message).toBe(`FailedCreate: ${cluster.refusedPods}`)
  cluster.refusals.push({ method: 'GET', path: /events$/, status: 403, message: 'events is forbidden' })
  expect((await fly({ timeoutSeconds: 1 })).failure?.message).toContain('is its Job controller running?')
})

it('says which shard fails for good, and its last words', async () => {
  const log = 'FATAL ERROR: Reached heap limit\n----- Native stack trace -----'
  cluster.script = (index) => (index === 1 ? { ends: { exitCode: 137, reason: 'OOMKilled', log } } : { hangs: true })
  expect((await fly()).failure?.message).toBe(`shard 2/2 failed 3 times, the last time: OOMKilled (exit code 137)
    FATAL ERROR: Reached heap limit
    ----- Native stack trace -----
It took more memory than 1Gi: allow more by --memory.`)
  const retry = 'shard 2/2 failed, and is flown again: OOMKilled (exit code 137)'
  expect(notes).toEqual([retry, retry])
})

it('does not try again what is wrong each time: an image of another version', async () => {
  const { failure } = await fly({ version: '99.0.0' })
  expect(failure?.message).toMatch(/^shard [12]\/2 failed: Error \(exit code 2\)\n/)
  expect(failure?.message).toContain(`error: this image has coalmine ${version}, and the test is of coalmine 99.0.0`)
  expect(failure?.isDefect).toBe(false)
  expect(notes).toEqual([])
})

it('tells a defect of the program from what the cluster does', async () => {
  const log = 'This is a defect of coalmine'
  cluster.script = () => ({ ends: { exitCode: 70, reason: 'Error', log } })
  const { failure } = await fly()
  expect(failure?.message).toContain('This is a defect of coalmine')
  expect(failure?.isDefect).toBe(true)
})

it('counts no shard whose log has been cut, and says so', async () => {
  cluster.script = (index) => (index === 1 ? { log: (log) => log.slice(log.length / 2) } : {})
  const { results, landed, failure } = await fly()
  expect(failure?.message).toMatch(
    /^shard 2\/2 has flown, but its log holds (nothing|\d+ of \d+ lines) of what it has flown\n/,
  )
  expect(failure?.message).toContain('containerLogMaxSize')
  expect(landed).toBeLessThan(2)
  expect(results[0]!.isWhole).toBe(false)
})

it('says that its time is over', async () => {
  cluster.script = () => ({ hangs: true })
  const flight = fly()
  await eventually(async () => told[0])
  cluster.expire()
  expect((await flight).failure?.message).toBe('the shards have not flown within --timeout: 0 of 2 have')
})

it('says that somebody else has deleted the Job', async () => {
  cluster.script = () => ({ hangs: true })
  const flight = fly()
  await eventually(async () => told[0])
  cluster.forget()
  expect((await flight).failure?.message).toMatch(/^somebody has deleted the Job: /)
})

it('sends nothing that is too large', async () => {
  const noise = randomBytes(1024 * 1024).toString('hex')
  const [job] = jobs
  const [recipe] = job!.task.arms
  const files = new Map([...recipe!.files, ['noise', { text: noise }]])
  const access = chooseAccess({ kubeconfig, context: 'fake' }, {}, new Problems())!
  const voyage = { access, wanted, signal: new AbortController().signal, told: () => {}, note: () => {} }
  const flight = flyOnCluster([{ ...job!, task: { arms: [{ ...recipe!, files }] } }], voyage)
  await expect(flight).rejects.toBeInstanceOf(TooLarge)
  expect(cluster.requests).toEqual([])
})
