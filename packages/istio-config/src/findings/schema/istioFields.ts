/**
 * The fields of Istio's kinds, in short: `(a b:(c) d:[s] e:{s})` is an object with the fields a to e, `[…]` a list,
 * `{…}` a map with any keys, `s` a plain value, `*` anything, `@name` a shape that several kinds share.
 * Source: istio.io/api, the fields of each `.proto`.
 */
export const SHARED_SHAPES: Record<string, string> = {
  balancer: `(backendUtilization:(errorUtilizationPenaltyPercent metricNamesForComputingUtilization:[s]
    weightExpirationPeriod weightStabilizationPeriod weightUpdatePeriod)
    consistentHash:(httpCookie:(attributes:[(name value)] name path ttl) httpHeaderName
    httpQueryParameterName maglev:(tableSize) minimumRingSize ringHash:(minimumRingSize) useSourceIp)
    localityLbSetting:(distribute:[(from to:{s})] enabled failover:[(from to)] failoverPriority:[s])
    simple warmup:(aggression duration minimumPercent) warmupDurationSecs zoneAwareLbSetting:(enabled
    failover:[(from to)] failoverPriority:[s] minClusterSize))`,
  clientTls: `(caCertificates caCrl clientCertificate credentialName insecureSkipVerify mode privateKey sni
    subjectAltNames:[s])`,
  destination: `(host port:(number) subset)`,
  headers: `(request:(add:{s} remove:[s] set:{s}) response:(add:{s} remove:[s] set:{s}))`,
  match: `(exact prefix regex)`,
  outliers: `(baseEjectionTime consecutive5xxErrors consecutiveErrors consecutiveGatewayErrors
    consecutiveLocalOriginFailures interval maxEjectionPercent minHealthPercent
    outlierDetectionHttpErrorCodes:[s] splitExternalLocalOriginErrors)`,
  policy: `(connectionPool:@pool loadBalancer:@balancer outlierDetection:@outliers
    portLevelSettings:[(connectionPool:@pool loadBalancer:@balancer outlierDetection:@outliers
    port:(number) tls:@clientTls)] proxyProtocol:(version) retryBudget:(budgetInterval
    minRetryConcurrency percent) tls:@clientTls tunnel:(protocol targetHost targetPort))`,
  pool: `(http:(h2UpgradePolicy http1MaxPendingRequests http2KeepAlive:(interval timeout) http2MaxRequests
    idleTimeout maxConcurrentStreams maxRequestsPerConnection maxRetries useClientProtocol)
    tcp:(connectTimeout idleTimeout maxConnectionDuration maxConnections tcpKeepalive:(interval probes
    time)))`,
  selector: `(matchLabels:{s})`,
  serverTls: `(caCertCredentialName caCertificates caCrl cipherSuites:[s] credentialName credentialNames:[s]
    ecdhCurves:[s] httpsRedirect insecureSkipVerify maxProtocolVersion minProtocolVersion mode
    privateKey serverCertificate subjectAltNames:[s] tlsCertificates:[(caCertificates privateKey
    serverCertificate)] verifyCertificateHash:[s] verifyCertificateSpki:[s])`,
};

