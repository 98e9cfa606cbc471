// The Deployment controller: a queue in front of one Deployment, and the syncs that its events cause.
import { highestRevision, type Owner, type ReplicaSet } from '../../world/cluster/objects.js'
import { WorkItem } from '../../world/cluster/work-queue.js'
import { findCondition, withCondition } from '../conditions.js'
import { hashedFor, type ManifestTemplate } from '../pod-template.js'
import type { View } from '../view.js'
import { Deployment, type DeploymentSpec, type DeploymentStatus, isComplete } from './deployment.js'
import { condition, isSameDeploymentStatus, looksAgainAtMs, statusNow, withProgress } from './progress.js'
import { isResize, resize } from './resize.js'
import { sizeOfNew, stepRollingUpdate } from './rolling-update.js'
import { Sync } from './sync.js'
import type { Workload } from './workload.js'

/**
 * From a change that it watches to the sync, on an idle machine (observed 4 to 10 ms): sooner than a ReplicaSet that was
 * just made has counted its first pods.
 */
const watchMs = 5

export class DeploymentController implements Workload {
  readonly kind = 'Deployment'
  readonly deployment: Deployment
  private readonly owner: Owner
  private readonly work: WorkItem
  private readonly listeners: (() => void)[] = []
  /** A second write of the status in one sync is refused: the controller's own copy is out of date by then. */
  private hasWritten = false

  constructor(
    spec: DeploymentSpec,
    private readonly view: View,
  ) {
    this.deployment = new Deployment(spec)
    this.owner = { kind: 'Deployment', name: spec.name }
    this.work = new WorkItem(view.loop, () => this.sync())
    view.cluster.listen({
      replicaSetChanged: ({ owner }) => {
        if (owner === this.owner) this.wake()
      },
    })
    view.journal.wrote(this.deployment)
    this.wake()
  }

  get name(): string {
    return this.owner.name
  }

  get generation(): number {
    return this.deployment.generation
  }

  get template(): ManifestTemplate {
    return this.deployment.spec.template
  }

  get replicas(): number {
    return this.deployment.spec.replicas
  }

  get deleted(): boolean {
    return this.deployment.deleted
  }

  listen(changed: () => void): void {
    this.listeners.push(changed)
  }

  /** Somebody changed what the object asks for. */
  apply(spec: DeploymentSpec): void {
    this.deployment.spec = spec
    this.deployment.generation++
    this.changed()
    this.wake()
  }

  setTemplate(template: ManifestTemplate): void {
    if (template.key !== this.template.key) this.apply({ ...this.deployment.spec, template })
  }

  scale(replicas: number): void {
    if (replicas !== this.deployment.spec.replicas) this.apply({ ...this.deployment.spec, replicas })
  }

  /** Its ReplicaSets go with it, and their pods with them. */
  delete(): void {
    this.deployment.deleted = true
    this.work.forget()
    for (const set of this.owned()) this.view.cluster.deleteReplicaSet(set)
    this.changed()
  }

  private changed(): void {
    this.view.journal.wrote(this.deployment)
    for (const listener of this.listeners) listener()
  }

  /** In the order of creation. */
  private owned(): ReplicaSet[] {
    return this.view.cluster.replicaSets.filter(({ owner }) => owner === this.owner)
  }

  private wake(): void {
    this.work.enqueueAt(this.view.loop.now + watchMs)
  }

  private sync(): void {
    const { deployment } = this
    if (deployment.deleted) return
    this.hasWritten = false
    this.syncPausedCondition()
    const sync = this.look()
    this.syncFoundCondition(sync)
    if (deployment.spec.paused || isResize(sync)) {
      this.syncRevision(sync)
      resize(sync)
      if (deployment.spec.paused) this.dropOldRevisions(sync)
      this.write(statusNow(sync))
    } else if (this.syncRevision(sync)) {
      // What was seen isn't true any more: the next sync goes on.
      this.wake()
    } else if (deployment.spec.rolling) {
      this.roll(sync)
    } else {
      this.recreate(sync)
    }
  }

  private look(): Sync {
    return new Sync(this.deployment, this.view, this.owned())
  }

  private roll(sync: Sync): void {
    const { current } = sync
    if (!current) {
      if (!this.create(sync)) return
      return this.roll(this.look())
    }
    if (!stepRollingUpdate(sync, current)) this.dropOldRevisionsOnceComplete(sync)
    this.writeProgress(sync)
  }

