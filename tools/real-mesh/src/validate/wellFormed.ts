import { parseAllDocuments } from 'yaml';
import type { AnyObject } from '../KubeApi';

const NETWORKING = 'networking.istio.io/v1';
/** Where they lie. */
export const NAMESPACE = 'validation';
const SECURITY = 'security.istio.io/v1';

/** What Istio takes, with most of the fields that its validation looks at: one or more of each kind. */
const TEXT = `
{apiVersion: ${NETWORKING}, kind: VirtualService, spec: {
  hosts: [orders.shop.svc.cluster.local, "*.orders.example.com"], exportTo: [".", other],
  http: [
    {name: first, match: [{name: one, uri: {prefix: /api}, scheme: {exact: https}, method: {regex: "GET|POST"},
        authority: {prefix: orders}, headers: {x-user: {exact: anna}, x-any: {}}, withoutHeaders: {x-beta: {regex: "*"}},
        queryParams: {page: {regex: "[0-9]+"}}, port: 8080, sourceLabels: {app: web}, sourceNamespace: shop, gateways: [mesh]},
        {uri: {exact: /health}, ignoreUriCase: true}],
      route: [{destination: {host: orders, subset: v1, port: {number: 8080}}, weight: 90, headers: {request: {set: {x-way: "%HOSTNAME%"}, remove: [x-old]}}},
        {destination: {host: orders, subset: v2}, weight: 10, headers: {response: {add: {x-version: two}}}}],
      rewrite: {uri: /v2, authority: orders.internal}, timeout: 5s,
      retries: {attempts: 3, perTryTimeout: 1s, retryOn: "5xx,reset,503", retryRemoteLocalities: true, backoff: 25ms},
      fault: {delay: {percentage: {value: 5}, fixedDelay: 1s}, abort: {percentage: {value: 0.1}, httpStatus: 503}},
      mirror: {host: copy, port: {number: 80}}, mirrorPercentage: {value: 10},
      headers: {request: {add: {x-one: "1"}, remove: [x-two]}, response: {set: {x-three: "100%%"}, remove: [server]}},
      corsPolicy: {allowOrigins: [{exact: "https://example.com"}, {regex: "https://.*"}], allowMethods: [GET, POST],
        allowHeaders: [x-user, "*"], exposeHeaders: [x-trace], maxAge: 24h, allowCredentials: true}},
    {match: [{uri: {prefix: /old}}], redirect: {prefixRewrite: /new, authority: example.com, redirectCode: 308, scheme: https, port: 8443}},
    {match: [{uri: {prefix: /gone}}], directResponse: {status: 410, body: {string: gone}}},
    {route: [{destination: {host: orders}}], mirrors: [{destination: {host: copy}, percentage: {value: 50}}],
      rewrite: {uriRegexRewrite: {match: "/a/(.*)", rewrite: "/b/\\\\1"}}, fault: {abort: {grpcStatus: UNAVAILABLE}}}]}}
---
{apiVersion: ${NETWORKING}, kind: VirtualService, spec: {
  hosts: [secure.example.com, tcp.example.com, 10.1.2.3], gateways: [shop/public, mesh],
  tls: [{match: [{sniHosts: [secure.example.com], port: 443, destinationSubnets: [10.0.0.0/8], sourceLabels: {app: web}, gateways: [shop/public]}],
      route: [{destination: {host: secure.example.com, port: {number: 443}}, weight: 50}, {destination: {host: other.example.com}, weight: 50}]}],
  tcp: [{match: [{port: 9000, destinationSubnets: [10.2.0.1], sourceLabels: {app: web}, sourceNamespace: shop, gateways: [mesh]}],
      route: [{destination: {host: tcp.example.com, port: {number: 9000}}}]}]}}
---
{apiVersion: ${NETWORKING}, kind: VirtualService, spec: {
  hosts: ["*"], gateways: [shop/public, own],
  http: [{match: [{headers: {"@request.auth.claims.role": {exact: admin}, ":method": {exact: GET}}}], delegate: {name: admin, namespace: shop}},
    {match: [{uri: {regex: "/x/.*"}}], redirect: {uri: /y, derivePort: FROM_PROTOCOL_DEFAULT}},
    {route: [{destination: {host: orders}}]}]}}
---
{apiVersion: ${NETWORKING}, kind: VirtualService, spec: {http: [{match: [{uri: {prefix: /part}}], route: [{destination: {host: part}}]}]}}
---
{apiVersion: ${NETWORKING}, kind: DestinationRule, spec: {
  host: orders.shop.svc.cluster.local, exportTo: ["*"],
  trafficPolicy: {
    connectionPool: {tcp: {maxConnections: 100, connectTimeout: 1s, maxConnectionDuration: 1h, idleTimeout: 0s, tcpKeepalive: {probes: 3, time: 60s, interval: 10s}},
      http: {http1MaxPendingRequests: 10, http2MaxRequests: 100, maxRequestsPerConnection: 5, maxRetries: 2, idleTimeout: 30s,
        h2UpgradePolicy: UPGRADE, maxConcurrentStreams: 50, http2KeepAlive: {interval: 10s, timeout: 5s}}},
    outlierDetection: {consecutive5xxErrors: 5, consecutiveGatewayErrors: 3, interval: 10s, baseEjectionTime: 30s, maxEjectionPercent: 50,
      minHealthPercent: 30, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 4},
    loadBalancer: {localityLbSetting: {distribute: [{from: "eu/a/*", to: {"eu/a/*": 80, "eu/b/*": 20}}, {from: "us/*", to: {"us/*": 100}}]},
      simple: LEAST_REQUEST, warmup: {duration: 60s, minimumPercent: 10, aggression: 1}},
    tls: {mode: MUTUAL, clientCertificate: /c.pem, privateKey: /k.pem, caCertificates: /ca.pem, sni: orders.example.com, subjectAltNames: [orders]},
    portLevelSettings: [{port: {number: 8080}, tls: {mode: SIMPLE, credentialName: orders-cert}, connectionPool: {http: {maxRetries: 1}}},
      {port: {number: 9090}, outlierDetection: {interval: 5s}}]},
  subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: user, ttl: 0s, attributes: [{name: SameSite, value: Lax}]}, maglev: {tableSize: 65537}}}}},
    {name: v2, labels: {version: v2, "example.com/tier": gold}, trafficPolicy: {tunnel: {protocol: CONNECT, targetHost: proxy.example.com, targetPort: 3128}}}]}}
---
{apiVersion: ${NETWORKING}, kind: DestinationRule, spec: {
  host: "*.example.com", exportTo: ["."], workloadSelector: {matchLabels: {app: web}},
  trafficPolicy: {proxyProtocol: {version: V2}, tls: {mode: SIMPLE, insecureSkipVerify: false, caCertificates: /ca.pem},
    loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}], failoverPriority: [app], enabled: true}}, outlierDetection: {interval: 1s}}}}
---
{apiVersion: ${NETWORKING}, kind: Gateway, spec: {
  selector: {app: gateway},
  servers: [
    {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com", shop/orders.example.net, "./own.example.net"], tls: {httpsRedirect: true}},
    {port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: cert, minProtocolVersion: TLSV1_2, cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384]}},
    {port: {number: 8443, name: mutual, protocol: HTTPS}, hosts: [m.example.com], tls: {mode: MUTUAL, serverCertificate: /c.pem, privateKey: /k.pem, caCertificates: /ca.pem, caCrl: /crl.pem}},
    {port: {number: 9443, name: pass, protocol: TLS}, hosts: [p.example.com], tls: {mode: PASSTHROUGH}},
    {port: {number: 15443, name: both, protocol: TLS}, bind: 10.0.0.1, hosts: ["*.local"], tls: {mode: ISTIO_MUTUAL}},
    {port: {number: 9000, name: tcp, protocol: TCP}, hosts: [10.9.8.7]}]}}
---
{apiVersion: ${NETWORKING}, kind: ServiceEntry, spec: {
  hosts: [api.example.com], addresses: [240.0.0.1], exportTo: [".", other], location: MESH_EXTERNAL, resolution: DNS,
  ports: [{number: 443, name: tls, protocol: TLS, targetPort: 8443}, {number: 80, name: http, protocol: HTTP}],
  endpoints: [{address: one.example.com, ports: {tls: 8443}, labels: {zone: a}, weight: 2, locality: eu/a}, {address: 10.0.0.5, network: n}], subjectAltNames: [api.example.com]}}
---
{apiVersion: ${NETWORKING}, kind: ServiceEntry, spec: {
  hosts: [db.example.com], addresses: [10.20.0.0/16], resolution: STATIC, location: MESH_INTERNAL,
  ports: [{number: 5432, name: tcp, protocol: TCP}], endpoints: [{address: 10.20.0.1, ports: {tcp: 5432}}, {address: "2001:db8::1"}]}}
---
{apiVersion: ${NETWORKING}, kind: ServiceEntry, spec: {
  hosts: ["*.example.org", x.example.net], resolution: NONE, ports: [{number: 443, name: https, protocol: HTTPS}], exportTo: ["*"]}}
---
{apiVersion: ${NETWORKING}, kind: ServiceEntry, spec: {
  hosts: [vm.example.com], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], workloadSelector: {labels: {app: vm}}}}
---
{apiVersion: ${NETWORKING}, kind: ServiceEntry, spec: {hosts: ["*.dyn.example.com"], resolution: DYNAMIC_DNS, location: MESH_EXTERNAL, ports: [{number: 443, name: tls, protocol: TLS}]}}
---
{apiVersion: ${NETWORKING}, kind: ServiceEntry, spec: {hosts: [rr.example.com], resolution: DNS_ROUND_ROBIN, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: rr.example.com}]}}
---
{apiVersion: ${NETWORKING}, kind: WorkloadEntry, spec: {address: 10.0.0.9, ports: {http: 8080}, labels: {app: vm}, serviceAccount: vm, network: n, locality: eu/a, weight: 1}}
---
{apiVersion: ${NETWORKING}, kind: WorkloadGroup, spec: {metadata: {labels: {app: vm}, annotations: {a: b}}, template: {serviceAccount: vm, ports: {http: 8080}},
  probe: {periodSeconds: 5, initialDelaySeconds: 1, timeoutSeconds: 2, successThreshold: 1, failureThreshold: 3, httpGet: {path: /ready, port: 8080, scheme: HTTP, httpHeaders: [{name: x-probe, value: "1"}]}}}}
---
{apiVersion: ${NETWORKING}, kind: WorkloadGroup, spec: {template: {}, probe: {exec: {command: ["true"]}}}}
---
{apiVersion: ${NETWORKING}, kind: Sidecar, spec: {
  workloadSelector: {labels: {app: web}},
  ingress: [{port: {number: 9080, protocol: HTTP, name: http}, defaultEndpoint: "127.0.0.1:8080", bind: 10.0.0.1, captureMode: IPTABLES, connectionPool: {http: {maxRetries: 2}}},
    {port: {number: 9443, protocol: HTTPS, name: https}, defaultEndpoint: "unix:///var/run/x.sock", tls: {mode: SIMPLE, serverCertificate: /c.pem, privateKey: /k.pem}}],
  egress: [{port: {number: 3306, protocol: MYSQL, name: db}, bind: 127.0.0.1, captureMode: NONE, hosts: ["*/db.example.com"]},
    {port: {number: 0, protocol: HTTP, name: sock}, bind: "unix:///var/run/y.sock", hosts: ["./*"]},
    {hosts: ["./*", "istio-system/*", "other/api.example.com"]}],
  inboundConnectionPool: {tcp: {maxConnections: 10}},
  outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: egress.shop.svc.cluster.local, port: {number: 80}}}}}
---
{apiVersion: ${SECURITY}, kind: PeerAuthentication, spec: {selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: DISABLE}}}}
---
{apiVersion: ${SECURITY}, kind: AuthorizationPolicy, spec: {
  selector: {matchLabels: {app: web}}, action: DENY,
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web], requestPrincipals: ["*"], namespaces: [shop], ipBlocks: [10.0.0.1], remoteIpBlocks: [203.0.113.0/24]}},
        {source: {notPrincipals: ["*/sa/x"], notRequestPrincipals: ["iss/*"], notNamespaces: [other], notIpBlocks: [10.0.0.0/8], notRemoteIpBlocks: ["::1"], trustDomains: ["*.local"], notTrustDomains: [td]}},
        {source: {serviceAccounts: [web, shop/api], notServiceAccounts: [other/x]}}],
      to: [{operation: {hosts: ["*.example.com"], methods: [GET], paths: ["/api/*", "/x/{*}/y/{**}"], ports: ["8080"]}},
        {operation: {notHosts: [a], notMethods: [PUT], notPaths: [/admin], notPorts: ["9090"]}}],
      when: [{key: "request.headers[x-user]", values: [anna]}, {key: source.ip, notValues: [10.0.0.0/8]}, {key: destination.port, values: ["80"]},
        {key: "request.auth.claims[iss]", values: ["*"]}, {key: connection.sni, values: [a.example.com]}, {key: source.serviceAccount, values: [shop/web]}]}]}}
---
{apiVersion: ${SECURITY}, kind: AuthorizationPolicy, spec: {action: CUSTOM, provider: {name: ext}, rules: [{to: [{operation: {paths: [/admin]}}], when: [{key: "request.headers[x]", values: [y]}], from: [{source: {ipBlocks: [10.0.0.1]}}]}]}}
---
{apiVersion: ${SECURITY}, kind: AuthorizationPolicy, spec: {targetRefs: [{kind: Service, group: "", name: orders}, {kind: Gateway, group: gateway.networking.k8s.io, name: way}], rules: [{}]}}
---
{apiVersion: ${SECURITY}, kind: RequestAuthentication, spec: {
  selector: {matchLabels: {app: web}},
  jwtRules: [{issuer: "https://issuer.example.com", audiences: [web], jwksUri: "https://issuer.example.com/keys", fromHeaders: [{name: x-token, prefix: "Bearer "}], fromParams: [token],
      fromCookies: [session], outputPayloadToHeader: x-payload, forwardOriginalToken: true, outputClaimToHeaders: [{header: x-sub, claim: sub}], timeout: 5s},
    {issuer: other, jwks: '{"keys":[{"kty":"RSA","e":"AQAB","n":"xAE7eB6qugXyCAG3yhh7pkDkT65pHymX-P7KfIupjf59vsdo91bSP9C8H07pSAGQO1MV_xFj9VswgsCg4R6otmg5PV2He95lZdHtOcU5DXIg_pbhLdKXbi66GlVeK6ABZOUW3WYtnNHD-91gVuoeJT_DwtGGcp4ignkgXfkiEm4sw-4sfb4qdt5oLbyVpmW6x9cfa7vs2WTfURiCrBoUqgBo_-4WTiULmmHSGZHOjzwa8WtrtOQGsAFjIbno85jp6MnGGGZPYZbDAa_b3y5u-YpW7ypZrvD8BgtKVjgtQgZhLAGezMt0ua3DRrWnKqTZ0BJ_EyxOGuHJrLsn00fnMQ"}]}'}]}}
---
{apiVersion: telemetry.istio.io/v1, kind: Telemetry, spec: {
  selector: {matchLabels: {app: web}},
  metrics: [{providers: [{name: prometheus}], overrides: [{match: {metric: REQUEST_COUNT, mode: CLIENT}, tagOverrides: {x: {operation: UPSERT, value: "'1'"}, y: {operation: REMOVE}}}, {match: {customMetric: mine}, disabled: true}]}],
  tracing: [{providers: [{name: otel}], randomSamplingPercentage: 10, customTags: {a: {literal: {value: b}}, c: {header: {name: x-c, defaultValue: d}}, e: {environment: {name: E}}}}],
  accessLogging: [{providers: [{name: envoy}], filter: {expression: "response.code >= 500"}, match: {mode: SERVER}}]}}
---
{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, spec: {
  selector: {matchLabels: {app: web}}, url: "oci://registry.example.com/plugin:1", sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, imagePullPolicy: Always,
  imagePullSecret: pull, pluginName: plugin, phase: AUTHN, priority: 10, match: [{mode: SERVER, ports: [{number: 8080}]}],
  vmConfig: {env: [{name: A, value: b, valueFrom: INLINE}, {name: HOST, valueFrom: HOST}]}}}
---
{apiVersion: networking.istio.io/v1beta1, kind: ProxyConfig, spec: {selector: {matchLabels: {app: web}}, concurrency: 2, environmentVariables: {A: b}, image: {imageType: distroless}}}
`;

/** Fresh ones at each call. */
export function wellFormedObjects(): AnyObject[] {
  return parseAllDocuments(TEXT).map((document, index) => {
    if (document.errors.length > 0) {
      throw document.errors[0];
    }
    const object = document.toJS() as AnyObject;
    object.metadata = { name: `object-${index}`, namespace: NAMESPACE };
    return object;
  });
}
