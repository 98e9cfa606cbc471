// Plays a case of a Deployment alone.
import { Loop } from '../../src/kernel/loop.js'
import { readWorkload } from '../../src/policy/argo/read-template.js'
import { Deployment, isComplete } from '../../src/policy/kubernetes/deployment.js'
import { DeploymentController } from '../../src/policy/kubernetes/deployment-controller.js'
import { Problems } from '../../src/scenario/problem.js'
import { Cluster } from '../../src/world/cluster/cluster.js'
import { WorkItem } from '../../src/world/cluster/work-queue.js'
import { actOnDeployment } from './act-on-deployment.js'
import { answersOf } from './answers.js'
import { type Case, msOf } from './case.js'
import { manifestsOf, refuse } from './manifests.js'
import { NotPlayable } from './not-playable.js'
import { Puppets } from './puppets.js'
import { Trace } from './trace.js'

const writeMs = 10

export function playDeployment(name: string, script: Case): string {
  const loop = new Loop()
  const trace = new Trace(() => loop.now)
  const puppets = new Puppets(script, loop)
  const cluster = new Cluster(loop, puppets)
  puppets.cluster = cluster
  cluster.listen({
    replicaSetChanged: (set) => trace.replicaSet(set),
    podChanged: (pod) => trace.pod(pod),
  })
  const controller = new DeploymentController(specOf(name, script), {
    loop,
    cluster,
    ...answersOf(script, trace, () => loop.now, loop),
    journal: {
      wrote: (object: object) => {
        if (object instanceof Deployment) trace.deployment(object)
      },
      event: trace.event.bind(trace),
    },
  })
  const { deployment } = controller
  const settleMs = msOf(script.settle ?? '90s')
  const isSettled = () => deployment.status.observedGeneration > 0 && isComplete(deployment.spec, deployment.status)
  while (loop.now < settleMs && !isSettled()) loop.run(loop.now + 100)
  const releaseMs = Math.ceil((loop.now + msOf(script.rest ?? '2.5s')) / 1000) * 1000
  for (const action of script.do ?? []) {
    const act = () => {
      const { at: _, ...told } = action
      trace.say({ action: told })
      if (action.pods !== undefined) puppets.force(action.pods, action.ready ?? true, action.count, action.only)
      else if (action.on === undefined || action.on === `Deployment/${controller.name}`)
        actOnDeployment(controller, action)
      else throw new NotPlayable(`action ${JSON.stringify(told)}`)
    }
    new WorkItem(loop, act).enqueueAt(releaseMs + msOf(action.at) + writeMs)
  }
  loop.run(releaseMs + msOf(script.end))
  return trace.text({ trace: 1, case: name, about: script.about }, releaseMs)
}

function specOf(name: string, script: Case) {
  const [manifest, another] = manifestsOf(name, script)
  if (!manifest || another) throw new NotPlayable(`${another?.kind ?? 'nothing'} beside a Deployment`)
  const problems = new Problems()
  const workload = readWorkload(manifest, problems)
  refuse(problems)
  if (workload.kind !== 'Deployment') throw new NotPlayable(`${workload.kind} alone`)
  return workload.spec
}
