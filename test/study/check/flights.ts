// Flights of the manifests on a page of docs/rules, in a world like many.
import { flyRecorded } from '../../../src/run/fly.js'
import type { Plan } from '../../../src/run/plan.js'
import type { RunRecord } from '../../../src/run/record.js'
import type { TimelineEntry } from '../../../src/run/timeline.js'
import { planOf } from '../../run/plans.js'
import { manifestsOn, pageOf } from './pages.js'

/** One of the manifests that are bad, or good; the scenario has these lines, too. */
export function flightOf(id: string, kind: 'bad' | 'good', more = '', index = 0): RunRecord {
  return flyRecorded(planFor(id, kind, more, index), 1)
}

export function planFor(id: string, kind: 'bad' | 'good', more = '', index = 0): Plan {
  return planIn(manifestsOn(pageOf(id), kind)[index]!, more)
}

/** In the world of all of them; lines in `more` stand for those of the same name. */
export function planIn(policy: string, more = ''): Plan {
  const replaced = new Set([...more.matchAll(/^\w+:/gm)].map(([name]) => name))
  const lines = world.filter((line) => ![...replaced].some((name) => line.startsWith(name)))
  return planOf([...lines, more, ''].join('\n'), policy)
}

const world = [
  'teaches: What a page of docs/rules claims.',
  'policy: policy.yaml',
  'release: {at: 1m, image: "shop:2"}',
  'duration: 2h',
  "traffic: {rate: 100/s, users: 1k, segments: {who: {public: 90%, testers: {share: 10%, headers: {x-tester: 'yes'}}}}}",
  'service: {stable: {start: {p50: 10s, p99: 30s}}}',
]

type Of<What> = Extract<TimelineEntry, { what: What }>

/** What is told of one kind, with times since the release. */
export function toldOf<What extends TimelineEntry['what']>(record: RunRecord, what: What): readonly Of<What>[] {
  const { releasedMs } = record.times
  return record.timeline
    .filter((entry): entry is Of<What> => entry.what === what)
    .map((entry) => ({ ...entry, atMs: entry.atMs - releasedMs }))
}

/** How many pods the ReplicaSet that the release made is to have at each change. */
export function sizesOfCanary(record: RunRecord): readonly { readonly atMs: number; readonly spec: number }[] {
  const created = toldOf(record, 'event').find(({ reason }) => reason === 'NewReplicaSetCreated')!
  const name = created.message.split(' ')[2]
  return toldOf(record, 'replica-set').filter((set) => set.name === name)
}
