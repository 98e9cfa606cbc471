// Logs as people have them on their disks: plain or compressed, whole or cut off, replayed to the request.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeFiles } from '../../src/cli/node-files.js'
import { nodeLogs } from '../../src/cli/node-logs.js'
import { Tape } from '../../src/kernel/random.js'
import { prepare } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import { withLog } from '../../src/scenario/access-log/replay.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'
import { rollout } from '../run/plans.js'
import { coalmine } from './coalmine.js'

const folder = mkdtempSync(join(tmpdir(), 'coalmine-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

const minutes = 12
const dice = new Tape('a generated log').stream('dice')
const start = Date.UTC(2026, 2, 2, 9)
const months = ['Jan', 'Feb', 'Mar']

/** Combined lines of a busy shop: never the same number in two seconds, and written as requests end. */
const times = Array.from({ length: minutes * 60 }, (_, second) =>
  Array.from({ length: Math.floor(dice.uniform() ** 3 * 60) }, () => start + 1000 * second),
).flat()
const perMinute = Array.from({ length: minutes }, (_, minute) => {
  return times.filter((time) => Math.floor((time - start) / 60_000) === minute).length
})
const written = times
  .map((time) => ({ time, end: time + 5000 * dice.uniform() }))
  .sort((one, other) => one.end - other.end)
  .map(({ time }) => {
    const date = new Date(time)
    const clock = date.toISOString().slice(11, 19)
    const day = `0${date.getUTCDate()}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`
    return `203.0.113.${time % 7} - - [${day}:${clock} +0000] "GET /cart HTTP/1.1" 200 1874 "-" "curl/8.5.0"`
  })
const log = Buffer.from(`${written.join('\n')}\n`)

const scenario = (file: string, more = '') => `teaches: What a log holds is flown.
policy: rollout.yaml
release: {at: 2m}
duration: ${minutes}m
traffic: {replay: {file: ${file}, format: combined}${more}}
`
const put = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content)
put('rollout.yaml', rollout(4, 'steps: [{setWeight: 25}, {pause: {duration: 4m}}]'))
put('plain.log', log)
put('squeezed', gzipSync(log))
put('two-in-one.gz', Buffer.concat([gzipSync(log.subarray(0, 5000)), gzipSync(log.subarray(5000))]))
put('cut-off.gz', gzipSync(log).subarray(0, 3000))
put('wrong.gz', Buffer.concat([gzipSync(log).subarray(0, -8), Buffer.alloc(8)]))
put('other.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]))
put('empty.log', '')
mkdirSync(join(folder, 'logs'))

const run = (file: string, more?: string) => {
  put('scenario.yaml', scenario(file, more))
  return coalmine(['run', 'scenario.yaml', '--json'], { cwd: folder })
}

describe('coalmine run with a log', () => {
  it.each(['plain.log', 'squeezed', 'two-in-one.gz'])('flies each request of %s once', (file) => {
    const { status, stdout, stderr } = run(file)
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ blastRadius: { requests: { total: times.length } } })
  })

  it.each([
    ['nowhere.log', 'scenario.yaml:5:26  error  there is no file `nowhere.log` [file-missing]'],
    ['logs', 'scenario.yaml:5:26  error  `logs` is a directory, not a file [file-is-directory]'],
    ['cut-off.gz', 'cut-off.gz  error  this log ends in the middle of its gzip data: it was cut off [log-broken]'],
    ['wrong.gz', 'wrong.gz  error  this log is no sound gzip data: '],
    ['other.zst', 'cannot be read: it is compressed with zstd, and only gzip is read [file-unreadable]'],
    ['empty.log', 'empty.log  error  this log holds no requests [file-empty]'],
    ['rollout.yaml', 'rollout.yaml:2:1  error  none of '],
  ])('refuses %s', (file, problem) => {
    const { status, stdout, stderr } = run(file)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(problem)
  })

  it('explains what queries see of it, too', () => {
    put('scenario.yaml', scenario('squeezed'))
    const { status, stdout } = coalmine(['explain', 'scenario.yaml', '--json'], { cwd: folder })
    expect(status).toBe(0)
    const mean = Number((times.length / (60 * minutes)).toPrecision(6))
    expect(JSON.parse(stdout)).toMatchObject({ world: { ratePerSecond: mean } })
  })
})

describe('The counters of a flight', () => {
  it('are the log’s at every minute, to the request, under every seed', async () => {
    put('minutes.yaml', scenario('squeezed'))
    const problems = new Problems()
    const file = readScenario(join(folder, 'minutes.yaml'), nodeFiles, problems)!
    const manifests = readManifests(file.policy, nodeFiles, problems)
    const plan = prepare('minutes', await withLog(file, nodeLogs, problems), manifests, problems)
    problems.throwIfAny()
    const simulation = new Simulation(plan!)
    for (let seed = 0; seed < 20; seed++) {
      const flying = simulation.takeOff(seed)
      let before = 0
      const counted = perMinute.map((_, minute) => {
        const atMs = 60_000 * (minute + 1)
        flying.advance(atMs)
        simulation.flow.draw(atMs)
        const total = simulation.flow.cells.total()
        const requests = total - before
        before = total
        return requests
      })
      expect(counted).toEqual(perMinute)
    }
  })
})
