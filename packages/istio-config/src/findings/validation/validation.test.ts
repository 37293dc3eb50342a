import { parse } from 'yaml';
import type { KubeObject } from '../../kube/KubeObject';
import { webhookError, webhookWarning } from './webhook';

const VERSIONS: Record<string, string> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
};

function object(kind: string, spec: string, metadata = '{}'): KubeObject {
  return {
    apiVersion: VERSIONS[kind] ?? 'networking.istio.io/v1',
    kind,
    metadata: { name: 'a', namespace: 'shop', ...parse(metadata) },
    spec: parse(spec),
  };
}

function paths(rule: typeof webhookError, resource: KubeObject) {
  const inputs = Object.fromEntries(rule.inputs.map(kind => [kind, []]));
  return [
    ...rule.find(
      { ...inputs, [resource.kind]: [resource] },
      undefined as never,
    ),
  ].map(({ path }) => path);
}

const ROUTE = 'route: [{destination: {host: orders}}]';
const http = (rule: string) => `{hosts: [orders], http: [{${rule}}]}`;
const policy = (fields: string) => `{host: orders, trafficPolicy: {${fields}}}`;
const locality = (fields: string) =>
  policy(
    `outlierDetection: {interval: 1s}, loadBalancer: {localityLbSetting: {${fields}}}`,
  );
const source = (fields: string) => `{rules: [{from: [{source: {${fields}}}]}]}`;
const operation = (fields: string) =>
  `{rules: [{to: [{operation: {${fields}}}]}]}`;
const when = (fields: string) => `{rules: [{when: [{${fields}}]}]}`;
const server = (fields: string) => `{selector: {a: b}, servers: [{${fields}}]}`;
const entry = (fields: string) =>
  `{hosts: [api.example.com], ports: [{number: 80, name: http, protocol: HTTP}], ${fields}}`;

