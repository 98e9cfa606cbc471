// What the API server knows of routes of a mesh (Istio 1.27, Traefik 3); the form is told in outline.ts.

export const meshOutline = `
VirtualService
  ObjectMeta metadata
  VirtualServiceSpec spec
DestinationRule
  ObjectMeta metadata
  DestinationRuleSpec spec
TraefikService
  ObjectMeta metadata
  TraefikSpec spec*
TraefikSpec
  any failover highestRandomWeight mirroring
  TraefikWeights weighted
TraefikWeights
  []TraefikWeighted services
  any sticky
TraefikWeighted
  any healthCheck middlewares passiveHealthCheck responseForwarding sticky
  text kind name* namespace scheme serversTransport strategy
  flag nativeLB nodePortLB passHostHeader
  intOrText port
  integer weight
DestinationRuleSpec
  []text exportTo
  text host*
  []Subset subsets
  TrafficPolicy trafficPolicy
  WorkloadSelector workloadSelector
WorkloadSelector
  {}text matchLabels
Subset
  {}text labels
  text name*
  TrafficPolicy trafficPolicy
TrafficPolicy
  ConnectionPool connectionPool
  LoadBalancer loadBalancer
  OutlierDetection outlierDetection
  []PortLevelSetting portLevelSettings
  ProxyProtocol proxyProtocol
  RetryBudget retryBudget
  ClientTls tls
  Tunnel tunnel
Tunnel
  text protocol targetHost*
  integer targetPort*
RetryBudget
  integer minRetryConcurrency
  number percent
ProxyProtocol
  V1|V2 version
PortLevelSetting
  ConnectionPool connectionPool
  LoadBalancer loadBalancer
  OutlierDetection outlierDetection
  PortSelector port
  ClientTls tls
ClientTls
  text caCertificates caCrl clientCertificate credentialName privateKey sni
  flag insecureSkipVerify
  DISABLE|SIMPLE|MUTUAL|ISTIO_MUTUAL mode
  []text subjectAltNames
OutlierDetection
  text baseEjectionTime interval
  integer consecutive5xxErrors consecutiveGatewayErrors consecutiveLocalOriginFailures
  int32 consecutiveErrors maxEjectionPercent minHealthPercent
  flag splitExternalLocalOriginErrors
LoadBalancer
  ConsistentHash consistentHash
  LocalityLbSetting localityLbSetting
  UNSPECIFIED|LEAST_CONN|RANDOM|PASSTHROUGH|ROUND_ROBIN|LEAST_REQUEST simple
  Warmup warmup
  text warmupDurationSecs
Warmup
  number aggression minimumPercent
  text duration*
LocalityLbSetting
  []Distribute distribute
  flag enabled
  []Failover failover
  []text failoverPriority
Failover
  text from to
Distribute
  text from
  {}integer to
ConsistentHash
  HttpCookie httpCookie
  text httpHeaderName httpQueryParameterName
  Maglev maglev
  integer minimumRingSize
  RingHash ringHash
  flag useSourceIp
RingHash
  integer minimumRingSize
Maglev
  integer tableSize
HttpCookie
  text name* path ttl
ConnectionPool
  HttpPool http
  TcpPool tcp
TcpPool
  text connectTimeout idleTimeout maxConnectionDuration
  int32 maxConnections
  TcpKeepalive tcpKeepalive
TcpKeepalive
  text interval time
  integer probes
HttpPool
  DEFAULT|DO_NOT_UPGRADE|UPGRADE h2UpgradePolicy
  int32 http1MaxPendingRequests http2MaxRequests maxConcurrentStreams maxRequestsPerConnection maxRetries
  text idleTimeout
  flag useClientProtocol
VirtualServiceSpec
  []text exportTo gateways hosts
  []HttpRoute http
  []TcpRoute tcp
  []TlsRoute tls
TlsRoute
  []TlsMatch match*
  []RouteDestination route
TlsMatch
  []text destinationSubnets gateways sniHosts*
  integer port
  {}text sourceLabels
  text sourceNamespace
TcpRoute
  []TcpMatch match
  []RouteDestination route
RouteDestination
  Destination destination*
  int32 weight
TcpMatch
  []text destinationSubnets gateways
  integer port
  {}text sourceLabels
  text sourceNamespace sourceSubnet
HttpRoute
  CorsPolicy corsPolicy
  Delegate delegate
  DirectResponse directResponse
  HttpFault fault
  HeaderChanges headers
  []HttpMatch match
  Destination mirror
  integer mirror_percent mirrorPercent
  Percent mirrorPercentage
  []MirrorDestination mirrors
  text name timeout
  HttpRedirect redirect
  HttpRetries retries
  HttpRewrite rewrite
  []HttpRouteDestination route
HttpRouteDestination
  Destination destination*
  HeaderChanges headers
  int32 weight
HttpRewrite
  text authority uri
  UriRegexRewrite uriRegexRewrite
UriRegexRewrite
  text match rewrite
HttpRetries
  int32 attempts
  text backoff perTryTimeout retryOn
  flag retryIgnorePreviousHosts retryRemoteLocalities
HttpRedirect
  text authority scheme uri
  FROM_PROTOCOL_DEFAULT|FROM_REQUEST_PORT derivePort
  integer port redirectCode
MirrorDestination
  Destination destination*
  Percent percentage
Destination
  text host* subset
  PortSelector port
PortSelector
  integer number
HttpMatch
  StringMatch authority method scheme uri
  []text gateways
  {}StringMatch headers queryParams withoutHeaders
  flag ignoreUriCase
  text name sourceNamespace statPrefix
  integer port
  {}text sourceLabels
HeaderChanges
  HeaderChange request response
HeaderChange
  {}text add set
  []text remove
HttpFault
  FaultAbort abort
  FaultDelay delay
FaultDelay
  text exponentialDelay fixedDelay
  int32 percent
  Percent percentage
FaultAbort
  text grpcStatus http2Error
  int32 httpStatus
  Percent percentage
Percent
  number value
DirectResponse
  DirectBody body
  integer status*
DirectBody
  text bytes string
Delegate
  text name namespace
CorsPolicy
  flag allowCredentials
  []text allowHeaders allowMethods allowOrigin exposeHeaders
  []StringMatch allowOrigins
  text maxAge
  UNSPECIFIED|FORWARD|IGNORE unmatchedPreflights
`
