// What the API server knows of a HorizontalPodAutoscaler, autoscaling/v1 and v2 together; the form is told in outline.ts.

export const autoscalerOutline = `
HorizontalPodAutoscaler
  ObjectMeta metadata
  HorizontalPodAutoscalerSpec spec
HorizontalPodAutoscalerSpec
  CrossVersionObjectReference scaleTargetRef*
  int32 minReplicas maxReplicas* targetCPUUtilizationPercentage
  []MetricSpec metrics
  HorizontalPodAutoscalerBehavior behavior
CrossVersionObjectReference
  text apiVersion kind* name*
MetricSpec
  text type*
  ResourceMetricSource resource
  ContainerResourceMetricSource containerResource
  PodsMetricSource pods
  ObjectMetricSource object
  ExternalMetricSource external
ResourceMetricSource
  text name*
  MetricTarget target*
ContainerResourceMetricSource
  text container* name*
  MetricTarget target*
PodsMetricSource
  MetricIdentifier metric*
  MetricTarget target*
ObjectMetricSource
  CrossVersionObjectReference describedObject*
  MetricIdentifier metric*
  MetricTarget target*
ExternalMetricSource
  MetricIdentifier metric*
  MetricTarget target*
MetricIdentifier
  text name*
  LabelSelector selector
MetricTarget
  text type*
  int32 averageUtilization
  quantity averageValue value
HorizontalPodAutoscalerBehavior
  HPAScalingRules scaleUp scaleDown
HPAScalingRules
  []HPAScalingPolicy policies
  text selectPolicy
  int32 stabilizationWindowSeconds
  quantity tolerance
HPAScalingPolicy
  text type*
  int32 periodSeconds* value*
`
