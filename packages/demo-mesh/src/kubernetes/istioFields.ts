/**
 * The fields of the specs of Istio's kinds, as its definitions list them (1.29): what an API server keeps. Each name is
 * followed by its own fields in parentheses, or by `*` where anything may follow.
 */
const connectionPool = `(http(h2UpgradePolicy http1MaxPendingRequests http2KeepAlive(interval timeout)
  http2MaxRequests idleTimeout maxConcurrentStreams maxRequestsPerConnection maxRetries
  useClientProtocol) tcp(connectTimeout idleTimeout maxConnectionDuration maxConnections
  tcpKeepalive(interval probes time)))`;

const loadBalancer = `(backendUtilization(errorUtilizationPenaltyPercent metricNamesForComputingUtilization
  weightExpirationPeriod weightStabilizationPeriod weightUpdatePeriod)
  consistentHash(httpCookie(attributes(name value) name path ttl) httpHeaderName
  httpQueryParameterName maglev(tableSize) minimumRingSize ringHash(minimumRingSize)
  useSourceIp) localityLbSetting(distribute(from to*) enabled failover(from to)
  failoverPriority) simple warmup(aggression duration minimumPercent) warmupDurationSecs
  zoneAwareLbSetting(enabled failover(from to) failoverPriority minClusterSize))`;

const outlierDetection = `(baseEjectionTime consecutive5xxErrors consecutiveErrors consecutiveGatewayErrors
  consecutiveLocalOriginFailures interval maxEjectionPercent minHealthPercent
  outlierDetectionHttpErrorCodes splitExternalLocalOriginErrors)`;

const clientTls = `(caCertificates caCrl clientCertificate credentialName insecureSkipVerify mode privateKey
  sni subjectAltNames)`;

const portPolicies = `(connectionPool${connectionPool} loadBalancer${loadBalancer}
  outlierDetection${outlierDetection} port(number) tls${clientTls})`;

const trafficPolicy = `(connectionPool${connectionPool} loadBalancer${loadBalancer}
  outlierDetection${outlierDetection} portLevelSettings${portPolicies}
  proxyProtocol(version) retryBudget(budgetInterval minRetryConcurrency percent)
  tls${clientTls} tunnel(protocol targetHost targetPort))`;

const serverTls = `(caCertCredentialName caCertificates caCrl cipherSuites credentialName credentialNames
  ecdhCurves httpsRedirect insecureSkipVerify maxProtocolVersion minProtocolVersion mode
  privateKey serverCertificate subjectAltNames tlsCertificates(caCertificates privateKey
  serverCertificate) verifyCertificateHash verifyCertificateSpki)`;

