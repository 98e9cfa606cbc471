// What pods need to fly: jobs with every text that they are made from, in one piece that a ConfigMap can hold.
import { gunzipSync, gzipSync } from 'node:zlib'
import type { FileContent } from '../../scenario/files.js'
import { blockRuns, type Job } from '../conduct.js'
import type { Task } from '../pilot.js'
import type { Recipe } from '../recipe.js'
import { blocksOf, type Shard } from '../shard.js'

/** As JSON, which any version of Node reads. */
interface Written {
  readonly version: string
  readonly shards: number
  /** Jobs share most of what they read. */
  readonly contents: readonly FileContent[]
  readonly jobs: readonly WrittenJob[]
}

interface WrittenJob extends Pick<Job, 'seed' | 'runs'> {
  readonly task: Omit<Task, 'arms'> & { readonly arms: readonly WrittenRecipe[] }
}

interface WrittenRecipe extends Omit<Recipe, 'files'> {
  /** Paths, and which of the contents is there. */
  readonly files: readonly (readonly [path: string, content: number])[]
}

export interface Parcel {
  readonly jobs: readonly Job[]
  readonly shard: Shard
}

/** What came with the pod can't be flown by this program. */
export class UnfitParcel extends Error {
  override readonly name = 'UnfitParcel'
}

export function packParcel(jobs: readonly Job[], version: string, shards: number): Buffer {
  const contents = new Contents()
  const recipeOf = (recipe: Recipe): WrittenRecipe => {
    return { ...recipe, files: [...recipe.files].map(([path, content]) => [path, contents.of(content)]) }
  }
  const written: Written = {
    version,
    shards,
    jobs: jobs.map(({ task, seed, runs }) => ({ seed, runs, task: { ...task, arms: task.arms.map(recipeOf) } })),
    contents: contents.all,
  }
  return gzipSync(JSON.stringify(written), { level: 9 })
}

/** `completionIndex` is what Kubernetes tells a pod of an Indexed Job. */
export function openParcel(bytes: Uint8Array, version: string, completionIndex: string | undefined): Parcel {
  const { version: packedBy, shards, jobs, contents } = read(bytes)
  if (packedBy !== version) {
    const hint = `use an image with coalmine ${packedBy}, or run coalmine ${version} to test`
    throw new UnfitParcel(`this image has coalmine ${version}, and the test is of coalmine ${packedBy}: ${hint}`)
  }
  const index = completionIndex === undefined ? Number.NaN : Number(completionIndex) + 1
  if (!(index >= 1 && index <= shards)) {
    throw new UnfitParcel(`JOB_COMPLETION_INDEX must be from 0 to ${shards - 1}: is this a pod of an Indexed Job?`)
  }
  const shard = { index, of: shards }
  const recipeFrom = (recipe: WrittenRecipe): Recipe => {
    return { ...recipe, files: new Map(recipe.files.map(([path, content]) => [path, contents[content]!])) }
  }
  let before = 0
  const own = jobs.map(({ task, seed, runs }): Job => {
    const flies = blocksOf(shard, before)
    before += blocksIn({ runs })
    return { seed, runs, task: { ...task, arms: task.arms.map(recipeFrom) }, flies }
  })
  return { jobs: own, shard }
}

function read(bytes: Uint8Array): Written {
  try {
    return JSON.parse(gunzipSync(bytes).toString('utf8')) as Written
  } catch (error) {
    throw new UnfitParcel(`this is no parcel of coalmine: ${(error as Error).message}`)
  }
}

export function blocksIn({ runs }: Pick<Job, 'runs'>): number {
  return Math.ceil(runs / blockRuns)
}

/** Each once. */
class Contents {
  readonly all: FileContent[] = []
  private readonly known = new Map<string, number>()

  of(content: FileContent): number {
    const text = JSON.stringify(content)
    const index = this.known.get(text) ?? this.all.push(content) - 1
    this.known.set(text, index)
    return index
  }
}
