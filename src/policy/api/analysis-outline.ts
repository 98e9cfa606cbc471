// What the API server knows of analyses (argo-rollouts 1.10); the form is told in outline.ts.

export const analysisOutline = `
AnalysisRun
  ObjectMeta metadata
  AnalysisRunSpec spec*
AnalysisRunSpec
  []TemplateArgument args
  []DryRun dryRun
  []MeasurementRetention measurementRetention
  []Metric metrics*
  flag terminate
  TTLStrategy ttlStrategy
TTLStrategy
  int32 secondsAfterCompletion secondsAfterFailure secondsAfterSuccess
AnalysisTemplate
  ObjectMeta metadata
  AnalysisTemplateSpec spec*
AnalysisTemplateSpec
  []TemplateArgument args
  []DryRun dryRun
  []MeasurementRetention measurementRetention
  []Metric metrics
  []AnalysisTemplateRef templates
Metric
  intOrText consecutiveErrorLimit consecutiveSuccessLimit count failureLimit inconclusiveLimit
  text failureCondition initialDelay interval name* successCondition
  MetricProvider provider*
MetricProvider
  CloudWatchMetric cloudWatch
  DatadogMetric datadog
  AddressAndQuery graphite wavefront
  InfluxdbMetric influxdb
  Job job
  KayentaMetric kayenta
  NewRelicMetric newRelic
  any plugin
  PrometheusMetric prometheus
  SkyWalkingMetric skywalking
  WebMetric web
WebMetric
  Authentication authentication
  text body jsonPath method url*
  []WebMetricHeader headers
  flag insecure
  any jsonBody
  int64 timeoutSeconds
SkyWalkingMetric
  text address interval query
PrometheusMetric
  text address query
  Authentication authentication
  []WebMetricHeader headers
  flag insecure
  PrometheusRangeQueryArgs rangeQuery
  int64 timeout
PrometheusRangeQueryArgs
  text end start step
WebMetricHeader
  text key* value*
Authentication
  OAuth2Config oauth2
  Sigv4Config sigv4
Sigv4Config
  text profile region roleArn
OAuth2Config
  text clientId clientSecret tokenUrl
  []text scopes
NewRelicMetric
  text profile query*
  int64 timeout
KayentaMetric
  text address* application* canaryConfigName* configurationAccountName* metricsAccountName* storageAccountName*
  flag lookback
  []KayentaScope scopes*
  KayentaThreshold threshold*
KayentaThreshold
  int64 marginal* pass*
KayentaScope
  ScopeDetail controlScope* experimentScope*
  text name*
ScopeDetail
  text end region* scope* start
  int64 step*
Job
  Metadata metadata
  JobSpec spec*
JobSpec
  int64 activeDeadlineSeconds
  int32 backoffLimit backoffLimitPerIndex completions maxFailedIndexes parallelism ttlSecondsAfterFinished
  text completionMode managedBy podReplacementPolicy
  flag manualSelector suspend
  PodFailurePolicy podFailurePolicy
  LabelSelector selector
  SuccessPolicy successPolicy
  PodTemplateSpec template*
SuccessPolicy
  []SuccessPolicyRule rules*
SuccessPolicyRule
  int32 succeededCount
  text succeededIndexes
PodFailurePolicy
  []PodFailurePolicyRule rules*
PodFailurePolicyRule
  text action*
  PodFailurePolicyOnExitCodesRequirement onExitCodes
  []PodFailurePolicyOnPodConditionsPattern onPodConditions
PodFailurePolicyOnPodConditionsPattern
  text status* type*
PodFailurePolicyOnExitCodesRequirement
  text containerName operator*
  [itself]int32 values*
InfluxdbMetric
  text profile query
AddressAndQuery
  text address query
DatadogMetric
  avg|min|max|sum|last|percentile|mean|l2norm|area aggregator
  v1|v2 apiVersion
  text formula interval query requestTimeout
  {}text queries
  SecretRef secretRef
SecretRef
  text name
  flag namespaced
CloudWatchMetric
  text interval
  []CloudWatchMetricDataQuery metricDataQueries*
CloudWatchMetricDataQuery
  text expression id label
  CloudWatchMetricStat metricStat
  intOrText period
  flag returnData
CloudWatchMetricStat
  CloudWatchMetricStatMetric metric
  intOrText period
  text stat unit
CloudWatchMetricStatMetric
  []Pair dimensions
  text metricName namespace
TemplateArgument
  text name* value
  TemplateArgumentSource valueFrom
TemplateArgumentSource
  FieldRef fieldRef
  SecretKeyRef secretKeyRef
SecretKeyRef
  text key* name*
AnalysisTemplateRef
  flag clusterScope
  text templateName
MeasurementRetention
  int32 limit*
  text metricName*
DryRun
  text metricName*
FieldRef
  text fieldPath*
`
