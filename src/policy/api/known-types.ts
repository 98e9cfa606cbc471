// Every type that the API server has fields of, by name, and which of them are kinds of objects.
import { analysisOutline } from './analysis-outline.js'
import { autoscalerOutline } from './autoscaler-outline.js'
import { kubernetesOutline } from './kubernetes-outline.js'
import { meshOutline } from './mesh-outline.js'
import { readOutline, type Type } from './outline.js'
import { podOutline } from './pod-outline.js'
import { prometheusRuleOutline } from './prometheus-rule-outline.js'
import { rolloutOutline } from './rollout-outline.js'

const types = new Map([
  ...readOutline(rolloutOutline),
  ...readOutline(analysisOutline),
  ...readOutline(podOutline),
  ...readOutline(kubernetesOutline),
  ...readOutline(autoscalerOutline),
  ...readOutline(meshOutline),
  ...readOutline(prometheusRuleOutline),
])

export function typeNamed(name: string): Type {
  return types.get(name)!
}

/** The kinds whose fields are known here, and the types of their names. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['ClusterAnalysisTemplate', 'AnalysisTemplate'],
  ...[
    'Rollout',
    'AnalysisTemplate',
    'AnalysisRun',
    'Experiment',
    'Deployment',
    'ReplicaSet',
    'PodTemplate',
    'HorizontalPodAutoscaler',
    'Service',
    'Ingress',
    'VirtualService',
    'DestinationRule',
    'TraefikService',
    'PrometheusRule',
  ].map((kind) => [kind, kind] as const),
])

export function typeOfKind(kind: string): Type | undefined {
  const name = kinds.get(kind)
  return name === undefined ? undefined : typeNamed(name)
}
