// The versions of Argo Rollouts, and what each does otherwise than the ones before. Code asks for a behaviour by its name
// and never for a number; this table alone knows the numbers.
import { newestController } from '../../scenario/controller.js'

type Minor = '1.9' | '1.10'

/** By behaviour: the first version that has it. All were read in the versions' sources, most were recorded, too. */
const since = {
  /** A canary with more pods than the Rollout asks for is promoted; before it, only one with exactly as many. */
  promoteAboveSize: '1.9',
  /** The message of an abort says which analysis failed; before it, there is the message of the run alone. */
  nameAnalysisInAbort: '1.9',
  /** Under dynamicStableScale an abort goes back weight by weight; before it, as far as stable's pods carry. */
  stepDownDynamicAbort: '1.9',
  /** What stable must carry is counted in parts of maxTrafficWeight; before it, in hundredths whatever that is. */
  carryByMaxWeight: '1.9',
  /**
   * A DestinationRule that waits for pods fails the pass, but for those of a canary that was given up; before it, the rule
   * is left as it is and the pass goes on.
   */
  failWhileSubsetsWait: '1.9',
  /** Events describe steps that set routes; before it, they call them invalid. */
  describeRouteSteps: '1.9',
  /** Messages of InvalidSpec print bounds as they are written; before it, as Go does. */
  printAsJson: '1.9',
  /** `promote --full` ends a pause by hand, too. */
  unpauseOnFullPromotion: '1.9',

  /**
   * Pauses and the abort at the deadline are settled before the conditions tell of them; before it, a pass later, and not
   * at all in one that resizes.
   */
  settlePausesFirst: '1.10',
  /**
   * What skips pauses and analyses is going back to an older version, in time or within the rollback window; before it, any
   * version that still had a deadline for its pods.
   */
  knowFastRollbacks: '1.10',
  /** An update that isn't judged any more shows no runs of a canary, and old runs are deleted then, too. */
  dropRunsOfAborted: '1.10',
  /** A canary that waits for its end follows `replicas`; before it, a change of that stops everything else until then. */
  resizeWaitingCanary: '1.10',
  /** To make a ReplicaSet is all that a pass does; before it, the pass goes on. */
  stopAfterCreating: '1.10',
  /** minPodsPerReplicaSet isn't more than there are replicas. */
  capMinPods: '1.10',
  /** Routes that steps have set are taken away though they aren't there; before it, only those that are. */
  removeRoutesOfSteps: '1.10',
  /** Conditions are read by expr 1.17, and errors name the condition; before it, expr 1.15, and the reason alone. */
  readConditionsAnew: '1.10',
  /** A Job is looked at from time to time and inconclusive when it is ended early; before it, at its end, and successful. */
  doubtEndedJobs: '1.10',
  /** The namespace of a VirtualService is what follows the last dot; before it, what is between the first two. */
  splitNameAtLastDot: '1.10',
  /** TraefikServices are of the group traefik.io; before it, traefik.containo.us. */
  useTraefikIo: '1.10',
  /** Ping-pong and mirror routes work with plugins, and complaints about other routers say so. */
  nameRoutingPlugins: '1.10',
} as const satisfies Record<string, Minor>

/** Fields that the API server knows since; before it, it drops them. */
const fieldsSince: Readonly<Record<string, Minor>> = {
  'spec.strategy.canary.replicaProgressThreshold': '1.9',
  'spec.strategy.canary.steps[].experiment.scaleDownDelaySeconds': '1.9',
  'spec.strategy.canary.trafficRouting.istio.destinationRule.additionalSubsetNames': '1.9',
}

export type Behaviours = { readonly [Name in keyof typeof since]: boolean }

export interface Version {
  readonly minor: string
  readonly does: Behaviours
  /** Paths of a Rollout's fields that it doesn't know. */
  readonly unknownFields: readonly string[]
}

const known = new Map(
  ['1.8', '1.9', '1.10'].map((minor, age, all) => {
    const has = (first: Minor) => all.indexOf(first) <= age
    const does = Object.fromEntries(Object.entries(since).map(([name, first]) => [name, has(first)])) as Behaviours
    const unknownFields = Object.keys(fieldsSince).filter((path) => !has(fieldsSince[path]!))
    return [minor, Object.freeze({ minor, does: Object.freeze(does), unknownFields: Object.freeze(unknownFields) })]
  }),
)

/** Of a full version that is simulated: patches differ in nothing that is. */
export function versionOf(full: string): Version {
  return known.get(full.slice(0, full.lastIndexOf('.')))!
}

export const newest = versionOf(newestController.version)