describe('what Istio’s webhook refuses', () => {
  it.each<[string, string, string, string[]]>([
    [
      'every name in the mesh',
      'VirtualService',
      `{hosts: ["*"], http: [{${ROUTE}}]}`,
      ['spec.hosts[0]'],
    ],
    [
      'every name at a gateway: taken',
      'VirtualService',
      `{hosts: ["*"], gateways: [shop/g], http: [{${ROUTE}}]}`,
      [],
    ],
    [
      'one host within another',
      'VirtualService',
      `{hosts: ["*.example.com", a.example.com], http: [{${ROUTE}}]}`,
      ['spec.hosts[1]'],
    ],
    [
      'a gateway in "."',
      'VirtualService',
      `{hosts: [orders], gateways: [./public], http: [{${ROUTE}}]}`,
      ['spec.gateways[0]'],
    ],
    [
      'a copy in two ways',
      'VirtualService',
      http(`${ROUTE}, mirror: {host: b}, mirrors: [{destination: {host: c}}]`),
      ['spec.http[0].mirror'],
    ],
    [
      'an unknown condition to try again',
      'VirtualService',
      http(`${ROUTE}, retries: {attempts: 2, retryOn: "5xx,gateway-errors"}`),
      ['spec.http[0].retries.retryOn'],
    ],
    [
      'a status to try again: taken',
      'VirtualService',
      http(`${ROUTE}, retries: {attempts: 2, retryOn: "503,reset"}`),
      [],
    ],
    [
      'a timeout of retries that are off',
      'VirtualService',
      http(`${ROUTE}, retries: {perTryTimeout: 1s}`),
      ['spec.http[0].retries.perTryTimeout'],
    ],
    [
      'a delay of more than all requests',
      'VirtualService',
      http(
        `${ROUTE}, fault: {delay: {percentage: {value: 150}, fixedDelay: 1s}}`,
      ),
      ['spec.http[0].fault.delay.percentage.value'],
    ],
    [
      '"*" for any value of a header',
      'VirtualService',
      http(`match: [{headers: {x-user: {regex: "*"}}}], ${ROUTE}`),
      ['spec.http[0].match[0].headers.x-user.regex'],
    ],
    [
      '"*" for any value of a header that is not to be there: taken',
      'VirtualService',
      http(`match: [{withoutHeaders: {x-user: {regex: "*"}}}], ${ROUTE}`),
      [],
    ],
    [
      'a comma in the name of a header that a page may send: taken',
      'VirtualService',
      http(`${ROUTE}, corsPolicy: {allowHeaders: ["x-a,x-b", "x;y"]}`),
      ['spec.http[0].corsPolicy.allowHeaders[1]'],
    ],
    [
      'a target with a name that nothing can have',
      'AuthorizationPolicy',
      `{targetRefs: [{group: "", kind: Service, name: ${'x'.repeat(
        253,
      )}}, {group: "", kind: Service, name: ${'x'.repeat(254)}}]}`,
      ['spec.targetRefs[1].name'],
    ],
    [
      'an empty prefix of a header',
      'VirtualService',
      http(`match: [{headers: {x-user: {prefix: ""}}}], ${ROUTE}`),
      ['spec.http[0].match[0].headers.x-user.prefix'],
    ],
    [
      'a variable of Envoy that does not end',
      'VirtualService',
      http(`${ROUTE}, headers: {request: {set: {x-a: "100%"}}}`),
      ['spec.http[0].headers.request.set.x-a'],
    ],
    [
      'a redirect beside a route',
      'VirtualService',
      http(`${ROUTE}, redirect: {uri: /b}`),
      ['spec.http[0].route'],
    ],
    [
      'a rewrite that changes nothing',
      'VirtualService',
      http(`${ROUTE}, rewrite: {}`),
      ['spec.http[0].rewrite'],
    ],
    [
      'the host set twice',
      'VirtualService',
      http(
        `${ROUTE}, rewrite: {authority: a}, headers: {request: {set: {":authority": b}}}`,
      ),
      ['spec.http[0].headers.request'],
    ],
    [
      'a server name that is none of the hosts',
      'VirtualService',
      `{hosts: [a.example.com], tls: [{match: [{sniHosts: [b.example.com]}], ${ROUTE}}]}`,
      ['spec.tls[0].match[0].sniHosts[0]'],
    ],
    [
      'shares of localities that are not all',
      'DestinationRule',
      locality('distribute: [{from: eu, to: {eu: 60, us: 30}}]'),
      ['spec.trafficPolicy.loadBalancer.localityLbSetting.distribute[0].to'],
    ],
    [
      'localities shared out and failed over',
      'DestinationRule',
      locality(
        'distribute: [{from: eu, to: {eu: 100}}], failover: [{from: eu, to: us}]',
      ),
      ['spec.trafficPolicy.loadBalancer.localityLbSetting'],
    ],
    [
      'a zone within a region that was named before',
      'DestinationRule',
      locality(
        'distribute: [{from: eu, to: {eu: 100}}, {from: eu/a, to: {eu: 100}}]',
      ),
      ['spec.trafficPolicy.loadBalancer.localityLbSetting.distribute'],
    ],
    [
      'mutual TLS without a certificate',
      'DestinationRule',
      policy('tls: {mode: MUTUAL, clientCertificate: /c}'),
      ['spec.trafficPolicy.tls.privateKey'],
    ],
    [
      'an export to another namespace by a rule for some workloads',
      'DestinationRule',
      `{host: a, exportTo: [other], workloadSelector: {matchLabels: {a: b}}}`,
      ['spec.exportTo'],
    ],
    [
      'an export to all and to somebody',
      'VirtualService',
      `{hosts: [orders], exportTo: ["*", other], http: [{${ROUTE}}]}`,
      ['spec.exportTo'],
    ],
    [
      'an export to one namespace twice',
      'VirtualService',
      `{hosts: [orders], exportTo: [".", shop], http: [{${ROUTE}}]}`,
      ['spec.exportTo[1]'],
    ],
    [
      'an export to nobody: taken of a ServiceEntry alone',
      'ServiceEntry',
      entry('resolution: NONE, exportTo: ["~"]'),
      [],
    ],
    [
      'a timeout below a millisecond',
      'DestinationRule',
      policy('connectionPool: {tcp: {connectTimeout: 0.5ms}}'),
      ['spec.trafficPolicy.connectionPool.tcp.connectTimeout'],
    ],
    [
      'an idle timeout that is off: taken',
      'DestinationRule',
      policy('connectionPool: {tcp: {idleTimeout: 0s}}'),
      [],
    ],
    [
      'HTTPS without a certificate',
      'Gateway',
      server(
        'port: {number: 443, name: a, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE}',
      ),
      ['spec.servers[0].tls'],
    ],
    [
      'TLS at a port of plain HTTP',
      'Gateway',
      server(
        'port: {number: 80, name: a, protocol: HTTP}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: c}',
      ),
      ['spec.servers[0].tls'],
    ],
    [
      'a short name of a gateway’s host',
      'Gateway',
      server('port: {number: 80, name: a, protocol: HTTP}, hosts: [orders]'),
      ['spec.servers[0].hosts[0]'],
    ],
    [
      'a block of addresses that is looked up',
      'ServiceEntry',
      entry('resolution: DNS, addresses: [10.0.0.0/8]'),
      ['spec.addresses'],
    ],
    [
      'no endpoints, and no resolution that could have any',
      'ServiceEntry',
      entry('endpoints: []'),
      ['spec.endpoints'],
    ],
    [
      'an IPv6 address as a gateway’s host',
      'Gateway',
      server(
        'port: {number: 80, name: a, protocol: HTTP}, hosts: ["2001:db8::1"]',
      ),
      ['spec.servers[0].hosts[0]'],
    ],
    [
      'no accounts beside namespaces',
      'AuthorizationPolicy',
      source('namespaces: [a], notServiceAccounts: []'),
      ['spec.rules[0].from[0].source.serviceAccounts'],
    ],
    [
      'static endpoints that are none: taken',
      'ServiceEntry',
      entry('resolution: STATIC'),
      [],
    ],
    [
      'an endpoint by name that is not looked up',
      'ServiceEntry',
      entry('resolution: STATIC, endpoints: [{address: a.example.com}]'),
      ['spec.endpoints[0].address'],
    ],
    [
      'an egress without a namespace',
      'Sidecar',
      '{egress: [{hosts: [orders.shop.svc.cluster.local]}]}',
      ['spec.egress[0].hosts[0]'],
    ],
    [
      'a caller that is nobody',
      'AuthorizationPolicy',
      source(''),
      ['spec.rules[0].from[0].source'],
    ],
    [
      'two addresses in one',
      'AuthorizationPolicy',
      source('notRemoteIpBlocks: ["203.0.113.7,198.51.100.0/24"]'),
      ['spec.rules[0].from[0].source.notRemoteIpBlocks[0]'],
    ],
    [
      'the rest of a path, and more',
      'AuthorizationPolicy',
      operation('paths: ["/{**}/foo/{*}"]'),
      ['spec.rules[0].to[0].operation.paths[0]'],
    ],
    [
      'an attribute that there is not',
      'AuthorizationPolicy',
      when('key: "request.header[x]", values: [a]'),
      ['spec.rules[0].when[0].key'],
    ],
    [
      'the caller, asked of a provider',
      'AuthorizationPolicy',
      `{action: CUSTOM, provider: {name: p}, rules: [{from: [{source: {namespaces: [a]}}]}]}`,
      ['spec.rules[0].from[0].source.namespaces'],
    ],
    [
      'tokens of nobody',
      'RequestAuthentication',
      '{jwtRules: [{audiences: [a]}]}',
      ['spec.jwtRules[0].issuer'],
    ],
    [
      'keys from anywhere, of anybody: taken',
      'RequestAuthentication',
      '{jwtRules: [{jwksUri: "https://a.example.com/keys"}]}',
      [],
    ],
    [
      'port 0',
      'PeerAuthentication',
      '{selector: {matchLabels: {a: b}}, portLevelMtls: {"0": {mode: STRICT}}}',
      ['spec.portLevelMtls.0'],
    ],
    [
      'a share of traces above all',
      'Telemetry',
      '{tracing: [{randomSamplingPercentage: 101}]}',
      ['spec.tracing[0].randomSamplingPercentage'],
    ],
    ['a module from nowhere', 'WasmPlugin', '{pluginName: a}', ['spec.url']],
    [
      'an empty patch',
      'EnvoyFilter',
      '{configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE}}]}',
      ['spec.configPatches[0].patch.value'],
    ],
    [
      'a group without template',
      'WorkloadGroup',
      '{metadata: {labels: {a: b}}}',
      ['spec.template'],
    ],
  ])('%s', (_name, kind, spec, expected) => {
    expect(paths(webhookError, object(kind, spec))).toEqual(expected);
  });

  it('minds a policy that is tried out, and nothing else that is', () => {
    const tried = (kind: string, value: string, spec = '{rules: [{}]}') =>
      paths(
        webhookError,
        object(kind, spec, `{annotations: {istio.io/dry-run: "${value}"}}`),
      );
    expect(tried('AuthorizationPolicy', 'true')).toEqual([]);
    expect(tried('AuthorizationPolicy', 'yes')).toEqual([
      'metadata.annotations',
    ]);
    expect(tried('PeerAuthentication', 'true', '{}')).toEqual([
      'metadata.annotations',
    ]);
  });

  it('leaves the Gateway API’s Gateway alone', () => {
    const gateway = object('Gateway', '{gatewayClassName: istio}');
    expect(
      paths(webhookError, {
        ...gateway,
        apiVersion: 'gateway.networking.k8s.io/v1',
      }),
    ).toEqual([]);
  });
});

