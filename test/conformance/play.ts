// Plays a conformance case in simulated time: its manifests, pods, metrics and people against the simulated controller.
import { Loop } from '../../src/kernel/loop.js'
import { AnalysisRun } from '../../src/policy/argo/analysis-run.js'
import { ArgoRollouts } from '../../src/policy/argo/controller.js'
import { Experiment } from '../../src/policy/argo/experiment.js'
import { notified } from '../../src/policy/argo/notification.js'
import { type ArgoPolicy, readPolicy } from '../../src/policy/argo/policy.js'
import { workloadKinds } from '../../src/policy/argo/read-template.js'
import { Rollout } from '../../src/policy/argo/rollout.js'
import * as verbs from '../../src/policy/argo/verbs.js'
import { newest, type Version } from '../../src/policy/argo/version.js'
import { createWorkload } from '../../src/policy/argo/workload-reference.js'
import type { Autoscaler } from '../../src/policy/kubernetes/autoscaler.js'
import { Deployment } from '../../src/policy/kubernetes/deployment.js'
import { DeploymentController } from '../../src/policy/kubernetes/deployment-controller.js'
import type { Workload } from '../../src/policy/kubernetes/workload.js'
import type { View } from '../../src/policy/view.js'
import type { Manifest } from '../../src/scenario/manifest.js'
import { Problems } from '../../src/scenario/problem.js'
import { ApiClient } from '../../src/world/cluster/api-client.js'
import { Cluster } from '../../src/world/cluster/cluster.js'
import { Service } from '../../src/world/cluster/objects.js'
import { Program } from '../../src/world/cluster/program.js'
import { WorkItem } from '../../src/world/cluster/work-queue.js'
import { actOnDeployment, imageOfPodTemplate, retagged } from './act-on-deployment.js'
import { answersOf, metricsAddress } from './answers.js'
import { autoscale } from './autoscaling.js'
import { type Action, type Case, commandMs, msOf } from './case.js'
import { HandEdits } from './hand-edits.js'
import { isRefusedByApi, manifestOf, manifestsOf, refuse } from './manifests.js'
import { NotPlayable } from './not-playable.js'
import { playDeployment } from './play-deployment.js'
import { playRuns } from './play-runs.js'
import { Puppets, tagOf } from './puppets.js'
import { scriptedPlugin } from './scripted-plugin.js'
import { Trace } from './trace.js'

/** From the instant of an action until the controller can see what was written. */
const writeMs = 10

/** Objects that a Rollout refers to, and that people write and delete behind its back. */
const referenceKinds: readonly string[] = [
  'Service',
  'Ingress',
  'VirtualService',
  'DestinationRule',
  'TraefikService',
  'AnalysisTemplate',
  'ClusterAnalysisTemplate',
]

const settledPhases: readonly string[] = ['Healthy', 'Degraded', 'Paused']

/** The trace of the case, in the form of the recorded ones. */
export function play(name: string, script: Case, version: Version = newest): string {
  if (/^kind: Deployment$/m.test(script.manifests) && !/^kind: Rollout$/m.test(script.manifests)) {
    return playDeployment(name, script)
  }
  if (/^kind: AnalysisRun$/m.test(script.manifests) && !/^kind: Rollout$/m.test(script.manifests)) {
    return playRuns(name, script, version)
  }
  const player = new Player(name, script, version)
  return player.run()
}

class Player {
  private readonly loop = new Loop()
  private readonly trace = new Trace(() => this.loop.now)
  private readonly answers: ReturnType<typeof answersOf>
  private readonly puppets: Puppets
  private readonly cluster: Cluster
  private readonly handEdits: HandEdits
  private readonly api = new ApiClient()
  private manifests: readonly Manifest[]
  private policy: ArgoPolicy
  private workload: Workload | undefined
  private readonly autoscaler: Autoscaler | undefined
  private controller: ArgoRollouts
  private releaseMs = Number.POSITIVE_INFINITY

