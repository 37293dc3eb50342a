/**
 * The fields of Istio's kinds, in short: `(a b:(c) d:[s] e:{s})` is an object with the fields a to e, `[…]` a list,
 * `{…}` a map with any keys, `s` a text, which is left out in objects, `i` a whole number, `u` one that is not negative,
 * `n` a number, `b` a boolean, `'A|B'` one of these texts, `*` anything, `@name` a shape that several kinds share.
 * Source: istio manifests/charts/base/files/crd-all.gen.yaml, and the fields of each `.proto` of istio.io/api.
 */
export const SHARED_SHAPES: Record<string, string> = {
  balancer: `(backendUtilization:(errorUtilizationPenaltyPercent metricNamesForComputingUtilization:[s]
    weightExpirationPeriod weightStabilizationPeriod weightUpdatePeriod)
    consistentHash:(httpCookie:(attributes:[(name value)] name path ttl) httpHeaderName httpQueryParameterName
    maglev:(tableSize:u) minimumRingSize:u ringHash:(minimumRingSize:u) useSourceIp:b)
    localityLbSetting:(distribute:[(from to:{u})] enabled:b failover:[(from to)] failoverPriority:[s])
    simple:'UNSPECIFIED|LEAST_CONN|RANDOM|PASSTHROUGH|ROUND_ROBIN|LEAST_REQUEST' warmup:(aggression:n duration
    minimumPercent:n) warmupDurationSecs zoneAwareLbSetting:(enabled:b failover:[(from to)] failoverPriority:[s]
    minClusterSize:u))`,
  clientTls: `(caCertificates caCrl clientCertificate credentialName insecureSkipVerify:b
    mode:'DISABLE|SIMPLE|MUTUAL|ISTIO_MUTUAL' privateKey sni subjectAltNames:[s])`,
  destination: `(host port:(number:u) subset)`,
  headers: `(request:(add:{s} remove:[s] set:{s}) response:(add:{s} remove:[s] set:{s}))`,
  match: `(exact prefix regex)`,
  outliers: `(baseEjectionTime consecutive5xxErrors:u consecutiveErrors:i consecutiveGatewayErrors:u
    consecutiveLocalOriginFailures:u interval maxEjectionPercent:i minHealthPercent:i
    outlierDetectionHttpErrorCodes:[u] splitExternalLocalOriginErrors:b)`,
  policy: `(connectionPool:@pool loadBalancer:@balancer outlierDetection:@outliers
    portLevelSettings:[(connectionPool:@pool loadBalancer:@balancer outlierDetection:@outliers port:(number:u)
    tls:@clientTls)] proxyProtocol:(version:'V1|V2') retryBudget:(budgetInterval minRetryConcurrency:u
    percent:n) tls:@clientTls tunnel:(protocol targetHost targetPort:u))`,
  pool: `(http:(h2UpgradePolicy:'DEFAULT|DO_NOT_UPGRADE|UPGRADE' http1MaxPendingRequests:i
    http2KeepAlive:(interval timeout) http2MaxRequests:i idleTimeout maxConcurrentStreams:i
    maxRequestsPerConnection:i maxRetries:i useClientProtocol:b) tcp:(connectTimeout idleTimeout
    maxConnectionDuration maxConnections:i tcpKeepalive:(interval probes:u time)))`,
  selector: `(matchLabels:{s})`,
  serverTls: `(caCertCredentialName caCertificates caCrl cipherSuites:[s] credentialName credentialNames:[s]
    ecdhCurves:[s] httpsRedirect:b insecureSkipVerify:b
    maxProtocolVersion:'TLS_AUTO|TLSV1_0|TLSV1_1|TLSV1_2|TLSV1_3'
    minProtocolVersion:'TLS_AUTO|TLSV1_0|TLSV1_1|TLSV1_2|TLSV1_3'
    mode:'PASSTHROUGH|SIMPLE|MUTUAL|AUTO_PASSTHROUGH|ISTIO_MUTUAL|OPTIONAL_MUTUAL' privateKey serverCertificate
    subjectAltNames:[s] tlsCertificates:[(caCertificates privateKey serverCertificate)]
    verifyCertificateHash:[s] verifyCertificateSpki:[s])`,
};