const specs: Record<string, string> = {
  WasmPlugin: `(failStrategy imagePullPolicy imagePullSecret match(mode ports(number)) phase
    pluginConfig* pluginName priority selector(matchLabels*) sha256 targetRef(group kind name
    namespace) targetRefs(group kind name namespace) type url verificationKey
    vmConfig(env(name value valueFrom)))`,
  DestinationRule: `(exportTo host subsets(labels* name trafficPolicy${trafficPolicy})
    trafficPolicy${trafficPolicy} workloadSelector(matchLabels*))`,
  EnvoyFilter: `(configPatches(applyTo match(cluster(name portNumber service subset) context
    listener(filterChain(applicationProtocols destinationPort filter(name subFilter(name))
    name sni transportProtocol transportSocket) listenerFilter name portName portNumber)
    proxy(metadata* proxyVersion) routeConfiguration(gateway name portName portNumber
    vhost(domainName name route(action name))) waypoint(filter(name subFilter(name))
    portNumber route(name))) patch(filterClass operation value*)) priority targetRefs(group
    kind name namespace) workloadSelector(labels*))`,
  Gateway: `(selector* servers(bind defaultEndpoint hosts name port(name number protocol targetPort)
    tls${serverTls}))`,
  ProxyConfig: `(concurrency environmentVariables* image(imageType) selector(matchLabels*))`,
  ServiceEntry: `(addresses endpoints(address labels* locality network ports* serviceAccount weight)
    exportTo hosts location ports(name number protocol targetPort) resolution subjectAltNames
    workloadSelector(labels*))`,
  Sidecar: `(egress(bind captureMode hosts port(name number protocol targetPort))
    inboundConnectionPool${connectionPool} ingress(bind captureMode
    connectionPool${connectionPool} defaultEndpoint port(name number protocol targetPort)
    tls${serverTls}) outboundTrafficPolicy(egressProxy(host port(number) subset) mode)
    workloadSelector(labels*))`,
  VirtualService: `(exportTo gateways hosts http(corsPolicy(allowCredentials allowHeaders allowMethods
    allowOrigin allowOrigins(exact prefix regex) exposeHeaders maxAge unmatchedPreflights)
    delegate(name namespace) directResponse(body(bytes string) status) fault(abort(grpcStatus
    http2Error httpStatus percentage(value)) delay(exponentialDelay fixedDelay percent
    percentage(value))) headers(request(add* remove set*) response(add* remove set*))
    match(authority(exact prefix regex) gateways headers* ignoreUriCase method(exact prefix
    regex) name port queryParams* scheme(exact prefix regex) sourceLabels* sourceNamespace
    statPrefix uri(exact prefix regex) withoutHeaders*) mirror(host port(number) subset)
    mirror_percent mirrorPercent mirrorPercentage(value) mirrors(destination(host port(number)
    subset) percentage(value)) name redirect(authority derivePort port prefixRewrite
    redirectCode scheme uri) retries(attempts backoff perTryTimeout retryIgnorePreviousHosts
    retryOn retryRemoteLocalities) rewrite(authority uri uriRegexRewrite(match rewrite))
    route(destination(host port(number) subset) headers(request(add* remove set*)
    response(add* remove set*)) weight) timeout) tcp(match(destinationSubnets gateways port
    sourceLabels* sourceNamespace sourceSubnet) route(destination(host port(number) subset)
    weight)) tls(match(destinationSubnets gateways port sniHosts sourceLabels*
    sourceNamespace) route(destination(host port(number) subset) weight)))`,
  WorkloadEntry: `(address labels* locality network ports* serviceAccount weight)`,
  WorkloadGroup: `(metadata(annotations* labels*) probe(exec(command) failureThreshold grpc(port service)
    httpGet(host httpHeaders(name value) path port scheme) initialDelaySeconds periodSeconds
    successThreshold tcpSocket(host port) timeoutSeconds) template(address labels* locality
    network ports* serviceAccount weight))`,
  AuthorizationPolicy: `(action provider(name) rules(from(source(ipBlocks namespaces notIpBlocks notNamespaces
    notPrincipals notRemoteIpBlocks notRequestPrincipals notServiceAccounts notTrustDomains
    principals remoteIpBlocks requestPrincipals serviceAccounts trustDomains))
    to(operation(hosts methods notHosts notMethods notPaths notPorts paths ports)) when(key
    notValues values)) selector(matchLabels*) targetRef(group kind name namespace)
    targetRefs(group kind name namespace))`,
  PeerAuthentication: `(mtls(mode) portLevelMtls* selector(matchLabels*))`,
  RequestAuthentication: `(jwtRules(audiences forwardOriginalToken fromCookies fromHeaders(name prefix) fromParams
    issuer jwks jwks_uri jwksUri outputClaimToHeaders(claim header) outputPayloadToHeader
    presence spaceDelimitedClaims timeout) selector(matchLabels*) targetRef(group kind name
    namespace) targetRefs(group kind name namespace))`,
  Telemetry: `(accessLogging(disabled filter(expression) match(mode) providers(name))
    metrics(overrides(disabled match(customMetric metric mode) tagOverrides*) providers(name)
    reportingInterval) selector(matchLabels*) targetRef(group kind name namespace)
    targetRefs(group kind name namespace) tracing(customTags* disableContextPropagation
    disableSpanReporting enableIstioTags match(mode) providers(name) randomSamplingPercentage
    useRequestIdForTraceSampling))`,
};

/** Fields by name; `undefined` lets anything follow. */
export type KnownFields = ReadonlyMap<string, KnownFields | undefined>;

const nothing: KnownFields = new Map();

function parse(text: string): KnownFields {
  const tokens = text.match(/[\w]+|[()*]/g) ?? [];
  let at = 0;
  const fields = (): KnownFields => {
    const known = new Map<string, KnownFields | undefined>();
    at++;
    while (tokens[at] !== ')') {
      const name = tokens[at++];
      if (tokens[at] === '(') {
        known.set(name, fields());
      } else if (tokens[at] === '*') {
        known.set(name, undefined);
        at++;
      } else {
        known.set(name, nothing);
      }
    }
    at++;
    return known;
  };
  return fields();
}

const parsed = new Map(
  Object.entries(specs).map(([kind, text]) => [kind, parse(text)]),
);

/** What the spec of an Istio kind may contain, where that is known. */
export function specFields(kind: string): KnownFields | undefined {
  return parsed.get(kind);
}
