// One flight in progress: world, metrics and policy together.
import type { Loop } from '../kernel/loop.js'
import type { Tape } from '../kernel/random.js'
import type { Alert } from '../metrics/rules/alert.js'
import { AnalysisRun } from '../policy/argo/analysis-run.js'
import { ArgoRollouts } from '../policy/argo/controller.js'
import { Rollout, weightAskedFor } from '../policy/argo/rollout.js'
import { takesRequest } from '../policy/argo/takes-request.js'
import { createWorkload } from '../policy/argo/workload-reference.js'
import type { Journal, View } from '../policy/view.js'
import type { Page } from '../scenario/people.js'
import { ApiClient } from '../world/cluster/api-client.js'
import { Cluster } from '../world/cluster/cluster.js'
import type { ClusterListener } from '../world/cluster/listener.js'
import { type Pod, type ReplicaSet, Service } from '../world/cluster/objects.js'
import { PodLife } from '../world/cluster/pod-life.js'
import { Program } from '../world/cluster/program.js'
import { type Split, splitRequests } from '../world/cluster/split.js'
import { StrandSplit } from '../world/cluster/strand-split.js'
import type { Course as FaultCourse } from '../world/course.js'
import { concernsObservers } from '../world/fault.js'
import { Flow } from '../world/flow.js'
import type { PodLoad } from '../world/pod-load.js'
import { CoupledRequests } from '../world/requests/coupled-requests.js'
import type { OneByOne } from '../world/requests/one-by-one.js'
import type { Service as Answering } from '../world/service.js'
import { beginToScale } from './autoscaling.js'
import { type ControlPlane, concernsControlPlane, controlPlaneOf } from './control-plane.js'
import { Course } from './course.js'
import { loadOf } from './flight-load.js'
import { KeptWeight } from './kept-weight.js'
import { Anchors } from './latent/anchors.js'
import { LatentFaults } from './latent/latent-faults.js'
import type { Observatory } from './observatory.js'
import { isTakenBack, outcomeOf } from './outcome.js'
import { People } from './people.js'
import type { Plan } from './plan.js'
import { PodConditions } from './pod-conditions.js'
import { servingPods } from './pod-groups.js'
import type { Outcome } from './record.js'
import { type RequestLog, requestLine } from './request-log.js'
import { leavesBytes, RequestMemory } from './request-memory.js'
import { Ruling } from './ruling.js'
import { Scraping } from './scraping.js'
import { scriptedPlugin } from './scripted-plugins.js'
import { signalsOf } from './signals/signals.js'
import { spellsOfFault } from './spells.js'
import { canary, stable, weightOfExperiments } from './stacks.js'
import { Strength } from './strength.js'
import type { RulingEntry, Timeline } from './timeline.js'

/** The first version is deployed in the scenario's first instants and serves from then on. */
export const settledMs = 900

const splitPriority = 20

/** One flight in progress. */
export class Flying {
  readonly cluster: Cluster
  readonly controller: ArgoRollouts
  readonly course = new Course()
  private readonly timeline: Timeline | undefined
  private readonly split: Split
  private readonly strandSplit: StrandSplit
  private readonly life: PodLife
  private readonly conditions: PodConditions
  private splitPending = false
  private readonly splitHandler: number
  private failedChecks = 0
  /** Whoever counts what pods serve: nobody, in most flights. */
  private load: PodLoad | undefined
  private readonly memory: RequestMemory | undefined
  /** Where something goes wrong with it. */
  private readonly controlPlane: ControlPlane | undefined
  private readonly strength: Strength
  /** By index of the ReplicaSet. */
  private readonly stackByIndex: number[] = []
  /** Nobody, in most flights. */
  private readonly people: People | undefined
  private readonly ruling: Ruling | undefined
  /** None, in most flights. */
  private readonly latent: LatentFaults | undefined
  private readonly anchors: Anchors
  private scraping: Scraping | undefined
  /** Where requests follow the split, it says what it comes to. */
  private readonly keptWeight: KeptWeight | undefined
  /** Told of a fault that begins because something has happened. */
  began: (index: number, course: FaultCourse) => void = () => {}

