// What the API server knows of pods, as argo-rollouts 1.10 has them; the form is told in outline.ts.

export const podOutline = `
PodTemplateSpec
  Metadata metadata
  PodSpec spec
PodSpec
  int64 activeDeadlineSeconds terminationGracePeriodSeconds
  Affinity affinity
  flag automountServiceAccountToken enableServiceLinks hostIPC hostNetwork hostPID hostUsers setHostnameAsFQDN
  flag shareProcessNamespace
  [name]Container containers* initContainers
  PodDNSConfig dnsConfig
  text dnsPolicy hostname hostnameOverride nodeName preemptionPolicy priorityClassName restartPolicy runtimeClassName
  text schedulerName serviceAccount serviceAccountName subdomain
  [name]EphemeralContainer ephemeralContainers
  [ip]HostAlias hostAliases
  [name=]LocalName imagePullSecrets
  {}text nodeSelector
  Named os
  {}quantity overhead
  int32 priority
  []PodReadinessGate readinessGates
  [name]PodResourceClaim resourceClaims
  PodResources resources
  [name]Named schedulingGates
  PodSecurityContext securityContext
  []Toleration tolerations
  [topologyKey+whenUnsatisfiable]TopologySpreadConstraint topologySpreadConstraints
  any volumes
TopologySpreadConstraint
  LabelSelector labelSelector
  []text matchLabelKeys
  int32 maxSkew* minDomains
  text nodeAffinityPolicy nodeTaintsPolicy topologyKey* whenUnsatisfiable*
Toleration
  text effect key operator value
  int64 tolerationSeconds
PodSecurityContext
  AppArmorProfile appArmorProfile seccompProfile
  int64 fsGroup runAsGroup runAsUser
  text fsGroupChangePolicy seLinuxChangePolicy supplementalGroupsPolicy
  flag runAsNonRoot
  SELinuxOptions seLinuxOptions
  []int64 supplementalGroups
  []NameAndValue sysctls
  WindowsSecurityContextOptions windowsOptions
PodResources
  [name]ResourceClaim claims
  {}quantity limits requests
PodResourceClaim
  text name* resourceClaimName resourceClaimTemplateName
PodReadinessGate
  text conditionType*
HostAlias
  []text hostnames
  text ip*
EphemeralContainer
  []text args command
  [name]EnvVar env
  []EnvFromSource envFrom
  text image imagePullPolicy name* restartPolicy targetContainerName terminationMessagePath terminationMessagePolicy
  text workingDir
  Lifecycle lifecycle
  Probe livenessProbe readinessProbe startupProbe
  [containerPort+protocol=TCP]ContainerPort ports
  []ContainerResizePolicy resizePolicy
  ResourceRequirements resources
  []ContainerRestartRule restartPolicyRules
  SecurityContext securityContext
  flag stdin stdinOnce tty
  [devicePath]VolumeDevice volumeDevices
  [mountPath]VolumeMount volumeMounts
PodDNSConfig
  []text nameservers searches
  []Pair options
Pair
  text name value
Container
  []text args command
  [name]EnvVar env
  []EnvFromSource envFrom
  text image imagePullPolicy name* restartPolicy terminationMessagePath terminationMessagePolicy workingDir
  Lifecycle lifecycle
  Probe livenessProbe readinessProbe startupProbe
  [containerPort+protocol=TCP]ContainerPort ports
  []ContainerResizePolicy resizePolicy
  ResourceRequirements resources
  []ContainerRestartRule restartPolicyRules
  SecurityContext securityContext
  flag stdin stdinOnce tty
  [devicePath]VolumeDevice volumeDevices
  [mountPath]VolumeMount volumeMounts
VolumeMount
  text mountPath* mountPropagation name* recursiveReadOnly subPath subPathExpr
  flag readOnly
VolumeDevice
  text devicePath* name*
SecurityContext
  flag allowPrivilegeEscalation privileged readOnlyRootFilesystem runAsNonRoot
  AppArmorProfile appArmorProfile seccompProfile
  Capabilities capabilities
  text procMount
  int64 runAsGroup runAsUser
  SELinuxOptions seLinuxOptions
  WindowsSecurityContextOptions windowsOptions
WindowsSecurityContextOptions
  text gmsaCredentialSpec gmsaCredentialSpecName runAsUserName
  flag hostProcess
SELinuxOptions
  text level role type user
Capabilities
  []text add drop
AppArmorProfile
  text localhostProfile type*
ContainerRestartRule
  text action*
  ContainerRestartRuleOnExitCodes exitCodes
ContainerRestartRuleOnExitCodes
  text operator*
  [itself]int32 values
ResourceRequirements
  [name]ResourceClaim claims
  any limits requests
ResourceClaim
  text name* request
ContainerResizePolicy
  text resourceName* restartPolicy*
ContainerPort
  int32 containerPort* hostPort
  text hostIP name protocol
Probe
  ExecAction exec
  int32 failureThreshold initialDelaySeconds periodSeconds successThreshold timeoutSeconds
  GRPCAction grpc
  HTTPGetAction httpGet
  TCPSocketAction tcpSocket
  int64 terminationGracePeriodSeconds
GRPCAction
  int32 port*
  text service
Lifecycle
  LifecycleHandler postStart preStop
  text stopSignal
LifecycleHandler
  ExecAction exec
  HTTPGetAction httpGet
  SleepAction sleep
  TCPSocketAction tcpSocket
TCPSocketAction
  text host
  intOrText port*
SleepAction
  int64 seconds*
HTTPGetAction
  text host path scheme
  []NameAndValue httpHeaders
  intOrText port*
NameAndValue
  text name* value*
ExecAction
  []text command
EnvFromSource
  EnvSource configMapRef secretRef
  text prefix
EnvSource
  text name
  flag optional
EnvVar
  text name* value
  EnvVarSource valueFrom
EnvVarSource
  KeySelector configMapKeyRef secretKeyRef
  ObjectFieldSelector fieldRef
  FileKeySelector fileKeyRef
  ResourceFieldSelector resourceFieldRef
ResourceFieldSelector
  text containerName resource*
  quantity divisor
FileKeySelector
  text key* path* volumeName*
  flag optional
ObjectFieldSelector
  text apiVersion fieldPath*
KeySelector
  text key* name
  flag optional
Affinity
  NodeAffinity nodeAffinity
  PodAffinity podAffinity podAntiAffinity
PodAffinity
  []WeightedPodAffinityTerm preferredDuringSchedulingIgnoredDuringExecution
  []PodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution
WeightedPodAffinityTerm
  PodAffinityTerm podAffinityTerm*
  int32 weight*
PodAffinityTerm
  LabelSelector labelSelector namespaceSelector
  []text matchLabelKeys mismatchLabelKeys namespaces
  text topologyKey*
NodeAffinity
  []PreferredSchedulingTerm preferredDuringSchedulingIgnoredDuringExecution
  NodeSelector requiredDuringSchedulingIgnoredDuringExecution
NodeSelector
  []NodeSelectorTerm nodeSelectorTerms*
PreferredSchedulingTerm
  NodeSelectorTerm preference*
  int32 weight*
NodeSelectorTerm
  []Requirement matchExpressions matchFields
Named
  text name*
LocalName
  text name
Metadata
  {}text annotations labels
LabelSelector
  []Requirement matchExpressions
  {}text matchLabels
Requirement
  text key* operator*
  []text values
`