  constructor(
    private readonly name: string,
    private readonly script: Case,
    private readonly version: Version,
  ) {
    this.answers = answersOf(script, this.trace, () => this.loop.now - this.releaseMs, this.loop)
    this.puppets = new Puppets(script, this.loop)
    this.cluster = new Cluster(this.loop, this.puppets)
    this.puppets.cluster = this.cluster
    this.manifests = manifestsOf(name, script)
    this.policy = this.policyOf(this.manifests)
    for (const { name: service, selector } of this.policy.services) {
      this.cluster.services.push(new Service(service, selector))
    }
    for (const { kind, name: route, rules } of this.policy.routes) {
      this.cluster.route(kind, route).rules = rules
    }
    this.handEdits = new HandEdits(this.cluster)
    this.listen()
    for (const manifest of this.manifests) this.showAsApplied(manifest)
    const { policy } = this
    const view = this.view()
    this.workload = policy.workload && createWorkload(policy.workload, view)
    this.controller = new ArgoRollouts(policy.rollout, policy.catalogue, view, version, this.workload)
    this.controller.find(policy)
    if (policy.autoscaler) {
      this.autoscaler = autoscale(policy.autoscaler, this.controller, view)
      this.trace.autoscaler(policy.autoscaler, policy.rollout.name)
    }
  }

  run(): string {
    const { loop, controller, script } = this
    controller.apply(this.policy.rollout)
    const settleMs = msOf(script.settle ?? '90s')
    while (loop.now < settleMs && !settledPhases.includes(controller.rollout.status.phase)) loop.run(loop.now + 100)
    // A release falls on a whole second: the controllers' own clocks have no other.
    this.releaseMs = Math.ceil((loop.now + msOf(script.rest ?? '2.5s')) / 1000) * 1000
    for (const action of script.do ?? []) {
      const takesMs = action.argo === undefined ? writeMs : commandMs
      new WorkItem(loop, () => this.act(action)).enqueueAt(this.releaseMs + msOf(action.at) + takesMs)
    }
    loop.run(this.releaseMs + msOf(script.end))
    return this.trace
      .text({ trace: 1, case: this.name, about: script.about }, this.releaseMs)
      .replaceAll(metricsAddress, '$METRICS')
  }

  private view(): View {
    return {
      loop: this.loop,
      cluster: this.cluster,
      ...this.answers,
      stepPlugin: scriptedPlugin,
      program: new Program(),
      api: this.api,
      journal: {
        wrote: (object) => {
          if (object instanceof Rollout) this.trace.rollout(object)
          if (object instanceof AnalysisRun) this.trace.run(object)
          if (object instanceof Deployment) this.trace.deployment(object)
          if (object instanceof Experiment) this.trace.experiment(object)
        },
        event: (on, type, reason, message) => {
          this.notify(on, reason)
          this.trace.event(on, type, reason, message)
        },
      },
    }
  }

  /** In a case, messages are sent to webhooks called TRIGGER/RECIPIENT, of which there are none. */
  private notify(on: string, reason: string): void {
    for (const { trigger, recipients } of notified(this.policy.subscriptions, on, reason)) {
      for (const recipient of recipients) this.trace.say({ hook: `${trigger}/${recipient}`, status: 404 })
    }
  }

  private listen(): void {
    const { trace } = this
    this.cluster.listen({
      replicaSetChanged: (set) => trace.replicaSet(set),
      podChanged: (pod) => trace.pod(pod),
      serviceChanged: (service) => trace.service(service),
      routeChanged: (route) => trace.route(route),
    })
  }

