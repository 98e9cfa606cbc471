// What the API server knows of Rollouts and Experiments (argo-rollouts 1.10); the form is told in outline.ts.

export const rolloutOutline = `
Experiment
  ObjectMeta metadata
  ExperimentSpec spec*
ExperimentSpec
  []ExperimentAnalysis analyses
  Metadata analysisRunMetadata
  []DryRun dryRun
  text duration
  []MeasurementRetention measurementRetention
  int32 progressDeadlineSeconds scaleDownDelaySeconds
  []TemplateSpec templates*
  flag terminate
TemplateSpec
  int32 minReadySeconds replicas
  text name*
  LabelSelector selector*
  LocalName service
  PodTemplateSpec template*
ExperimentAnalysis
  []TemplateArgument args
  flag clusterScope requiredForCompletion
  text name* templateName*
Rollout
  ObjectMeta metadata
  RolloutSpec spec*
RolloutSpec
  AnalysisRunStrategy analysis
  int32 minReadySeconds progressDeadlineSeconds replicas revisionHistoryLimit
  flag paused progressDeadlineAbort
  time restartAt
  RollbackWindowSpec rollbackWindow
  LabelSelector selector
  RolloutStrategy strategy
  PodTemplateSpec template
  ObjectRef workloadRef
ObjectRef
  text apiVersion kind name scaleDown
RolloutStrategy
  BlueGreenStrategy blueGreen
  CanaryStrategy canary
CanaryStrategy
  int32 abortScaleDownDelaySeconds minPodsPerReplicaSet scaleDownDelayRevisionLimit scaleDownDelaySeconds
  BackgroundAnalysis analysis
  AntiAffinity antiAffinity
  Metadata canaryMetadata stableMetadata
  text canaryService stableService
  flag dynamicStableScale
  intOrText maxSurge maxUnavailable
  PingPongSpec pingPong
  ReplicaProgressThreshold replicaProgressThreshold
  []CanaryStep steps
  RolloutTrafficRouting trafficRouting
RolloutTrafficRouting
  ALBTrafficRouting alb
  AmbassadorTrafficRouting ambassador
  ApisixTrafficRouting apisix
  AppMeshTrafficRouting appMesh
  IstioTrafficRouting istio
  []Named managedRoutes
  int32 maxTrafficWeight
  NginxTrafficRouting nginx
  any plugins
  SMITrafficRouting smi
  TraefikTrafficRouting traefik
TraefikTrafficRouting
  text weightedTraefikServiceName*
SMITrafficRouting
  text rootService trafficSplitName
NginxTrafficRouting
  {}text additionalIngressAnnotations canaryIngressAnnotations
  text annotationPrefix stableIngress
  []text stableIngresses
IstioTrafficRouting
  IstioDestinationRule destinationRule
  IstioVirtualService virtualService
  []IstioVirtualService virtualServices
IstioVirtualService
  text name*
  []text routes
  []TCPRoute tcpRoutes
  []TLSRoute tlsRoutes
TLSRoute
  int64 port
  []text sniHosts
TCPRoute
  int64 port
IstioDestinationRule
  []text additionalSubsetNames
  text canarySubsetName* name* stableSubsetName*
AppMeshTrafficRouting
  AppMeshVirtualNodeGroup virtualNodeGroup
  AppMeshVirtualService virtualService
AppMeshVirtualService
  text name*
  []text routes
AppMeshVirtualNodeGroup
  Named canaryVirtualNodeRef* stableVirtualNodeRef*
ApisixTrafficRouting
  ApisixRoute route
ApisixRoute
  text name*
  []text rules
AmbassadorTrafficRouting
  []text mappings*
ALBTrafficRouting
  text annotationPrefix ingress rootService
  []text ingresses
  int32 servicePort*
  StickinessConfig stickinessConfig
StickinessConfig
  int64 durationSeconds*
  flag enabled*
CanaryStep
  RolloutAnalysis analysis
  RolloutExperimentStep experiment
  RolloutPause pause
  PluginStep plugin
  SetCanaryScale setCanaryScale
  SetHeaderRoute setHeaderRoute
  SetMirrorRoute setMirrorRoute
  int32 setWeight
SetMirrorRoute
  []RouteMatch match
  text name*
  int32 percentage
RouteMatch
  {}StringMatch headers
  StringMatch method path
SetHeaderRoute
  []HeaderRoutingMatch match
  text name
HeaderRoutingMatch
  text headerName*
  StringMatch headerValue*
StringMatch
  text exact prefix regex
SetCanaryScale
  flag matchTrafficWeight
  int32 replicas weight
PluginStep
  any config
  text name*
RolloutPause
  intOrText duration
RolloutExperimentStep
  []RolloutExperimentAnalysis analyses
  Metadata analysisRunMetadata
  []DryRun dryRun
  text duration
  int32 scaleDownDelaySeconds
  []RolloutExperimentTemplate templates*
RolloutExperimentTemplate
  Metadata metadata
  text name* specRef*
  int32 replicas weight
  LabelSelector selector
  LocalName service
RolloutExperimentAnalysis
  []Argument args
  flag clusterScope requiredForCompletion
  text name* templateName*
ReplicaProgressThreshold
  text type*
  int32 value*
PingPongSpec
  text pingService* pongService*
BackgroundAnalysis
  Metadata analysisRunMetadata
  []Argument args
  []DryRun dryRun
  []MeasurementRetention measurementRetention
  int32 startingStep
  []AnalysisTemplateRef templates
BlueGreenStrategy
  int32 abortScaleDownDelaySeconds autoPromotionSeconds previewReplicaCount scaleDownDelayRevisionLimit
  int32 scaleDownDelaySeconds
  Metadata activeMetadata previewMetadata
  text activeService* previewService
  AntiAffinity antiAffinity
  flag autoPromotionEnabled
  intOrText maxUnavailable
  RolloutAnalysis postPromotionAnalysis prePromotionAnalysis
RolloutAnalysis
  Metadata analysisRunMetadata
  []Argument args
  []DryRun dryRun
  []MeasurementRetention measurementRetention
  []AnalysisTemplateRef templates
Argument
  text name* value
  ArgumentSource valueFrom
ArgumentSource
  FieldRef fieldRef
  text podTemplateHashValue
AntiAffinity
  AffinityWeight preferredDuringSchedulingIgnoredDuringExecution
  empty requiredDuringSchedulingIgnoredDuringExecution
AffinityWeight
  int32 weight*
RollbackWindowSpec
  int32 revisions
AnalysisRunStrategy
  int32 successfulRunHistoryLimit unsuccessfulRunHistoryLimit
`