describe('what Istio’s webhook warns of', () => {
  it.each<[string, string, string, string[]]>([
    [
      'a redirect to HTTPS where HTTPS is spoken',
      'Gateway',
      server(
        'port: {number: 443, name: a, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: c, httpsRedirect: true}',
      ),
      ['spec.servers[0].tls.httpsRedirect'],
    ],
    [
      'a selector that selects everything',
      'PeerAuthentication',
      '{selector: {matchLabels: {}}}',
      ['spec.selector'],
    ],
    [
      'a failover that nothing sets off',
      'DestinationRule',
      policy(
        'loadBalancer: {localityLbSetting: {failover: [{from: eu, to: us}]}}',
      ),
      ['spec.trafficPolicy.loadBalancer.localityLbSetting'],
    ],
    [
      'a DENY of paths at ports that may be no HTTP',
      'AuthorizationPolicy',
      `{action: DENY, ${operation('paths: [/a]').slice(1)}`,
      ['spec.rules[0].to'],
    ],
    [
      'a private key for everybody to read',
      'RequestAuthentication',
      `{jwtRules: [{issuer: a, jwks: '{"keys":[{"kty":"RSA","n":"a","e":"b","d":"c"}]}'}]}`,
      ['spec.jwtRules[0].jwks'],
    ],
  ])('%s', (_name, kind, spec, expected) => {
    const resource = object(kind, spec);
    expect(paths(webhookWarning, resource)).toEqual(expected);
    expect(paths(webhookError, resource)).toEqual([]);
  });
});