  /** Objects that the controller finds there, as the first lines of a recording show them. */
  private showAsApplied({ kind, name, value }: Manifest): void {
    const spec = (value as { spec?: Record<string, unknown> }).spec ?? {}
    const list = (owner: unknown, key: string) =>
      ((owner as Record<string, unknown>)?.[key] ?? []) as Record<string, unknown>[]
    if (kind === 'Service') this.trace.applied(kind, name, { selects: spec['selector'] })
    if (kind === 'Ingress') {
      const paths = list(spec, 'rules').flatMap((rule) => list(rule['http'], 'paths'))
      const backends = paths.map((path) => (path['backend'] as { service?: { name?: string } }).service?.name)
      this.trace.applied(kind, name, { canary: {}, backends })
    }
    if (kind === 'TraefikService') {
      const services = list(spec['weighted'], 'services').map((service) => [service['name'], service['weight']])
      this.trace.object(kind, name, { services })
    }
    if (kind === 'ApisixRoute') {
      const http = list(spec, 'http').map((rule) => list(rule, 'backends').map((b) => [b['serviceName'], b['weight']]))
      this.trace.applied(kind, name, { http })
    }
    if (kind === 'DestinationRule') {
      this.trace.applied(kind, name, {
        subsets: list(spec, 'subsets').map((subset) => [subset['name'], null]),
        host: spec['host'],
      })
    }
    if (kind === 'VirtualService') {
      const http = list(spec, 'http').map((route) => ({
        name: route['name'],
        match: route['match'],
        route: list(route, 'route').map(({ destination, weight }) => {
          const { host, subset } = destination as { host: string; subset?: string }
          return [subset ?? host, weight].filter((told) => told !== undefined)
        }),
      }))
      this.trace.applied(kind, name, { http })
    }
  }

  private act(action: Action): void {
    const { at: _, ...told } = action
    this.trace.say({ action: told })
    if (action.kill === 'apiserver') {
      this.api.isAnswered = false
      return this.cluster.halt()
    }
    if (action.start === 'apiserver') return this.reconnect(action.watched ?? {})
    if (action.kill === 'argo-rollouts') return this.controller.availability.stop()
    if (action.start === 'argo-rollouts') {
      this.trace.sendAnew()
      return this.controller.availability.start()
    }
    if (action.image !== undefined && action.on === undefined) return this.setImage(action.image)
    if (action.merge && action.on === this.autoscalerName()) return this.mergeAutoscaler(action.on, action.merge)
    if (action.on === this.workloadName()) return this.actOnWorkload(action)
    if (action.argo !== undefined) return this.argo(action.argo)
    if (action.pods !== undefined) {
      return this.puppets.force(action.pods, action.ready ?? true, action.count, action.only)
    }
    if (action.merge && action.on === undefined) {
      if (action.subresource === undefined) return this.merge(action.merge)
      const { status } = action.merge as { status?: object }
      Object.assign(this.controller.rollout, { status: { ...this.controller.rollout.status, ...status } })
      return this.controller.edited()
    }
    if (action.merge && action.on?.startsWith('ReplicaSet/')) {
      const set = this.replicaSetOf(action.on)
      return this.cluster.scale(set, (action.merge as { spec: { replicas: number } }).spec.replicas)
    }
    if (action.merge && this.mergeObject(action.on!, action.merge)) return
    if (action.apply !== undefined) return this.write(manifestOf(this.name, action.apply))
    if (action.delete && this.handEdits.delete(action.on!)) return
    if (action.delete && this.delete(action.on!)) return
    if (action.delete && action.on?.startsWith('ReplicaSet/')) {
      return this.cluster.deleteReplicaSet(this.replicaSetOf(action.on))
    }
    if (action.delete && action.on?.startsWith('AnalysisRun/')) {
      return this.controller.runs.delete(this.runOf(action.on.slice('AnalysisRun/'.length)))
    }
    throw new NotPlayable(`action ${JSON.stringify(told)}`)
  }

  /** When the watches are there again is chance: the case says it, as recorded. The controller manager's are one. */
  private reconnect(watched: Readonly<Record<string, string>>): void {
    const atMs = (at: string) => this.releaseMs + msOf(at)
    const { Pod, ...own } = watched
    this.controller.availability.reconnect(
      Object.fromEntries(Object.entries(own).map(([kind, at]) => [kind, atMs(at)])),
    )
    new WorkItem(this.loop, () => this.cluster.goOn()).enqueueAt(Pod ? atMs(Pod) : this.loop.now)
  }

