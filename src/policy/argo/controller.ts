// The Argo Rollouts controller: a queue in front of one Rollout, and the passes that its events cause.
import { highestRevision, type Owner, type ReplicaSet } from '../../world/cluster/objects.js'
import { WorkItem } from '../../world/cluster/work-queue.js'
import { replaceCondition } from '../conditions.js'
import type { Workload } from '../kubernetes/workload.js'
import type { ManifestTemplate } from '../pod-template.js'
import type { View } from '../view.js'
import { AnalysisController } from './analysis-controller.js'
import type { AnalysisRun } from './analysis-run.js'
import { AnalysisRuns } from './analysis-runs.js'
import { Availability } from './availability.js'
import { blueGreenPass } from './blue-green.js'
import { canaryPass, finishCanaryPass } from './canary.js'
import type { Catalogue } from './catalogue.js'
import { ExperimentController } from './experiment-controller.js'
import { Experiments } from './experiments.js'
import { Pass } from './pass.js'
import { condition } from './persist.js'
import { type ReferenceEvent, wakes } from './reference-event.js'
import type { Refusal } from './refusal.js'
import { refuseRollout } from './refuse-rollout.js'
import { releaseServices } from './release-services.js'
import { Rollout } from './rollout.js'
import type { RolloutSpec } from './rollout-spec.js'
import { emptyStatus, type Status } from './status.js'
import { newest, type Version } from './version.js'

export class ArgoRollouts {
  readonly rollout: Rollout
  readonly runs: AnalysisRuns
  readonly experiments: Experiments
  private readonly work: WorkItem
  private readonly owner: Owner
  private isPassing = false
  private refusal: Refusal | undefined
  private wasRefused = false
  private notedGeneration = 0
  readonly availability: Availability

  constructor(
    spec: RolloutSpec,
    catalogue: Catalogue,
    readonly view: View,
    readonly version: Version = newest,
    /** What the Rollout takes its template from. */
    workload?: Workload,
  ) {
    this.rollout = new Rollout(spec, emptyStatus())
    this.owner = { kind: 'Rollout', name: spec.name }
    this.work = new WorkItem(
      view.loop,
      () => {
        this.isPassing = true
        this.pass()
        this.isPassing = false
      },
      view.program,
    )
    this.availability = new Availability(
      view,
      () => this.resume(),
      () => this.work.enqueue(),
    )
    const wake = () => {
      if (this.availability.sees('AnalysisRun')) this.work.enqueue()
    }
    this.runs = new AnalysisRuns(new AnalysisController(view, wake, version.does), catalogue)
    this.experiments = new Experiments(new ExperimentController(view, catalogue, spec.name, wake, version.does))
    if (workload) this.refer(workload)
    view.cluster.listen({
      replicaSetChanged: ({ owner }) => {
        if (owner === this.owner && this.availability.sees('ReplicaSet')) this.work.enqueue()
      },
      // Such a pass finds nothing to do: it counts only where passes are counted, by the events that each one tells, or
      // by the tries of work that fails.
      replicaSetNoticed: ({ owner }) => {
        if (owner === this.owner && (this.work.isFailing || tellsEveryPass(this.rollout.spec))) this.work.enqueue()
      },
      // What the controller writes itself wakes it, too, but such a pass finds nothing to do. That the Ingress which it
      // made was deleted, it notices in the next pass only.
      routeChanged: ({ kind, deleted }) => {
        if (watched.includes(kind) && !this.isPassing && !deleted) this.work.enqueue()
      },
    })
  }

  /** Those of experiments, too. */
  get everyRun(): readonly AnalysisRun[] {
    const { runs, experiments } = this
    if (experiments.all.length === 0) return runs.all
    return [...runs.all, ...experiments.all.flatMap((experiment) => experiment.runs)]
  }

  /** The workload that the Rollout refers to is there, or there again. */
  refer(workload: Workload): void {
    this.rollout.workload = workload
    workload.listen(() => this.workloadChanged(workload))
    this.workloadChanged(workload)
  }

  /**
   * Whoever watches the workload notes its generation in the Rollout, and that is what causes a pass. Its end changes no
   * generation, and so is noticed by the next pass only; one that comes back has the first generation again, and if that
   * is what was noted nobody looks at it (argo-rollouts 1.10.1).
   */
  private workloadChanged(workload: Workload): void {
    const { rollout, view } = this
    if (workload.deleted || workload !== rollout.workload || !this.availability.isRunning) return
    rollout.spec = this.resolved(rollout.spec)
    if (workload.generation === this.notedGeneration) return
    this.notedGeneration = workload.generation
    view.journal.wrote(rollout)
    if (rollout.generation > 0) this.work.enqueue()
  }

