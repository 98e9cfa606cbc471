// Plays a case of AnalysisRuns that belong to no Rollout.
import { Loop } from '../../src/kernel/loop.js'
import { admit } from '../../src/policy/api/admit.js'
import { AnalysisController } from '../../src/policy/argo/analysis-controller.js'
import { AnalysisRun } from '../../src/policy/argo/analysis-run.js'
import { resolveMetrics } from '../../src/policy/argo/metric.js'
import { readAnalysisTemplate } from '../../src/policy/argo/read-analysis.js'
import type { Behaviours, Version } from '../../src/policy/argo/version.js'
import type { Manifest } from '../../src/scenario/manifest.js'
import { Problems } from '../../src/scenario/problem.js'
import { Cluster } from '../../src/world/cluster/cluster.js'
import { WorkItem } from '../../src/world/cluster/work-queue.js'
import { answersOf, metricsAddress } from './answers.js'
import { type Action, type Case, commandMs, msOf } from './case.js'
import { manifestsOf, refuse } from './manifests.js'
import { NotPlayable } from './not-playable.js'
import { Puppets } from './puppets.js'
import { Trace } from './trace.js'

export function playRuns(name: string, script: Case, { does }: Version): string {
  const loop = new Loop()
  const trace = new Trace(() => loop.now)
  // There is nothing to settle.
  const releaseMs = Math.ceil(msOf(script.rest ?? '2.5s') / 1000) * 1000
  const view = {
    loop,
    cluster: new Cluster(loop, new Puppets(script, loop)),
    ...answersOf(script, trace, () => loop.now - releaseMs, loop),
    journal: {
      wrote: (object: object) => {
        if (object instanceof AnalysisRun) trace.run(object)
      },
      event: trace.event.bind(trace),
    },
  }
  const controller = new AnalysisController(view, () => {}, does)
  const runs = manifestsOf(name, script).map((manifest) => runOf(manifest, does))
  for (const run of runs) controller.start(run)
  for (const action of script.do ?? []) {
    const act = actOf(action, runs, controller)
    const told = () => {
      const { at: _, ...said } = action
      trace.say({ action: said })
      act()
    }
    new WorkItem(loop, told).enqueueAt(releaseMs + msOf(action.at) + (action.argo === undefined ? 0 : commandMs))
  }
  loop.run(releaseMs + msOf(script.end))
  return trace.text({ trace: 1, case: name, about: script.about }, releaseMs).replaceAll(metricsAddress, '$METRICS')
}

function runOf(manifest: Manifest, does: Behaviours): AnalysisRun {
  if (manifest.kind !== 'AnalysisRun') throw new NotPlayable(`${manifest.kind} beside an AnalysisRun`)
  const problems = new Problems()
  const { metrics, args, rules } = readAnalysisTemplate(admit(manifest, problems), problems)
  refuse(problems)
  return new AnalysisRun(manifest.name, undefined, '', -1, resolveMetrics(metrics, args, rules, undefined, does))
}

function actOf(action: Action, runs: readonly AnalysisRun[], controller: AnalysisController): () => void {
  const named = (name: string | undefined) => runs.find((run) => run.name === name)!
  if (action.argo?.startsWith('terminate analysisrun ')) {
    const run = named(action.argo.split(' ')[2])
    return () => controller.terminate(run)
  }
  if (action.delete && action.on?.startsWith('AnalysisRun/')) {
    const run = named(action.on.split('/')[1])
    return () => controller.forget(run)
  }
  throw new NotPlayable(`action ${JSON.stringify(action)}`)
}