  private autoscalerName(): string {
    return this.policy.autoscaler ? `HorizontalPodAutoscaler/${this.policy.autoscaler.name}` : 'none'
  }

  private mergeAutoscaler(on: string, patch: Record<string, unknown>): void {
    const manifest = this.manifestOf(on)!
    this.replace(on, { ...manifest, value: merged(manifest.value, patch) as typeof manifest.value })
    const { autoscaler, rollout } = this.policy
    this.autoscaler!.apply(autoscaler!)
    this.trace.autoscaler(autoscaler!, rollout.name)
  }

  private workloadName(): string {
    return this.workload ? `${this.workload.kind}/${this.workload.name}` : 'none'
  }

  private actOnWorkload(action: Action): void {
    const { workload } = this
    if (workload instanceof DeploymentController) {
      if (action.delete) this.replace(action.on!)
      return actOnDeployment(workload, action)
    }
    const image = action.image ?? imageOfPodTemplate(action)
    if (image === undefined) throw new NotPlayable(`action on ${this.workloadName()}`)
    workload!.setTemplate(retagged(workload!.template, tagOf(image)))
    if (workload!.kind === 'ReplicaSet') this.trace.editedReplicaSet(this.replicaSetOf(action.on!), image)
  }

  private replicaSetOf(on: string) {
    return this.cluster.replicaSets.find(({ name }) => `ReplicaSet/${this.trace.withRevisions(name)}` === on)!
  }

  private runOf(name: string): AnalysisRun {
    return this.controller.runs.all.find((run) => this.trace.withRevisions(run.name) === name)!
  }

  private experimentOf(name: string): Experiment {
    return this.controller.experiments.all.find((experiment) => this.trace.withRevisions(experiment.name) === name)!
  }

  private setImage(tag: string): void {
    const { rollout } = this.controller
    this.controller.apply({ ...rollout.spec, template: retagged(rollout.spec.template, tag) })
  }

  private argo(command: string): void {
    const [verb = '', , ...flags] = command.replace('retry rollout', 'retry').split(' ')
    const key = [verb, ...flags].join(' ')
    const known: Record<string, verbs.Verb> = {
      promote: verbs.promote,
      'promote --full': verbs.promoteFull,
      'promote --skip-current-step': verbs.skipCurrentStep,
      'promote --skip-all-steps': verbs.skipAllSteps,
      abort: verbs.abort,
      retry: verbs.retry,
      pause: verbs.pause,
      restart: verbs.restart,
    }
    if (verb === 'undo') return verbs.undoTo(revisionIn(flags[0]))(this.controller)
    if (command.startsWith('terminate analysisrun ')) return verbs.terminate(this.controller, this.runOf(flags[0]!))
    if (command.startsWith('terminate experiment ')) {
      return verbs.terminateExperiment(this.controller, this.experimentOf(flags[0]!))
    }
    const act = known[key]
    if (!act) throw new NotPlayable(`kubectl argo rollouts ${command}`)
    act(this.controller)
  }

  /** A merge patch on the Rollout's manifest, read anew; its image and its pause are what they have become. */
  private merge(patch: Record<string, unknown>): void {
    const { template, paused } = this.controller.rollout.spec
    const hasOwn = this.manifests.some(
      ({ kind, value }) => kind === 'Rollout' && 'template' in (value['spec'] as object),
    )
    const live = { spec: { ...(hasOwn && { template: template.value }), paused: paused ?? null } }
    const manifests = this.manifests.map((manifest) =>
      manifest.kind === 'Rollout'
        ? { ...manifest, value: merged(merged(manifest.value, live), patch) as typeof manifest.value }
        : manifest,
    )
    if (!this.isTaken(manifests, patch)) return
    this.manifests = manifests
    this.look()
    const { rollout } = this.policy
    const restartAtMs = rollout.restartAtMs ?? this.controller.rollout.spec.restartAtMs
    this.controller.apply(hasOwn ? { ...rollout, restartAtMs } : { ...rollout, template, restartAtMs })
  }