  private resolved(spec: RolloutSpec): RolloutSpec {
    const { workload } = this.rollout
    return workload ? { ...spec, template: workload.template } : spec
  }

  /** The object was created, or somebody changed what it asks for. */
  apply(spec: RolloutSpec): void {
    const { rollout, view } = this
    const resolved = this.resolved(spec)
    // Nobody compares what was written before the controller was there with what was before it.
    if (rollout.spec !== spec && this.availability.isRunning) releaseServices(rollout.spec, resolved, view.cluster)
    rollout.spec = resolved
    rollout.generation++
    if (rollout.generation === 1 && this.availability.isRunning) this.found()
    view.journal.wrote(rollout)
    this.work.enqueue()
  }

  /**
   * All that a new program knows is what it finds: pauses go on from their recorded start, measurements that were missed
   * aren't made up for, back-off is forgotten.
   */
  private resume(): void {
    const { rollout, runs, experiments } = this
    if (rollout.generation === 0) return
    this.wasRefused = false
    this.found()
    if (rollout.workload) this.workloadChanged(rollout.workload)
    this.work.enqueue()
    for (const run of runs.all) runs.controller.resume(run)
    for (const experiment of experiments.all) experiments.controller.resume(experiment)
  }

  private found(): void {
    const { name, namespace } = this.rollout.spec
    this.view.journal.event?.(
      `Rollout/${name}`,
      'Normal',
      'RolloutAddedToInformer',
      `Rollout resource added to informer: ${namespace}/${name}`,
    )
  }

  /** What a pass from now on finds around the Rollout, and whether that and the Rollout are as they should be. */
  find(found: { readonly catalogue: Catalogue; readonly refusal: Refusal | undefined }): void {
    this.runs.catalogue = found.catalogue
    this.refusal = found.refusal
  }

  /** Somebody wrote or deleted an object that the Rollout may refer to. */
  referenceChanged(event: ReferenceEvent): void {
    if (wakes(event, this.rollout.spec, this.view.cluster)) this.work.enqueue()
  }

  /** Another template is applied: to the workload that the Rollout refers to, or else to itself. */
  release(template: ManifestTemplate): void {
    const { spec, workload } = this.rollout
    if (workload) workload.setTemplate(template)
    else this.apply({ ...spec, template })
  }

  /** A person or an autoscaler wants another number of replicas. */
  scale(replicas: number): void {
    this.apply({ ...this.rollout.spec, replicas })
  }

  /** Somebody else wrote the object, its status included: a person with the command line tool. */
  edited(): void {
    this.view.journal.wrote(this.rollout)
    this.work.enqueue()
  }

  /** Its ReplicaSets. */
  owned(): readonly ReplicaSet[] {
    const { replicaSets } = this.view.cluster
    const isOwn = ({ owner }: ReplicaSet) => owner === this.owner
    // In most clusters there are no others, and each pass asks.
    return replicaSets.every(isOwn) ? replicaSets : replicaSets.filter(isOwn)
  }

  private readonly wakeAt = (timeMs: number) => this.work.enqueueAt(timeMs)

  private pass(): void {
    const { rollout, view, runs, refusal } = this
    if (!this.availability.canWrite) return this.work.failed()
    if (this.availability.hasWrittenUnseen) return this.work.worked()
    const { does } = this.version
    const { spec } = rollout
    if (refusal) return this.refuse(refusal)
    let owned = this.owned()
    let canary = owned.find(({ template }) => template.key === spec.template.key)
    if (canary) this.syncRevision(canary, owned)
    else {
      canary = this.createReplicaSet(owned)
      if (does.stopAfterCreating) return this.worked(true)
      owned = this.owned()
    }
    const pass = new Pass(rollout, canary, owned, view, runs, this.experiments, does, this.wakeAt)
    const wrote = spec.blueGreen ? blueGreenPass(pass) : canaryPass(pass)
    if (pass.sleepMs > 0) this.work.holdFor(pass.sleepMs, () => this.awake(pass))
    else this.ended(pass, wrote)
  }

  private ended(pass: Pass, wrote: boolean): void {
    if (pass.hasFailed) return this.work.failed()
    this.worked(wrote)
  }

