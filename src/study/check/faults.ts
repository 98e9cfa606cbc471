// What `check` lets happen to a policy if nobody says otherwise: a good release, and faults from coarse to hidden.
import { type Document, type Node, parseDocument, type Scalar } from 'yaml'
import type { JsonObject } from '../../scenario/json.js'
import { formatBytes, formatDuration } from '../../scenario/units.js'

/** What a policy should make of a release. */
export type Wanted = 'stopped' | 'promoted'

export interface DefaultFault {
  readonly id: string
  readonly title: string
  readonly wanted: Wanted
  /** As a scenario has them. */
  readonly faults: readonly JsonObject[]
  /** Whether something that both versions call is needed for it. */
  readonly needsDependency?: boolean
  /** What a policy that is worth its name keeps to; none where much depends on what it is for. */
  readonly budgets: readonly string[]
}

/** The release to which all of this happens. */
export interface Release {
  /** How long it takes when nothing is wrong. */
  readonly healthyMs: number
  /** From the release to the end of the flight. */
  readonly longestMs: number
  /** What a pod uses when it starts, and where it is killed. */
  readonly memory: { readonly baseBytes: number; readonly limitBytes: number }
  /** What both versions call. */
  readonly dependency: string
  /** Whether the verdicts of its analyses are known. */
  readonly isJudged: boolean
}

const stopsCoarse = ['missed < 5%']

export function defaultFaults(release: Release): readonly DefaultFault[] {
  const { longestMs, dependency, isJudged } = release
  const coarse = isJudged ? stopsCoarse : []
  return [
    {
      id: 'healthy',
      title: 'nothing wrong',
      wanted: 'promoted',
      faults: [],
      budgets: ['false_abort < 5%', `duration.p90 < ${formatDuration(longestMs)}`],
    },
    errors('errors-100', 100, coarse),
    errors('errors-10', 10, coarse),
    errors('errors-1', 1, []),
    bad('latency', '+50 % latency', [{ on: 'canary', latency: '+50%' }]),
    bad('crash-loop', 'crash loop', [{ on: 'canary', crashLoop: true }], stopsCoarse),
    bad('slow-leak', `slow leak, killed after ${formatDuration(leakMs(release))}`, [leak(release)]),
    {
      id: 'dependency-down',
      title: 'dependency of both down',
      wanted: 'promoted',
      faults: [{ on: { dependency }, errors: '100%', status: 503 }],
      needsDependency: true,
      budgets: [],
    },
    bad('metrics-missing', '10 % errors, no metrics', [
      { on: 'canary', errors: '10%' },
      { on: 'canary', metrics: 'lost' },
    ]),
  ]
}

function bad(id: string, title: string, faults: readonly JsonObject[], budgets: readonly string[] = []): DefaultFault {
  return { id, title, wanted: 'stopped', faults, budgets }
}

function errors(id: string, percent: number, budgets: readonly string[]): DefaultFault {
  return bad(id, `${percent} % errors`, [{ on: 'canary', errors: `${percent}%` }], budgets)
}

/** While the release is still under way: a leak that shows only later is nothing that it could be stopped for. */
function leakMs({ healthyMs }: Release): number {
  return Math.max(60_000, Math.round(healthyMs / 2 / 60_000) * 60_000)
}

function leak(release: Release): JsonObject {
  const { baseBytes, limitBytes } = release.memory
  const perMinute = ((limitBytes - baseBytes) / leakMs(release)) * 60_000
  const growth = `${Math.max(1, Math.ceil(perMinute / 1024))}Ki/m`
  return { on: 'canary', leak: { growth, limit: formatBytes(limitBytes) } }
}

const toKeepTo = 'What the runs should keep to: `coalmine test` flies as many as it takes to decide it.'

/** Of the requests that call it. */
const dependencyShare = '30%'

/** Worlds in which each of them goes wrong, and nothing else of what the world's own text says. */
export function scenariosWith(world: string, faults: readonly DefaultFault[], dependency: string): readonly string[] {
  const document = bare(world)
  return faults.map((fault) => {
    const added = addTo(document, fault, dependency)
    const text = written(document)
    for (const key of added) document.delete(key)
    return text
  })
}

/** The keys that the document has now, and had not before. */
function addTo(document: Document, fault: DefaultFault, dependency: string): readonly string[] {
  const { title, faults, needsDependency, budgets } = fault
  const added: string[] = []
  const add = (key: string, value: readonly unknown[], why: string) => {
    addPair(document, key, value, why)
    added.push(key)
  }
  if (needsDependency && !document.has('dependencies')) {
    add('dependencies', [{ name: dependency, share: dependencyShare }], 'Assumed: what both versions call.')
  }
  if (faults.length > 0) add('faults', faults, `What goes wrong: ${title}.`)
  if (budgets.length > 0) add('budgets', budgets, toKeepTo)
  return added
}

function addPair(document: Document, key: string, value: readonly unknown[], why: string): void {
  const pair = document.createPair<Scalar, Node>(key, document.createNode(value, { flow: true }))
  pair.key.commentBefore = ` ${why}`
  document.add(pair)
}

export function withoutFaults(world: string): string {
  return written(bare(world))
}

/** Lines stay as long as they are. */
function written(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function bare(world: string): Document {
  const document = parseDocument(world)
  document.delete('faults')
  document.delete('budgets')
  return document
}
