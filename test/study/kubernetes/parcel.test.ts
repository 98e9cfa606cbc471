// What a pod unpacks is what was packed, and all pods together fly every block once.
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, it } from 'vitest'
import { nodeFiles } from '../../../src/cli/node-files.js'
import { nodeLogs } from '../../../src/cli/node-logs.js'
import { Problems } from '../../../src/scenario/problem.js'
import type { Job } from '../../../src/study/conduct.js'
import { blocksIn, openParcel, packParcel } from '../../../src/study/kubernetes/parcel.js'
import { readRecipe } from '../../../src/study/recipe.js'

const scenarios = ['three-replicas', 'replayed-log', 'burn-rate']
let jobs: readonly Job[]

beforeAll(async () => {
  const all = scenarios.map(async (name, index): Promise<Job> => {
    const scenario = join(import.meta.dirname, '..', '..', '..', 'scenarios', `${name}.yaml`)
    const { recipe } = await readRecipe({ scenario }, nodeFiles, nodeLogs, new Problems())
    return { task: { arms: [recipe, recipe], pairs: [[0, 1]] }, seed: index + 1, runs: 120 + 40 * index }
  })
  jobs = await Promise.all(all)
})

it('holds scenarios with all that they read, logs as requests of each second', () => {
  const { jobs: opened } = openParcel(packParcel(jobs, '1.0.0', 3), '1.0.0', '0')
  expect(opened.map(({ task, seed, runs }) => ({ task, seed, runs }))).toEqual(jobs)
  expect(opened[1]!.task.arms[0]!.counts!.length).toBeGreaterThan(100)
})

it('is dealt out so that all shards together fly each block of each job once', () => {
  const parcel = packParcel(jobs, '1.0.0', 3)
  const flown = ['0', '1', '2'].flatMap((index) =>
    openParcel(parcel, '1.0.0', index).jobs.flatMap((job, at) =>
      Array.from({ length: blocksIn(job) }, (_, block) => block)
        .filter((block) => job.flies!(block))
        .map((block) => `${at}/${block}`),
    ),
  )
  const all = jobs.flatMap((job, at) => Array.from({ length: blocksIn(job) }, (_, block) => `${at}/${block}`))
  expect(flown.sort()).toEqual(all)
})

it.each([
  [
    'another version',
    '1.0.1',
    '0',
    'this image has coalmine 1.0.1, and the test is of coalmine 1.0.0: use an image with',
  ],
  ['no index', '1.0.0', undefined, 'JOB_COMPLETION_INDEX must be from 0 to 2: is this a pod of an Indexed Job?'],
  ['an index beyond the shards', '1.0.0', '3', 'JOB_COMPLETION_INDEX must be from 0 to 2'],
])('is refused with %s', (_, version, index, message) => {
  expect(() => openParcel(packParcel(jobs, '1.0.0', 3), version, index)).toThrow(message)
})

it.each([
  ['no gzip', Buffer.from('text')],
  ['no JSON', gzipSync('text')],
])('is refused where it is %s', (_, bytes) => {
  expect(() => openParcel(bytes, '1.0.0', '0')).toThrow('this is no parcel of coalmine: ')
})