  constructor(
    readonly plan: Plan,
    readonly loop: Loop,
    private readonly tape: Tape,
    private readonly flow: Flow | OneByOne,
    service: Answering,
    readonly observatory: Observatory,
    timelineOf: ((flying: Flying) => Timeline) | undefined,
    private readonly log: RequestLog | undefined,
  ) {
    const { policy, stacks } = plan
    this.split = { shares: new Float64Array(stacks.length), pods: new Int32Array(stacks.length) }
    this.strandSplit = new StrandSplit(this.split, plan.flow.audience.strands, takesRequest)
    this.life = new PodLife(loop, plan.pods, ({ replicaSet }) => this.stackOf(replicaSet), settledMs, tape)
    this.conditions = new PodConditions(plan, loop, this.stackOf, settledMs, () => this.splitLater())
    this.cluster = new Cluster(loop, this.life, this.life.settings)
    this.life.attach(this.cluster)
    for (const { name, selector } of policy.services) this.cluster.services.push(new Service(name, selector))
    for (const { kind, name, rules } of policy.routes) {
      this.cluster.route(kind, name).rules = rules
    }
    this.timeline = timelineOf?.(this)
    this.splitHandler = loop.handler(() => this.resplit())
    this.cluster.listen(this.listener())
    const view: View = {
      loop,
      cluster: this.cluster,
      query: (text, range) => this.observatory.answer(text, loop.now, range),
      ...(plan.signals.isEmpty ? {} : signalsOf(plan, observatory, loop)),
      stepPlugin: (name) => scriptedPlugin(plan.scenario.plugins, name),
      journal: this.journal(),
      // What never goes away needn't be asked whether it is there.
      ...(plan.faults.some(concernsControlPlane) ? { program: new Program(), api: new ApiClient() } : {}),
    }
    // Before the controller: one with a workload writes as soon as it is there.
    this.strength = new Strength(plan, this.cluster, this.stackOf, flow)
    const workload = policy.workload && createWorkload(policy.workload, view)
    this.controller = new ArgoRollouts(policy.rollout, policy.catalogue, view, policy.version, workload)
    this.controlPlane = controlPlaneOf(plan, loop, tape, this.cluster, this.controller)
    if (policy.autoscaler) {
      // How its beat falls to the release is chance.
      const phase = tape.stream('autoscaler').uniform()
      beginToScale(plan, policy.autoscaler, this.controller, this.loaded(), this.stackOf, phase)
    }
    if (leavesBytes(plan))
      this.memory = new RequestMemory(plan, loop, this.loaded(), this.cluster, this.life, this.stackOf)
    const { people } = plan.scenario
    if (people.length > 0) {
      const isFiring = (page: Page) => this.ruling?.isFiring(page) ?? false
      const tell = (does: string) => this.timeline?.add({ what: 'person', does })
      this.people = new People(people, loop, this.controller, isFiring, tell, this.write)
    }
    if (plan.service.faults.some(({ isLatent }) => isLatent)) {
      const split = { shares: this.strandSplit.ofAll, pods: this.split.pods }
      this.latent = new LatentFaults(plan, { loop, service, answers: flow, split })
    }
    this.anchors = new Anchors(plan, loop, (index, course) => this.faultBegins(index, course))
    if (observatory.ruler) {
      const listener = {
        alerted: () => this.people?.alerted(),
        told: (entry: RulingEntry) => this.timeline?.add(entry),
      }
      this.ruling = new Ruling(observatory.ruler, loop, listener, () => observatory.isUp)
    }
    if (log !== undefined) this.tell(log)
    if (this.timeline && flow instanceof CoupledRequests && flow.keepsConnections) {
      this.keptWeight = new KeptWeight(flow, loop, (share) => this.tellWeight(share))
    }
    this.begin()
  }

  /** Lets the flight go on until a time of the scenario. */
  advance(timeMs: number): void {
    this.loop.run(timeMs)
  }

  /** Those of Prometheus that are pending or firing. */
  get alerts(): readonly Alert[] {
    return this.ruling?.active ?? []
  }

  /** What came of it, as if the scenario ended now. */
  land(): Outcome {
    const { plan, controller, course, flow, loop } = this
    const troubles = [...plan.troubles, ...this.anchors.troubles, ...(this.latent?.troubles ?? [])]
    return outcomeOf(plan, troubles, controller.rollout, course, flow.finish(loop.now), loop.now)
  }