  /**
   * The queue forgets that passes have failed, and the watch tells what this one wrote: which comes first is a race. In
   * the recordings of argo-rollouts 1.10.1 the watch mostly won after an invalid spec (16 of 23 times, the more so the
   * idler the machine), so that the next pass was as late as one that fails; after the error of a router it mostly lost.
   */
  private worked(wrote: boolean): void {
    if (!this.wasRefused) this.work.worked()
    if (wrote) {
      this.availability.hasWrittenUnseen = !this.availability.sees('Rollout')
      this.work.enqueue()
    }
    this.work.worked()
    this.wasRefused = false
  }

  private refuse({ words, retryMs }: Refusal): void {
    const wrote = words !== undefined && refuseRollout(this.rollout, words, this.view)
    this.wasRefused = retryMs === undefined
    if (retryMs === undefined) this.work.failed()
    else {
      this.work.worked()
      this.work.enqueueAt(this.view.loop.now + retryMs)
    }
    if (wrote) this.work.enqueue()
  }

  /** The pass goes on with what it saw before; what somebody else has written meanwhile stays, as it is a patch. */
  private awake(pass: Pass): void {
    const { rollout } = this
    if (!this.availability.canWrite) return this.work.failed()
    const edits = rollout.status !== pass.last ? changesOf(pass.last, rollout.status) : undefined
    pass.wake()
    const wrote = finishCanaryPass(pass)
    if (edits) rollout.status = { ...rollout.status, ...edits }
    this.ended(pass, wrote)
  }

  /** For a template that none has yet. */
  private createReplicaSet(owned: readonly ReplicaSet[]): ReplicaSet {
    const { rollout, view } = this
    const { spec } = rollout
    const revision = highestRevision(owned) + 1
    const made = view.cluster.createReplicaSet(this.owner, spec.template, revision, spec.minReadyMs)
    made.desired = spec.replicas
    this.setRevision(revision)
    view.journal.event?.(
      `Rollout/${spec.name}`,
      'Normal',
      'NewReplicaSetCreated',
      `Created ReplicaSet ${made.name} (revision ${revision})`,
    )
    const { does } = this.version
    const pass = new Pass(rollout, made, this.owned(), view, this.runs, this.experiments, does, () => {})
    const message = pass.words(() => `Created new replica set "${made.name}"`)
    const progressing = condition(pass, 'Progressing', 'True', 'NewReplicaSetCreated', message)
    // Phase and observed generation are left as they were. The whole status is written, and what is false then is left out.
    const { status } = rollout
    rollout.status = {
      ...status,
      abort: status.abort || undefined,
      controllerPause: status.controllerPause || undefined,
      conditions: replaceCondition(status.conditions, progressing),
    }
    view.journal.wrote(rollout)
    return made
  }

  /** An older version that is wanted again gets the next revision, and the Rollout takes it over. */
  private syncRevision(canary: ReplicaSet, owned: readonly ReplicaSet[]): void {
    const { spec } = this.rollout
    const wanted = highestRevision(owned, canary) + 1
    if (canary.minReadyMs !== spec.minReadyMs) this.view.cluster.setMinReady(canary, spec.minReadyMs)
    if (canary.revision < wanted) {
      canary.revision = wanted
      this.view.cluster.annotated(canary)
    }
    this.setRevision(canary.revision)
  }

  private setRevision(revision: number): void {
    const { rollout, view } = this
    if (rollout.revision === revision) return
    rollout.revision = revision
    // The whole object is written with its new revision, and what is false then is left out (argo-rollouts 1.10.1).
    if (rollout.spec.paused === false) {
      rollout.spec = { ...rollout.spec, paused: undefined }
      rollout.generation++
      view.journal.wrote(rollout)
    }
    view.journal.event?.(
      `Rollout/${rollout.spec.name}`,
      'Normal',
      'RolloutUpdated',
      `Rollout updated to revision ${revision}`,
    )
  }
}

/** What becomes of the others the controller sees when it comes to write them. */
const watched: readonly string[] = ['VirtualService', 'DestinationRule', 'Ingress', 'ALB']

function tellsEveryPass({ canary }: RolloutSpec): boolean {
  return canary.routing !== undefined && (canary.routing.ambassador !== undefined || canary.addsRoutes)
}

function changesOf(before: Readonly<Status>, after: Readonly<Status>): Partial<Status> {
  const changed = Object.entries(after).filter(([key, value]) => !Object.is(value, before[key as keyof Status]))
  return Object.fromEntries(changed)
}
