// The Argo Rollouts controller: a queue in front of one Rollout, and the passes that its events cause.
import type { ReplicaSet } from '../../world/cluster/objects.js'
import { WorkItem } from '../../world/cluster/work-queue.js'
import type { View } from '../view.js'
import { AnalysisController } from './analysis-controller.js'
import { AnalysisRuns } from './analysis-runs.js'
import { blueGreenPass } from './blue-green.js'
import { canaryPass } from './canary.js'
import type { Catalogue } from './catalogue.js'
import { replaceCondition } from './conditions.js'
import { Pass } from './pass.js'
import { condition } from './persist.js'
import { Rollout } from './rollout.js'
import type { RolloutSpec } from './rollout-spec.js'
import { emptyStatus } from './status.js'

export class ArgoRollouts {
  readonly rollout: Rollout
  readonly runs: AnalysisRuns
  private readonly work: WorkItem
  private isPassing = false

  constructor(
    spec: RolloutSpec,
    catalogue: Catalogue,
    readonly view: View,
  ) {
    this.rollout = new Rollout(spec, emptyStatus())
    this.work = new WorkItem(view.loop, () => {
      this.isPassing = true
      this.pass()
      this.isPassing = false
    })
    const controller = new AnalysisController(view, () => this.work.enqueue())
    this.runs = new AnalysisRuns(controller, catalogue)
    view.cluster.listen({
      replicaSetChanged: ({ owner }) => {
        if (owner === spec.name) this.work.enqueue()
      },
      // The controller's own switches of an aborted canary's Service answer each other for as long as the canary has
      // pods (argo-rollouts 1.10.1). The value at the end of a pass is what counts, so they cause no passes here.
      serviceChanged: () => {},
      // What the controller writes itself wakes it, too, but such a pass finds nothing to do. That the Ingress which it
      // made was deleted, it notices in the next pass only.
      routeChanged: ({ deleted }) => {
        if (!this.isPassing && !deleted) this.work.enqueue()
      },
    })
  }

  /** The object was created, or somebody changed what it asks for. */
  apply(spec: RolloutSpec): void {
    const { rollout, view } = this
    rollout.spec = spec
    if (rollout.revision > 0) {
      rollout.generation++
    } else {
      const message = `Rollout resource added to informer: ${spec.namespace}/${spec.name}`
      view.journal.event(`Rollout/${spec.name}`, 'Normal', 'RolloutAddedToInformer', message)
    }
    view.journal.wrote(rollout)
    this.work.enqueue()
  }

  /** Somebody else wrote the object, its status included: a person with the command line tool. */
  edited(): void {
    this.view.journal.wrote(this.rollout)
    this.work.enqueue()
  }

  private pass(): void {
    const { rollout, view } = this
    const { spec } = rollout
    const owned = view.cluster.replicaSets.filter(({ owner }) => owner === spec.name)
    const canary = owned.find(({ template }) => template.key === spec.template.key)
    if (!canary) return this.createReplicaSet(owned)
    this.syncRevision(canary, owned)
    const pass = new Pass(rollout, canary, owned, view, this.runs, (timeMs) => this.work.enqueueAt(timeMs))
    const wrote = spec.blueGreen ? blueGreenPass(pass) : canaryPass(pass)
    if (pass.hasFailed) return this.work.failed()
    this.work.worked()
    if (wrote) this.work.enqueue()
  }

  /** A template that no ReplicaSet has yet: making one is all that the pass does. */
  private createReplicaSet(owned: readonly ReplicaSet[]): void {
    const { rollout, view } = this
    const { spec } = rollout
    const revision = highestRevision(owned) + 1
    const made = view.cluster.createReplicaSet(spec.name, spec.template, revision, spec.minReadyMs)
    made.desired = spec.replicas
    this.setRevision(revision)
    const created = `Created ReplicaSet ${made.name} (revision ${revision})`
    view.journal.event(`Rollout/${spec.name}`, 'Normal', 'NewReplicaSetCreated', created)
    const pass = new Pass(rollout, made, [...owned, made], view, this.runs, () => {})
    const message = `Created new replica set "${made.name}"`
    const progressing = condition(pass, 'Progressing', 'True', 'NewReplicaSetCreated', message)
    // Phase and observed generation are left as they were.
    rollout.status = { ...rollout.status, conditions: replaceCondition(rollout.status.conditions, progressing) }
    view.journal.wrote(rollout)
    this.work.enqueue()
  }

  /** An older version that is wanted again gets the next revision, and the Rollout takes it over. */
  private syncRevision(canary: ReplicaSet, owned: readonly ReplicaSet[]): void {
    const { spec, revision } = this.rollout
    const wanted = highestRevision(owned, canary) + 1
    if (canary.revision < wanted || canary.minReadyMs !== spec.minReadyMs) {
      canary.revision = Math.max(canary.revision, wanted)
      canary.minReadyMs = spec.minReadyMs
      this.view.cluster.annotated(canary)
    }
    if (revision !== canary.revision) this.setRevision(canary.revision)
  }

  private setRevision(revision: number): void {
    const { rollout, view } = this
    rollout.revision = revision
    view.journal.event(
      `Rollout/${rollout.spec.name}`,
      'Normal',
      'RolloutUpdated',
      `Rollout updated to revision ${revision}`,
    )
  }
}

function highestRevision(sets: readonly ReplicaSet[], except?: ReplicaSet): number {
  let highest = 0
  for (const set of sets) if (set !== except && set.revision > highest) highest = set.revision
  return highest
}
