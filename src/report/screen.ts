// The screen of `kubectl argo rollouts get rollout --watch`, of a simulated rollout: operators know it at a glance.
import type { AnalysisRun } from '../policy/argo/analysis-run.js'
import type { Experiment } from '../policy/argo/experiment.js'
import { currentSetWeight, currentStep, type Rollout } from '../policy/argo/rollout.js'
import type { Flying } from '../run/flying.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import type { Paint } from './paint.js'
import { type Branch, type Row, treeTable } from './tree-table.js'
import { clock, labelSet, lasting } from './words.js'

export function screen({ controller, loop, plan, alerts }: Flying, paint: Paint): string {
  const { rollout, runs, experiments } = controller
  const sets = controller.owned()
  const time = clock(loop.now - plan.scenario.releaseAtMs)
  const head = header(rollout, sets, paint)
  const below = revisions(rollout, sets, runs.all, experiments.all, loop.now, paint)
  const tree = treeTable({ row: rolloutRow(rollout, loop.now, paint), below }, paint)
  const above = [
    `${paint.faint('Time since release:')}  ${paint.strong(time)}`,
    ...alerts.map((each) => alertLine(each, paint)),
  ]
  return [...above, '', ...head, '', ...tree].join('\n')
}

/** What the pager shows beside the rollout. */
function alertLine({ state, labels }: Flying['alerts'][number], paint: Paint): string {
  const { alertname, ...others } = labels.toRecord()
  const is = state === 'firing' ? paint.bad(state) : paint.busy(state)
  return `${paint.faint('Alert:')}  ${is}  ${alertname}  ${paint.faint(labelSet(others))}`
}

function header(rollout: Rollout, sets: readonly ReplicaSet[], paint: Paint): readonly string[] {
  const { spec, status } = rollout
  const { steps } = spec.canary
  const line = (name: string, value: string | number) => `${`${name}:`.padEnd(17)}${value}`
  const images = sets
    .filter(({ replicas, hash }) => replicas > 0 || hash === status.currentHash)
    .map((set) => `${set.template.image}${tagsOf(rollout, set, ' (', ')')}`)
  return [
    line('Name', spec.name),
    line('Namespace', spec.namespace),
    line('Status', phaseText(status.phase, paint)),
    ...(status.message === '' ? [] : [line('Message', status.message)]),
    line('Strategy', 'Canary'),
    ...(steps.length === 0 ? [] : [line('  Step', `${Math.max(0, status.stepIndex)}/${steps.length}`)]),
    line('  SetWeight', currentSetWeight(rollout)),
    line('  ActualWeight', actualWeight(rollout, sets)),
    ...images.toReversed().map((image, index) => line(index === 0 ? 'Images' : '', image).replace(/^:/, ' ')),
    line('Replicas', ''),
    line('  Desired', spec.replicas),
    line('  Current', status.replicas),
    line('  Updated', status.updated),
    line('  Ready', status.ready),
    line('  Available', status.available),
  ]
}

/** As the command line tool works it out: with a router the status says it, without one the available pods do. */
function actualWeight(rollout: Rollout, sets: readonly ReplicaSet[]): number {
  const { status, spec } = rollout
  if (status.available === 0) return 0
  const { maxWeight } = spec.canary
  if (!currentStep(rollout)) return maxWeight
  if (spec.canary.routing) return status.weights?.canary ?? 0
  const canary = sets.find(({ hash }) => hash === status.currentHash)
  return Math.floor(((canary?.available ?? 0) * maxWeight) / status.available)
}

function rolloutRow({ spec, status }: Rollout, nowMs: number, paint: Paint): Row {
  return [`⟳ ${spec.name}`, 'Rollout', phaseText(status.phase, paint), age(nowMs), '']
}

function revisions(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  runs: readonly AnalysisRun[],
  experiments: readonly Experiment[],
  nowMs: number,
  paint: Paint,
): readonly Branch[] {
  const newestFirst = sets.toSorted((a, b) => b.revision - a.revision)
  return newestFirst.map((set) => ({
    row: [`# revision:${set.revision}`, '', '', '', ''],
    below: [
      replicaSetBranch(rollout, set, nowMs, paint),
      ...experiments
        .filter(({ hash }) => hash === set.hash)
        .map((experiment) => experimentBranch(rollout, experiment, nowMs, paint)),
      ...runs.filter(({ hash }) => hash === set.hash).map((run) => runBranch(run, nowMs, paint)),
    ],
  }))
}