/** The shape of each kind's spec. */
export const SPEC_SHAPES: Record<string, string> = {
  AuthorizationPolicy: `(action:'ALLOW|DENY|AUDIT|CUSTOM' provider:(name) rules:[(from:[(source:(ipBlocks:[s]
    namespaces:[s] notIpBlocks:[s] notNamespaces:[s] notPrincipals:[s] notRemoteIpBlocks:[s]
    notRequestPrincipals:[s] notServiceAccounts:[s] notTrustDomains:[s] principals:[s] remoteIpBlocks:[s]
    requestPrincipals:[s] serviceAccounts:[s] trustDomains:[s]))] to:[(operation:(hosts:[s] methods:[s]
    notHosts:[s] notMethods:[s] notPaths:[s] notPorts:[s] paths:[s] ports:[s]))] when:[(key notValues:[s]
    values:[s])])] selector:@selector targetRef:(group kind name namespace) targetRefs:[(group kind name
    namespace)])`,
  DestinationRule: `(exportTo:[s] host subsets:[(labels:{s} name trafficPolicy:@policy)] trafficPolicy:@policy
    workloadSelector:@selector)`,
  EnvoyFilter: `(configPatches:[(applyTo:'INVALID|LISTENER|FILTER_CHAIN|NETWORK_FILTER|HTTP_FILTER|ROUTE_CONFIGURATION|VIRTUAL_HOST|HTTP_ROUTE|CLUSTER|EXTENSION_CONFIG|BOOTSTRAP|LISTENER_FILTER'
    match:(cluster:(name portNumber:u service subset)
    context:'ANY|SIDECAR_INBOUND|SIDECAR_OUTBOUND|GATEWAY|WAYPOINT' listener:(filterChain:(applicationProtocols
    destinationPort:u filter:(name subFilter:(name)) name sni transportProtocol transportSocket) listenerFilter
    name portName portNumber:u) proxy:(metadata:{s} proxyVersion) routeConfiguration:(gateway name portName
    portNumber:u vhost:(domainName name route:(action:'ANY|ROUTE|REDIRECT|DIRECT_RESPONSE' name)))
    waypoint:(filter:(name subFilter:(name)) portNumber:u route:(name)))
    patch:(filterClass:'UNSPECIFIED|AUTHN|AUTHZ|STATS'
    operation:'INVALID|MERGE|ADD|REMOVE|INSERT_BEFORE|INSERT_AFTER|INSERT_FIRST|REPLACE|MERGE_AND_REPLACE_LIST'
    value:*))] priority:i targetRefs:[(group kind name namespace)] workloadSelector:(labels:{s}))`,
  Gateway: `(selector:{s} servers:[(bind defaultEndpoint hosts:[s] name port:(name number:u protocol
    targetPort:u) tls:@serverTls)])`,
  PeerAuthentication: `(mtls:(mode:'UNSET|DISABLE|PERMISSIVE|STRICT')
    portLevelMtls:{(mode:'UNSET|DISABLE|PERMISSIVE|STRICT')} selector:@selector)`,
  ProxyConfig: `(concurrency:u environmentVariables:{s} image:(imageType) selector:@selector)`,
  RequestAuthentication: `(jwtRules:[(audiences:[s] forwardOriginalToken:b fromCookies:[s] fromHeaders:[(name
    prefix)] fromParams:[s] issuer jwks jwks_uri jwksUri outputClaimToHeaders:[(claim header)]
    outputPayloadToHeader presence spaceDelimitedClaims:[s] timeout)] selector:@selector targetRef:(group kind
    name namespace) targetRefs:[(group kind name namespace)])`,
  ServiceEntry: `(addresses:[s] endpoints:[(address labels:{s} locality network ports:{u} serviceAccount
    weight:u)] exportTo:[s] hosts:[s] location:'MESH_EXTERNAL|MESH_INTERNAL' ports:[(name number:u protocol
    targetPort:u)] resolution:'NONE|STATIC|DNS|DNS_ROUND_ROBIN|DYNAMIC_DNS' subjectAltNames:[s]
    workloadSelector:(labels:{s}))`,
  Sidecar: `(egress:[(bind captureMode:'DEFAULT|IPTABLES|NONE' hosts:[s] port:(name number:u protocol
    targetPort:u))] inboundConnectionPool:@pool ingress:[(bind captureMode:'DEFAULT|IPTABLES|NONE'
    connectionPool:@pool defaultEndpoint port:(name number:u protocol targetPort:u) tls:@serverTls)]
    outboundTrafficPolicy:(egressProxy:@destination mode:'REGISTRY_ONLY|ALLOW_ANY')
    workloadSelector:(labels:{s}))`,
  Telemetry: `(accessLogging:[(disabled:b filter:(expression) match:(mode:'CLIENT_AND_SERVER|CLIENT|SERVER')
    providers:[(name)])] metrics:[(overrides:[(disabled:b match:(customMetric
    metric:'ALL_METRICS|REQUEST_COUNT|REQUEST_DURATION|REQUEST_SIZE|RESPONSE_SIZE|TCP_OPENED_CONNECTIONS|TCP_CLOSED_CONNECTIONS|TCP_SENT_BYTES|TCP_RECEIVED_BYTES|GRPC_REQUEST_MESSAGES|GRPC_RESPONSE_MESSAGES'
    mode:'CLIENT_AND_SERVER|CLIENT|SERVER') tagOverrides:{(operation:'UPSERT|REMOVE' value)})]
    providers:[(name)] reportingInterval)] selector:@selector targetRef:(group kind name namespace)
    targetRefs:[(group kind name namespace)] tracing:[(customTags:{(environment:(defaultValue name)
    formatter:(value) header:(defaultValue name) literal:(value))} disableContextPropagation:b
    disableSpanReporting:b enableIstioTags:b match:(mode:'CLIENT_AND_SERVER|CLIENT|SERVER') providers:[(name)]
    randomSamplingPercentage:n useRequestIdForTraceSampling:b)])`,
  TrafficExtension: `(lua:(inlineCode) match:[(mode:'UNDEFINED|CLIENT|SERVER|CLIENT_AND_SERVER'
    ports:[(number:u)])] phase:'UNSPECIFIED|AUTHN|AUTHZ|STATS' priority:i selector:@selector targetRefs:[(group
    kind name namespace)] wasm:(failStrategy:'FAIL_CLOSE|FAIL_OPEN|FAIL_RELOAD'
    imagePullPolicy:'UNSPECIFIED_POLICY|IfNotPresent|Always' imagePullSecret pluginConfig:* pluginName sha256
    type:'UNSPECIFIED_PLUGIN_TYPE|HTTP|NETWORK' url verificationKey vmConfig:(env:[(name value
    valueFrom:'INLINE|HOST')])))`,
  VirtualService: `(exportTo:[s] gateways:[s] hosts:[s] http:[(corsPolicy:(allowCredentials:b allowHeaders:[s]
    allowMethods:[s] allowOrigin:[s] allowOrigins:[@match] exposeHeaders:[s] maxAge
    unmatchedPreflights:'UNSPECIFIED|FORWARD|IGNORE') delegate:(name namespace) directResponse:(body:(bytes
    string) status:u) fault:(abort:(grpcStatus http2Error httpStatus:i percentage:(value:n))
    delay:(exponentialDelay fixedDelay percent:i percentage:(value:n))) headers:@headers
    match:[(authority:@match gateways:[s] headers:{@match} ignoreUriCase:b method:@match name port:u
    queryParams:{@match} scheme:@match sourceLabels:{s} sourceNamespace statPrefix uri:@match
    withoutHeaders:{@match})] mirror:@destination mirror_percent:u mirrorPercent:u mirrorPercentage:(value:n)
    mirrors:[(destination:@destination percentage:(value:n))] name redirect:(authority
    derivePort:'FROM_PROTOCOL_DEFAULT|FROM_REQUEST_PORT' port:u prefixRewrite redirectCode:u scheme uri)
    retries:(attempts:i backoff perTryTimeout retryIgnorePreviousHosts:b retryOn retryRemoteLocalities:b)
    rewrite:(authority uri uriRegexRewrite:(match rewrite)) route:[(destination:@destination headers:@headers
    weight:i)] timeout)] tcp:[(match:[(destinationSubnets:[s] gateways:[s] port:u sourceLabels:{s}
    sourceNamespace sourceSubnet)] route:[(destination:@destination weight:i)])]
    tls:[(match:[(destinationSubnets:[s] gateways:[s] port:u sniHosts:[s] sourceLabels:{s} sourceNamespace)]
    route:[(destination:@destination weight:i)])])`,
  WasmPlugin: `(failStrategy:'FAIL_CLOSE|FAIL_OPEN|FAIL_RELOAD'
    imagePullPolicy:'UNSPECIFIED_POLICY|IfNotPresent|Always' imagePullSecret
    match:[(mode:'UNDEFINED|CLIENT|SERVER|CLIENT_AND_SERVER' ports:[(number:u)])]
    phase:'UNSPECIFIED_PHASE|AUTHN|AUTHZ|STATS' pluginConfig:* pluginName priority:i selector:@selector sha256
    targetRef:(group kind name namespace) targetRefs:[(group kind name namespace)]
    type:'UNSPECIFIED_PLUGIN_TYPE|HTTP|NETWORK' url verificationKey vmConfig:(env:[(name value
    valueFrom:'INLINE|HOST')]))`,
  WorkloadEntry: `(address labels:{s} locality network ports:{u} serviceAccount weight:u)`,
  WorkloadGroup: `(metadata:(annotations:{s} labels:{s}) probe:(exec:(command:[s]) failureThreshold:u
    grpc:(port:u service) httpGet:(host httpHeaders:[(name value)] path port:u scheme) initialDelaySeconds:u
    periodSeconds:u successThreshold:u tcpSocket:(host port:u) timeoutSeconds:u) template:(address labels:{s}
    locality network ports:{u} serviceAccount weight:u))`,
};
