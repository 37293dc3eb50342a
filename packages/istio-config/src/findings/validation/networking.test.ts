import {
  entry,
  locality,
  object,
  paths,
  policy,
  server,
  type WebhookCase,
} from './__testUtils__/webhookCases';
import { webhookError } from './webhook';

describe('what Istio’s webhook refuses of hosts, gateways, sidecars and what extends them', () => {
  it.each<WebhookCase>([
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
    [
      'a group whose account has too long a name, and its network, too',
      'WorkloadGroup',
      `{template: {serviceAccount: ${'x'.repeat(254)}, network: ${'x'.repeat(
        2049,
      )}}}`,
      ['spec.template.network', 'spec.template.serviceAccount'],
    ],
    [
      'a group whose account has as long a name as may be',
      'WorkloadGroup',
      `{template: {serviceAccount: ${'x'.repeat(253)}, locality: ${'x'.repeat(
        2048,
      )}}}`,
      [],
    ],
    [
      'an endpoint in too long a place',
      'ServiceEntry',
      `{hosts: [a.test], ports: [{number: 80, name: http}], resolution: STATIC, endpoints: [{address: 1.1.1.1}, {address: 1.1.1.2, locality: ${'x'.repeat(
        2049,
      )}}]}`,
      ['spec.endpoints[1].locality'],
    ],
    [
      'a variable with too long a value',
      'ProxyConfig',
      `{environmentVariables: {A: ${'x'.repeat(2049)}}}`,
      ['spec.environmentVariables.A'],
    ],
    [
      'a port that leads to port 0',
      'ServiceEntry',
      '{hosts: [a.test], ports: [{number: 80, name: http, targetPort: 0}], resolution: DNS}',
      ['spec.ports[0].targetPort'],
    ],
    [
      'a group whose template is a socket with ports',
      'WorkloadGroup',
      '{template: {address: "unix:///run/a", ports: {http: 80}}}',
      ['spec.template.ports'],
    ],
    [
      'probes of port 0',
      'WorkloadGroup',
      '{template: {}, probe: {tcpSocket: {port: 0}}}',
      ['spec.probe.tcpSocket.port'],
    ],
    [
      '… by gRPC',
      'WorkloadGroup',
      '{template: {}, probe: {grpc: {port: 0}}}',
      ['spec.probe'],
    ],
    [
      'an endpoint on port 0',
      'ServiceEntry',
      '{hosts: [a.test], ports: [{number: 80, name: http}], resolution: STATIC, endpoints: [{address: 1.1.1.1, ports: {http: 0}}]}',
      ['spec.endpoints[0].ports.http'],
    ],
    [
      'a waypoint in the context of gateways, and none in that of waypoints',
      'EnvoyFilter',
      '{configPatches: [{applyTo: CLUSTER, match: {context: GATEWAY, waypoint: {portNumber: 80}}, patch: {operation: REMOVE}}, {applyTo: HTTP_FILTER, match: {context: WAYPOINT}, patch: {operation: REMOVE}}]}',
      [
        'spec.configPatches[0].match.waypoint',
        'spec.configPatches[1].match.waypoint',
      ],
    ],
    [
      'a waypoint on port 0',
      'EnvoyFilter',
      '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: w}], configPatches: [{applyTo: HTTP_FILTER, match: {context: WAYPOINT, waypoint: {portNumber: 0, filter: {name: a}}}, patch: {operation: REMOVE}}]}',
      ['spec.configPatches[0].match.waypoint.portNumber'],
    ],
    ['a module from nowhere', 'WasmPlugin', '{pluginName: a}', ['spec.url']],
  ])('%s', (_name, kind, spec, expected) => {
    expect(paths(webhookError, object(kind, spec))).toEqual(expected);
  });
});