  /** The API server looks at types and what must be there; a selector is for good. */
  private isTaken(manifests: readonly Manifest[], patch: Record<string, unknown>): boolean {
    const problems = new Problems()
    readPolicy(manifests, problems)
    return !isRefusedByApi(problems) && !Object.hasOwn((patch['spec'] ?? {}) as object, 'selector')
  }

  /** A merge patch on another object: on what the controller has made of it, or on its manifest. */
  private mergeObject(on: string, patch: Record<string, unknown>): boolean {
    const isLive = this.handEdits.merge(on, patch)
    const manifest = this.manifestOf(on)
    if (!manifest) return isLive
    const value = merged(manifest.value, patch) as typeof manifest.value
    if (isLive) this.replace(on, { ...manifest, value })
    else this.write({ ...manifest, value })
    return true
  }

  private write(manifest: Manifest): void {
    const { kind, name } = manifest
    if (kind === 'Rollout') return this.writeRollout(manifest)
    if (workloadKinds.some((known) => known === kind)) return this.writeWorkload(manifest)
    if (!referenceKinds.includes(kind)) throw new NotPlayable(`${kind} ${name} that is written later`)
    this.replace(`${kind}/${name}`, manifest)
    const isSelected = kind === 'Service' && this.cluster.service(name)?.hash !== undefined
    this.handEdits.write(kind, name, this.policy)
    // What the controller has written into a selector stays there.
    if (!isSelected) this.showAsApplied(manifest)
    this.controller.referenceChanged({ kind, name, isDeleted: false })
  }

  private writeWorkload(manifest: Manifest): void {
    const { kind, name } = manifest
    if (this.workload && !this.workload.deleted) throw new NotPlayable(`${kind} ${name} that is written again`)
    this.replace(`${kind}/${name}`, manifest)
    if (!this.policy.workload) throw new NotPlayable(`${kind} ${name}, which nothing refers to`)
    this.workload = createWorkload(this.policy.workload, this.view())
    this.controller.refer(this.workload)
  }

  /** Whether it is paused was written by somebody else, and stays. */
  private writeRollout(manifest: Manifest): void {
    const { paused } = this.controller.rollout.spec
    const live = paused === undefined ? {} : { spec: { paused } }
    this.replace(`Rollout/${manifest.name}`, {
      ...manifest,
      value: merged(live, manifest.value) as typeof manifest.value,
    })
    this.controller.apply(this.policy.rollout)
  }

  /** False for an object that the case hasn't brought. */
  private delete(on: string): boolean {
    const [kind = '', name = ''] = on.split('/')
    if (!this.manifestOf(on) || !referenceKinds.includes(kind)) return false
    this.replace(on)
    this.handEdits.forget(kind, name)
    if (!kind.endsWith('Template')) this.trace.deleted(kind, name)
    this.controller.referenceChanged({ kind, name, isDeleted: true })
    return true
  }

  private manifestOf(on: string): Manifest | undefined {
    return this.manifests.find(({ kind, name }) => `${kind}/${name}` === on)
  }

  private replace(on: string, by?: Manifest): void {
    this.manifests = [...this.manifests.filter(({ kind, name }) => `${kind}/${name}` !== on), ...(by ? [by] : [])]
    this.look()
  }

  /** What the controller finds from now on. */
  private look(): void {
    this.policy = this.policyOf(this.manifests)
    this.controller.find(this.policy)
  }

  private policyOf(manifests: readonly Manifest[]): ArgoPolicy {
    const problems = new Problems()
    const policy = readPolicy(manifests, problems, this.version)
    refuse(problems)
    if (!policy) throw new NotPlayable('no Rollout')
    return policy
  }
}

/** RFC 7386: null removes, mappings merge, all else replaces. */
function merged(value: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Record<string, unknown> =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  for (const [key, inner] of Object.entries(patch)) {
    if (inner === null) delete result[key]
    else result[key] = merged(result[key], inner)
  }
  return result
}

function revisionIn(flag: string | undefined): number | undefined {
  return flag?.startsWith('--to-revision=') ? Number(flag.split('=')[1]) : undefined
}