  /** First all old pods go, then the new ones come. */
  private recreate(sync: Sync): void {
    const { current, old, spec } = sync
    const active = old.filter((set) => set.spec > 0)
    for (const set of active) sync.scale(set, 0)
    const isAnyLeft = old.some(({ replicas, pods, terminating }) => replicas > 0 || pods.length > 0 || terminating > 0)
    if (active.length > 0 || isAnyLeft) return this.writeProgress(sync)
    if (!current) {
      if (!this.create(sync)) return
      return this.recreate(this.look())
    }
    sync.scale(current, spec.replicas)
    this.dropOldRevisionsOnceComplete(sync)
    this.writeProgress(sync)
  }

  /** Makes the ReplicaSet of the wanted template with its first size; whether the sync may go on. */
  private create(sync: Sync): boolean {
    const { spec, view } = sync
    const template = hashedFor('Deployment', spec.template)
    const made = view.cluster.createReplicaSet(this.owner, template, highestRevision(sync.old) + 1, spec.minReadyMs)
    const size = spec.rolling ? sizeOfNew(spec, [...sync.all, made], 0) : spec.replicas
    sync.scale(made, size, true)
    if (spec.progressDeadlineMs === Number.POSITIVE_INFINITY) return true
    return this.writeCondition('True', 'NewReplicaSetCreated', `Created new replica set "${made.name}"`)
  }

  /** An older version that is wanted again gets the next revision. Whether anything was written. */
  private syncRevision({ current, old, spec, view }: Sync): boolean {
    if (!current) return false
    const revision = Math.max(current.revision, highestRevision(old) + 1)
    if (revision === current.revision && current.minReadyMs === spec.minReadyMs) return false
    current.revision = revision
    current.minReadyMs = spec.minReadyMs
    view.cluster.annotated(current)
    return true
  }

  /** A pause stops the clock of the deadline, and its end starts it anew; unless the deadline has passed already. */
  private syncPausedCondition(): void {
    const { spec, status } = this.deployment
    const progressing = findCondition(status.conditions, 'Progressing')
    if (spec.progressDeadlineMs === Number.POSITIVE_INFINITY || progressing?.reason === 'ProgressDeadlineExceeded') {
      return
    }
    const saysPaused = progressing?.reason === 'DeploymentPaused'
    if (spec.paused && !saysPaused) this.writeCondition('Unknown', 'DeploymentPaused', 'Deployment is paused')
    if (!spec.paused && saysPaused) this.writeCondition('Unknown', 'DeploymentResumed', 'Deployment is resumed')
  }

  /** Somebody began to care for progress when the rollout was under way. */
  private syncFoundCondition({ current, spec, deployment }: Sync): void {
    if (!current || spec.progressDeadlineMs === Number.POSITIVE_INFINITY) return
    if (findCondition(deployment.status.conditions, 'Progressing')) return
    this.writeCondition('True', 'FoundNewReplicaSet', `Found new replica set "${current.name}"`)
  }

  private writeCondition(status: 'True' | 'Unknown', reason: string, message: string): boolean {
    const last = this.deployment.status
    const progressing = condition(this.view.loop.now, 'Progressing', status, reason, message)
    return this.write({ ...last, conditions: withCondition(last.conditions, progressing) })
  }

  private writeProgress(sync: Sync): void {
    const next = withProgress(sync, statusNow(sync))
    if (!isSameDeploymentStatus(this.deployment.status, next)) return void this.write(next)
    const againAtMs = looksAgainAtMs(sync, next)
    if (againAtMs !== undefined) this.work.enqueueAt(againAtMs)
  }

  /** False when the write was refused: another sync tries again. What is written wakes the controller, too. */
  private write(next: DeploymentStatus): boolean {
    const { deployment } = this
    if (isSameDeploymentStatus(deployment.status, next)) return true
    this.wake()
    if (this.hasWritten) return false
    this.hasWritten = true
    deployment.status = next
    this.view.journal.wrote(deployment)
    return true
  }

  private dropOldRevisionsOnceComplete(sync: Sync): void {
    const { status, spec, generation } = this.deployment
    if (isComplete(spec, status) && status.observedGeneration >= generation) this.dropOldRevisions(sync)
  }

  /** The lowest revisions go first, unless they have pods. */
  private dropOldRevisions({ old, spec, view }: Sync): void {
    const surplus = old.length - spec.revisionHistoryLimit
    if (surplus <= 0) return
    const lowestFirst = old.toSorted((a, b) => a.revision - b.revision)
    for (const set of lowestFirst.slice(0, surplus)) {
      if (set.spec === 0 && set.replicas === 0) view.cluster.deleteReplicaSet(set)
    }
  }
}