function experimentBranch(rollout: Rollout, experiment: Experiment, nowMs: number, paint: Paint): Branch {
  const { name, phase, status, replicaSets, runs } = experiment
  const since = Number.isNaN(status.availableAtMs) ? 0 : nowMs - status.availableAtMs
  return {
    row: [`Σ ${name}`, 'Experiment', phaseText(phase || 'Pending', paint), age(since), ''],
    below: [
      ...[...replicaSets.values()].map((set) => replicaSetBranch(rollout, set, nowMs, paint)),
      ...runs.map((run) => runBranch(run, nowMs, paint)),
    ],
  }
}

function replicaSetBranch(rollout: Rollout, set: ReplicaSet, nowMs: number, paint: Paint): Branch {
  const below = set.pods.map((pod) => ({ row: podRow(pod, nowMs, paint), below: [] }))
  return { row: replicaSetRow(rollout, set, nowMs, paint), below }
}

function replicaSetRow(rollout: Rollout, set: ReplicaSet, nowMs: number, paint: Paint): Row {
  const delay = set.scaleDownDeadlineMs > nowMs ? `,delay:${age(set.scaleDownDeadlineMs - nowMs)}` : ''
  return [
    `⧉ ${set.name}`,
    'ReplicaSet',
    sizeText(set, paint),
    age(nowMs - set.createdAtMs),
    `${tagsOf(rollout, set, '', '')}${delay}`,
  ]
}

function sizeText({ spec, replicas, available }: ReplicaSet, paint: Paint): string {
  if (spec === 0 && replicas === 0) return paint.faint('• ScaledDown')
  return available >= spec ? paint.good('✔ Healthy') : paint.busy('◌ Progressing')
}

function podRow(pod: Pod, nowMs: number, paint: Paint): Row {
  const restarts = pod.restarts === 0 ? '' : `,restarts:${pod.restarts}`
  return [
    `□ ${pod.name}`,
    'Pod',
    podStatus(pod, paint),
    age(nowMs - pod.createdAtMs),
    `ready:${pod.ready ? 1 : 0}/1${restarts}`,
  ]
}

/** Out of memory is said for as long as nothing runs there. */
function podStatus({ ready, running, lastEnd }: Pod, paint: Paint): string {
  if (ready) return paint.good('✔ Running')
  return !running && lastEnd === 'OOMKilled' ? paint.bad('✖ OOMKilled') : paint.busy('◌ NotReady')
}

function runBranch(run: AnalysisRun, nowMs: number, paint: Paint): Branch {
  const sum = (pick: (result: AnalysisRun['results'][number]) => number) =>
    run.results.reduce((total, result) => total + pick(result), 0)
  const counts: (readonly [string, number])[] = [
    ['✔', sum(({ successful }) => successful)],
    ['✖', sum(({ failed }) => failed)],
    ['?', sum(({ inconclusive }) => inconclusive)],
    ['⚠', sum(({ error }) => error)],
  ]
  const info = counts.filter(([, count]) => count > 0).map(([icon, count]) => `${icon} ${count}`)
  const since = Number.isNaN(run.startedAtMs) ? 0 : nowMs - run.startedAtMs
  const phase = phaseText(run.phase || 'Pending', paint)
  return { row: [`α ${run.name}`, 'AnalysisRun', phase, age(since), info.join(',')], below: [] }
}

function tagsOf({ status }: Rollout, { hash }: ReplicaSet, open: string, close: string): string {
  if (hash === status.stableHash) return `${open}stable${close}`
  return hash === status.currentHash ? `${open}canary${close}` : ''
}

const icons: Readonly<Record<string, string>> = {
  Healthy: '✔',
  Successful: '✔',
  Degraded: '✖',
  Failed: '✖',
  Progressing: '◌',
  Running: '◌',
  Pending: '◷',
  Paused: '॥',
  Error: '⚠',
  Inconclusive: '?',
}

function phaseText(phase: string, paint: Paint): string {
  const text = `${icons[phase] ?? '?'} ${phase === '' ? 'Unknown' : phase}`
  if (phase === 'Healthy' || phase === 'Successful') return paint.good(text)
  if (phase === 'Degraded' || phase === 'Failed' || phase === 'Error') return paint.bad(text)
  return paint.busy(text)
}

function age(ms: number): string {
  return lasting(Math.floor(ms / 1000) * 1000).replace(/\.0s$/, 's')
}