/** The shape of each kind's spec. */
export const SPEC_SHAPES: Record<string, string> = {
  AuthorizationPolicy: `(action provider:(name) rules:[(from:[(source:(ipBlocks:[s] namespaces:[s] notIpBlocks:[s]
    notNamespaces:[s] notPrincipals:[s] notRemoteIpBlocks:[s] notRequestPrincipals:[s]
    notServiceAccounts:[s] notTrustDomains:[s] principals:[s] remoteIpBlocks:[s] requestPrincipals:[s]
    serviceAccounts:[s] trustDomains:[s]))] to:[(operation:(hosts:[s] methods:[s] notHosts:[s]
    notMethods:[s] notPaths:[s] notPorts:[s] paths:[s] ports:[s]))] when:[(key notValues:[s]
    values:[s])])] selector:@selector targetRef:(group kind name namespace) targetRefs:[(group kind name
    namespace)])`,
  DestinationRule: `(exportTo:[s] host subsets:[(labels:{s} name trafficPolicy:@policy)] trafficPolicy:@policy
    workloadSelector:@selector)`,
  EnvoyFilter: `(configPatches:[(applyTo match:(cluster:(name portNumber service subset) context
    listener:(filterChain:(applicationProtocols destinationPort filter:(name subFilter:(name)) name sni
    transportProtocol transportSocket) listenerFilter name portName portNumber) proxy:(metadata:{s}
    proxyVersion) routeConfiguration:(gateway name portName portNumber vhost:(domainName name
    route:(action name))) waypoint:(filter:(name subFilter:(name)) portNumber route:(name)))
    patch:(filterClass operation value:*))] priority targetRefs:[(group kind name namespace)]
    workloadSelector:(labels:{s}))`,
  Gateway: `(selector:{s} servers:[(bind defaultEndpoint hosts:[s] name port:(name number protocol targetPort)
    tls:@serverTls)])`,
  PeerAuthentication: `(mtls:(mode) portLevelMtls:{(mode)} selector:@selector)`,
  ProxyConfig: `(concurrency environmentVariables:{s} image:(imageType) selector:@selector)`,
  RequestAuthentication: `(jwtRules:[(audiences:[s] forwardOriginalToken fromCookies:[s] fromHeaders:[(name prefix)]
    fromParams:[s] issuer jwks jwks_uri jwksUri outputClaimToHeaders:[(claim header)]
    outputPayloadToHeader presence spaceDelimitedClaims:[s] timeout)] selector:@selector
    targetRef:(group kind name namespace) targetRefs:[(group kind name namespace)])`,
  ServiceEntry: `(addresses:[s] endpoints:[(address labels:{s} locality network ports:{s} serviceAccount weight)]
    exportTo:[s] hosts:[s] location ports:[(name number protocol targetPort)] resolution
    subjectAltNames:[s] workloadSelector:(labels:{s}))`,
  Sidecar: `(egress:[(bind captureMode hosts:[s] port:(name number protocol targetPort))]
    inboundConnectionPool:@pool ingress:[(bind captureMode connectionPool:@pool defaultEndpoint
    port:(name number protocol targetPort) tls:@serverTls)]
    outboundTrafficPolicy:(egressProxy:@destination mode) workloadSelector:(labels:{s}))`,
  Telemetry: `(accessLogging:[(disabled filter:(expression) match:(mode) providers:[(name)])]
    metrics:[(overrides:[(disabled match:(customMetric metric mode) tagOverrides:{(operation value)})]
    providers:[(name)] reportingInterval)] selector:@selector targetRef:(group kind name namespace)
    targetRefs:[(group kind name namespace)] tracing:[(customTags:{(environment:(defaultValue name)
    formatter:(value) header:(defaultValue name) literal:(value))} disableContextPropagation
    disableSpanReporting enableIstioTags match:(mode) providers:[(name)] randomSamplingPercentage
    useRequestIdForTraceSampling)])`,
  TrafficExtension: `(lua:(inlineCode) match:[(mode ports:[(number)])] phase priority selector:@selector
    targetRefs:[(group kind name namespace)] wasm:(failStrategy imagePullPolicy imagePullSecret
    pluginConfig:* pluginName sha256 type url verificationKey vmConfig:(env:[(name value valueFrom)])))`,
  VirtualService: `(exportTo:[s] gateways:[s] hosts:[s] http:[(corsPolicy:(allowCredentials allowHeaders:[s]
    allowMethods:[s] allowOrigin:[s] allowOrigins:[@match] exposeHeaders:[s] maxAge unmatchedPreflights)
    delegate:(name namespace) directResponse:(body:(bytes string) status) fault:(abort:(grpcStatus
    http2Error httpStatus percentage:(value)) delay:(exponentialDelay fixedDelay percent
    percentage:(value))) headers:@headers match:[(authority:@match gateways:[s] headers:{@match}
    ignoreUriCase method:@match name port queryParams:{@match} scheme:@match sourceLabels:{s}
    sourceNamespace statPrefix uri:@match withoutHeaders:{@match})] mirror:@destination mirror_percent
    mirrorPercent mirrorPercentage:(value) mirrors:[(destination:@destination percentage:(value))] name
    redirect:(authority derivePort port prefixRewrite redirectCode scheme uri) retries:(attempts backoff
    perTryTimeout retryIgnorePreviousHosts retryOn retryRemoteLocalities) rewrite:(authority uri
    uriRegexRewrite:(match rewrite)) route:[(destination:@destination headers:@headers weight)]
    timeout)] tcp:[(match:[(destinationSubnets:[s] gateways:[s] port sourceLabels:{s} sourceNamespace
    sourceSubnet)] route:[(destination:@destination weight)])] tls:[(match:[(destinationSubnets:[s]
    gateways:[s] port sniHosts:[s] sourceLabels:{s} sourceNamespace)] route:[(destination:@destination
    weight)])])`,
  WasmPlugin: `(failStrategy imagePullPolicy imagePullSecret match:[(mode ports:[(number)])] phase pluginConfig:*
    pluginName priority selector:@selector sha256 targetRef:(group kind name namespace)
    targetRefs:[(group kind name namespace)] type url verificationKey vmConfig:(env:[(name value
    valueFrom)]))`,
  WorkloadEntry: `(address labels:{s} locality network ports:{s} serviceAccount weight)`,
  WorkloadGroup: `(metadata:(annotations:{s} labels:{s}) probe:(exec:(command:[s]) failureThreshold grpc:(port
    service) httpGet:(host httpHeaders:[(name value)] path port scheme) initialDelaySeconds
    periodSeconds successThreshold tcpSocket:(host port) timeoutSeconds) template:(address labels:{s}
    locality network ports:{s} serviceAccount weight))`,
};
