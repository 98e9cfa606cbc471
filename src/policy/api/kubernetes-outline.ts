// What the API server knows of kinds of its own (Kubernetes 1.36); the form is told in outline.ts.

export const kubernetesOutline = `
WorkloadTemplate
  ObjectMeta metadata
  PodSpec spec
Ingress
  ObjectMeta metadata
  IngressSpec spec
IngressSpec
  IngressBackend defaultBackend
  text ingressClassName
  []IngressRule rules
  []IngressTLS tls
IngressTLS
  []text hosts
  text secretName
IngressRule
  text host
  HTTPIngressRuleValue http
HTTPIngressRuleValue
  []HTTPIngressPath paths*
HTTPIngressPath
  IngressBackend backend*
  text path pathType*
IngressBackend
  TypedLocalObjectReference resource
  IngressServiceBackend service
IngressServiceBackend
  text name*
  ServiceBackendPort port
ServiceBackendPort
  text name
  int32 number
TypedLocalObjectReference
  text apiGroup kind* name*
Service
  ObjectMeta metadata
  ServiceSpec spec
ServiceSpec
  flag allocateLoadBalancerNodePorts publishNotReadyAddresses
  text clusterIP externalName externalTrafficPolicy internalTrafficPolicy ipFamilyPolicy loadBalancerClass
  text loadBalancerIP sessionAffinity trafficDistribution type
  []text clusterIPs externalIPs ipFamilies loadBalancerSourceRanges
  int32 healthCheckNodePort
  []ServicePort ports
  {}text selector
  SessionAffinityConfig sessionAffinityConfig
SessionAffinityConfig
  ClientIPConfig clientIP
ClientIPConfig
  int32 timeoutSeconds
ServicePort
  text appProtocol name protocol
  int32 nodePort port*
  intOrText targetPort
PodTemplate
  ObjectMeta metadata
  WorkloadTemplate template
ReplicaSet
  ObjectMeta metadata
  ReplicaSetSpec spec
ReplicaSetSpec
  int32 minReadySeconds replicas
  LabelSelector selector*
  WorkloadTemplate template
Deployment
  ObjectMeta metadata
  DeploymentSpec spec
DeploymentSpec
  int32 minReadySeconds progressDeadlineSeconds replicas revisionHistoryLimit
  flag paused
  LabelSelector selector*
  DeploymentStrategy strategy
  WorkloadTemplate template*
DeploymentStrategy
  RollingUpdateDeployment rollingUpdate
  text type
RollingUpdateDeployment
  intOrText maxSurge maxUnavailable
ObjectMeta
  {}text annotations labels
  time creationTimestamp deletionTimestamp
  int64 deletionGracePeriodSeconds generation
  []text finalizers
  text generateName name namespace resourceVersion selfLink uid
  []ManagedFieldsEntry managedFields
  []OwnerReference ownerReferences
OwnerReference
  text apiVersion* kind* name* uid*
  flag blockOwnerDeletion controller
ManagedFieldsEntry
  text apiVersion fieldsType manager operation subresource
  any fieldsV1
  time time
`
