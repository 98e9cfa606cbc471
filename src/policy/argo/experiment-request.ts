// What an experiment step asks for: stacks of pods beside the canary's, for a while or until they have been judged.
import type { Labels } from '../../world/cluster/objects.js'
import { type ManifestTemplate, withMetadata } from '../pod-template.js'
import type { AnalysisRequest } from './analysis-template.js'

export interface ExperimentRequest {
  readonly templates: readonly TemplateRequest[]
  /** Undefined for one without end: none is written, or what is written is no duration (upstream checks it nowhere). */
  readonly durationMs: number | undefined
  readonly analyses: readonly ExperimentAnalysis[]
  /** How long the pods stay after the end. */
  readonly scaleDownDelayMs: number
  /**
   * Its step never ends: the controller can't make such an experiment, or makes one that it doesn't look at again
   * (argo-rollouts 1.10.1, observed). Such a one has no templates here.
   */
  readonly flaw: 'never made' | 'never looked at' | undefined
}

export interface TemplateRequest {
  readonly name: string
  /** Which of the two versions its pods run. */
  readonly version: 'canary' | 'stable'
  readonly replicas: number
  /** Its part of the requests; it gets none by itself if undefined. */
  readonly weight: number | undefined
  /** Whether it gets a Service, and what that is called if not as its ReplicaSet. */
  readonly service: { readonly name: string | undefined } | undefined
  readonly labels: Labels
  readonly annotations: Labels
  /** A selector that is written out; the Rollout's, with the labels above, if undefined. */
  readonly matchLabels: Labels | undefined
}

export interface ExperimentAnalysis {
  readonly name: string
  readonly request: AnalysisRequest
  /** Whether the experiment waits for it. */
  readonly isRequired: boolean
}

/** The pods of a template that run one of the versions. */
export function templateOf({ labels, annotations }: TemplateRequest, version: ManifestTemplate): ManifestTemplate {
  return withMetadata(version, labels, annotations)
}