  private tell(log: RequestLog): void {
    const { cluster, flow, plan } = this
    if (flow instanceof Flow) throw new RangeError('a flow has no requests to tell of')
    const podName = (id: number) => cluster.pod(id).name
    flow.sample({ every: log.every, take: (sample) => log.write(requestLine(plan, sample, podName)) })
  }

  private begin(): void {
    const { loop, plan, controller } = this
    const { scenario, policy } = plan
    // Nobody deploys a first version that is paused: that came later.
    controller.apply({ ...policy.rollout, paused: false })
    loop.run(settledMs)
    if (policy.rollout.paused) controller.apply(policy.rollout)
    this.resplit()
    this.latent?.begin()
    this.beginToScrape()
    this.ruling?.begin(this.tape, (timeMs) => this.observatory.clockAt(timeMs))
    const release = loop.handler(() => {
      this.people?.released()
      this.timeline?.add({ what: 'release', image: plan.release.image })
      this.ruling?.released()
      this.write(() => controller.release(plan.release))
    })
    loop.at(scenario.releaseAtMs, 0, release)
  }

  private beginToScrape(): void {
    const { plan, observatory, cluster, stackOf, loop, tape, course } = this
    const isWatched = () => this.isWatched()
    const scraped = { observation: plan.observation, observatory, cluster, versionOf: stackOf, isWatched }
    this.scraping = new Scraping(scraped, loop, tape, course, settledMs)
    cluster.listen(this.scraping)
  }

  /** What it has waited for has come. */
  private faultBegins(index: number, course: FaultCourse): void {
    const { faults, stacks } = this.plan
    const fault = { ...faults[index]!, ...course }
    this.began(index, course)
    this.latent?.began(index, course)
    this.life.expect(index, course)
    if (concernsControlPlane(fault)) this.controlPlane!.expect(fault)
    if (concernsObservers(fault)) this.scraping!.expect(spellsOfFault(fault, stacks))
  }

  /** People and pipelines try again until the API server takes what they write. */
  private readonly write = (act: () => void): void => {
    if (this.controlPlane) this.controlPlane.write(act)
    else act()
  }

  /** Whether anybody may still ask what is scraped; rules and those who are served ask for ever. */
  private isWatched(): boolean {
    if (this.ruling || this.plan.observation.isServed) return true
    const { rollout, everyRun } = this.controller
    if (this.loop.now <= this.plan.scenario.releaseAtMs) return true
    const { status } = rollout
    const isOver =
      status.abort === true ||
      isTakenBack(this.plan, rollout, this.loop.now) ||
      status.stableHash === this.plan.release.hash
    return !isOver || everyRun.some(({ phase }) => phase === '' || phase === 'Running')
  }

  /** By its place in the plan; asked for again and again, and templates are long texts to compare. */
  private readonly stackOf = (replicaSet: ReplicaSet): number => {
    this.stackByIndex[replicaSet.index] ??= this.stackNumber(replicaSet)
    return this.stackByIndex[replicaSet.index]!
  }

  private stackNumber({ owner, hash, template }: ReplicaSet): number {
    const { stacks, policy } = this.plan
    const { rollout } = policy
    if (owner.kind === 'Experiment') return stacks.findIndex((stack) => stack.hash === hash)
    return template.key === rollout.template.key ? stable : canary
  }

  private listener(): ClusterListener {
    const { plan, timeline } = this
    return {
      replicaSetChanged: (replicaSet) => timeline?.replicaSetChanged(replicaSet),
      podChanged: (pod) => {
        this.load?.turned(pod, this.loop.now)
        this.conditions.podChanged(pod)
        this.splitLater()
      },
      podStarted: ({ replicaSet }) => {
        if (plan.stacks[this.stackOf(replicaSet)]!.version !== canary) return
        this.anchors.reached('first-pod')
        this.latent?.canaryStarted()
      },
      podRouted: (pod) => {
        if (pod.isLost) this.kill(pod)
        this.splitLater()
      },
      podRestarted: (pod) => {
        this.kill(pod)
        timeline?.podRestarted(pod)
        this.memory?.restarted(pod)
      },
      told: (on, reason, message) => timeline?.told(on, reason, message),
      serviceChanged: (service) => {
        timeline?.serviceChanged(service)
        this.splitLater()
      },
      routeChanged: () => this.splitLater(),
    }
  }

