// Flies jobs on a cluster: a Job with one pod for each shard, watched until all have landed, and deleted in any case.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../scenario/limits.js'
import type { Job, Result } from '../conduct.js'
import { Api, ClusterError } from './api.js'
import { jobOf, parcelOf, type Wanted } from './job.js'
import type { Access } from './kubeconfig.js'
import { Landing } from './landing.js'
import { packParcel } from './parcel.js'
import { checkPermissions } from './permissions.js'
import { type Pace, PodFailed, type Progress, Watch } from './watch.js'

export interface Voyage {
  readonly access: Access
  readonly wanted: Omit<Wanted, 'name'>
  /** Ends it early: what has landed is kept. */
  readonly signal: AbortSignal
  told(progress: Progress): void
  /** What whoever waits should know. */
  note(text: string): void
  readonly pace?: Pace | undefined
}

export interface Landed {
  readonly results: readonly Result[]
  /** How many shards have landed, of how many. */
  readonly landed: number
  readonly shards: number
  /** Why not all have; undefined where somebody has ended it. */
  readonly failure?: Failure | undefined
}

interface Failure {
  readonly message: string
  /** Whether it is the program's fault, and not that of the cluster. */
  readonly isDefect: boolean
}

/** More than a cluster keeps in one piece. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'

  constructor(readonly bytes: number) {
    super(`${bytes} bytes`)
  }
}

export async function flyOnCluster(jobs: readonly Job[], voyage: Voyage): Promise<Landed> {
  const { wanted, access } = voyage
  const parcel = packParcel(jobs, wanted.version, wanted.shards)
  if (parcel.length > limits.parcelBytes) throw new TooLarge(parcel.length)
  const landing = new Landing(jobs, wanted.shards)
  const named = { ...wanted, name: `coalmine-${randomBytes(5).toString('hex')}` }
  const failure = await failureOf(() => fly(new Api(access), named, parcel, landing, voyage))
  const { results, count, shards } = landing
  return { results, landed: count, shards, failure }
}

async function failureOf(act: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return { message: error.message, isDefect: error instanceof PodFailed && error.isDefect }
  }
}

/** The Job first: what it owns goes with it, and it goes by itself. Its pods wait for the parcel. */
async function fly(api: Api, wanted: Wanted, parcel: Buffer, landing: Landing, voyage: Voyage): Promise<void> {
  const { name } = wanted
  await checkPermissions(api, voyage.access.namespace)
  let job: Awaited<ReturnType<Api['createJob']>>
  try {
    job = await api.createJob(jobOf(wanted))
  } catch (error) {
    // It may be there although the answer has been lost.
    await api.deleteJob(name).catch(() => {})
    throw error
  }
  try {
    if (job.spec?.backoffLimitPerIndex === undefined) {
      throw new ClusterError('this cluster does not retry single indexes of a Job: it takes Kubernetes 1.29 or later')
    }
    await api.createConfigMap(parcelOf(wanted, job, parcel))
    await new Watch(api, wanted, landing, voyage).untilLanded()
  } finally {
    await clean(api, name, voyage)
  }
}

const attemptsToDelete = 3

async function clean(api: Api, name: string, { access, note }: Voyage): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await api.deleteJob(name)
      return
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error
      if (attempt < attemptsToDelete && error.mayPass) {
        await sleep(1000)
        continue
      }
      const byHand = `kubectl --context ${access.context} -n ${access.namespace} delete job ${name}`
      note(
        `the Job ${name} is left behind until it deletes itself, ten minutes after its end: ${error.message}\n  ${byHand}`,
      )
      return
    }
  }
}