  /** What a pod works on ends with it. */
  private kill({ replicaSet, id }: Pod): void {
    const { flow, loop } = this
    if (flow instanceof CoupledRequests) flow.kill(loop.now, this.stackOf(replicaSet), id)
  }

  /** However much changes at an instant, requests are split anew once. */
  private splitLater(): void {
    if (this.splitPending || this.loop.now < settledMs) return
    this.splitPending = true
    this.loop.at(this.loop.now, splitPriority, this.splitHandler)
  }

  /** What every pod has answered: counted only for those who ask. */
  private loaded(): PodLoad {
    this.load ??= loadOf(this.plan, this.flow, this.stackOf)
    return this.load
  }

  private resplit(): void {
    this.splitPending = false
    const { cluster, plan, split, strandSplit, loop, flow, course } = this
    const before = this.shareOf(canary)
    this.strength.turned(this.controller.rollout, loop.now)
    this.observatory.routed(loop.now, cluster, this.stackOf)
    splitRequests(cluster, plan.isRouted, plan.observation.entryService, this.stackOf, split)
    strandSplit.update(cluster, plan.isRouted, this.stackOf)
    const { pods } = split
    const tellsPods = plan.observation.perPod || flow instanceof CoupledRequests || this.log !== undefined
    const serving = tellsPods ? servingPods(cluster, plan.stacks.length, this.stackOf) : undefined
    flow.split(loop.now, strandSplit.shares, pods, serving, this.conditions.groups(cluster))
    this.load?.split(loop.now, strandSplit.ofAll, pods)
    this.latent?.resplit()
    for (const version of [stable, canary]) {
      course.requests[version]!.note(this.shareOf(version) > 0, loop.now)
      course.pods[version]!.note(this.hasPods(version), loop.now)
    }
    const share = this.shareOf(canary)
    // Shares are sums of fractions: what differs in the last digit is the same.
    if (Math.abs(share - before) < 1e-9) return
    if (this.keptWeight) this.keptWeight.resplit()
    else this.tellWeight(share)
  }

  private tellWeight(share: number): void {
    const { timeline, controller, plan } = this
    if (!timeline) return
    const { rollout } = controller
    const setWeightPercent = weightAskedFor(rollout) + weightOfExperiments(rollout, plan.stacks)
    timeline.add({ what: 'traffic', setWeightPercent, actualWeightPercent: 100 * share })
  }

  /** What all stacks of a version get. */
  private shareOf(version: number): number {
    const { stacks } = this.plan
    const { ofAll: shares } = this.strandSplit
    let share = 0
    for (let stack = 0; stack < stacks.length; stack++) if (stacks[stack]!.version === version) share += shares[stack]!
    return share
  }

  private hasPods(version: number): boolean {
    const { stacks } = this.plan
    for (const set of this.cluster.replicaSets) {
      if (set.pods.length > 0 && stacks[this.stackOf(set)]!.version === version) return true
    }
    return false
  }

  private journal(): Journal {
    const { timeline } = this
    return {
      wrote: (object) => {
        timeline?.wrote(object)
        if (object instanceof Rollout) {
          this.note(object)
          this.people?.look()
        } else if (object instanceof AnalysisRun) this.noteChecks()
      },
      event: timeline && ((on, type, reason, message) => timeline.event(on, type, reason, message)),
    }
  }

  private note(rollout: Rollout): void {
    const { course, flow, loop, plan } = this
    this.strength.sized(rollout, loop.now)
    const { status } = rollout
    const isPromoted = status.stableHash === plan.release.hash
    // The controller takes back at once an abort that comes after the promotion: there is nothing to go back to.
    const isAborted = status.abort === true && !isPromoted
    if (Number.isNaN(course.decidedMs) && (isAborted || isTakenBack(plan, rollout, loop.now))) {
      course.decidedMs = loop.now
    }
    if (Number.isNaN(course.promotedMs) && isPromoted) {
      course.promotedMs = loop.now
      this.anchors.reached('promotion')
    }
    if (isPromoted || !Number.isNaN(course.decidedMs)) flow.cells.luck?.end()
  }

  private noteChecks(): void {
    let failed = 0
    for (const { results } of this.controller.everyRun)
      for (const result of results) if (!result.isDryRun) failed += result.failed + result.error
    if (failed > this.failedChecks) this.course.failedChecksMs.push(this.loop.now)
    this.failedChecks = failed
  }
}
