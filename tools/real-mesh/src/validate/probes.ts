import { parse } from 'yaml';
import type { AnyObject } from '../KubeApi';
import { NAMESPACE } from './wellFormed';

const ROUTE = 'route: [{destination: {host: orders}}]';
const rule = (fields: string) => `{hosts: [orders], http: [{${fields}}]}`;
const policy = (fields: string) => `{host: orders, trafficPolicy: {${fields}}}`;

/** Mistakes that are easily made, each alone: what is wrong, the kind, and its spec. */
const PROBES: readonly [name: string, kind: string, spec: string][] = [
  [
    'an abort without a status',
    'VirtualService',
    rule(`${ROUTE}, fault: {abort: {percentage: {value: 10}}}`),
  ],
  ['an empty abort', 'VirtualService', rule(`${ROUTE}, fault: {abort: {}}`)],
  [
    'a delay without fixedDelay',
    'VirtualService',
    rule(`${ROUTE}, fault: {delay: {percentage: {value: 10}}}`),
  ],
  ['an empty delay', 'VirtualService', rule(`${ROUTE}, fault: {delay: {}}`)],
  [
    'any host as a destination',
    'VirtualService',
    rule('route: [{destination: {host: "*"}}]'),
  ],
  [
    'a wildcard as a destination',
    'VirtualService',
    rule('route: [{destination: {host: "*.foo"}}]'),
  ],
  [
    'a wildcard as a destination of connections',
    'VirtualService',
    '{hosts: [orders], tcp: [{route: [{destination: {host: "*.foo"}}]}]}',
  ],
  [
    'a wildcard that gets copies',
    'VirtualService',
    rule(`${ROUTE}, mirror: {host: "*.foo"}`),
  ],
  [
    'ISTIO_MUTUAL with a certificate of one’s own',
    'DestinationRule',
    policy('tls: {mode: ISTIO_MUTUAL, clientCertificate: /c.pem}'),
  ],
  [
    'ISTIO_MUTUAL with a key of one’s own, on one port',
    'DestinationRule',
    policy(
      'portLevelSettings: [{port: {number: 80}, tls: {mode: ISTIO_MUTUAL, privateKey: /k.pem}}]',
    ),
  ],
  [
    'ISTIO_MUTUAL with a credential',
    'DestinationRule',
    policy('tls: {mode: ISTIO_MUTUAL, credentialName: orders}'),
  ],
  ['no timeout', 'VirtualService', rule(`${ROUTE}, timeout: 0s`)],
  ['a negative timeout', 'VirtualService', rule(`${ROUTE}, timeout: -1s`)],
  [
    'a negative number of attempts',
    'VirtualService',
    rule(`${ROUTE}, retries: {attempts: -1}`),
  ],
  [
    'no time for a try',
    'VirtualService',
    rule(`${ROUTE}, retries: {attempts: 2, perTryTimeout: 0s}`),
  ],
  [
    'no time for a try, and no attempts',
    'VirtualService',
    rule(`${ROUTE}, retries: {attempts: 0, perTryTimeout: 0s}`),
  ],
  [
    'a negative weight',
    'VirtualService',
    rule('route: [{destination: {host: orders}, weight: -1}]'),
  ],
  [
    'a negative weight beside another',
    'VirtualService',
    rule(
      'route: [{destination: {host: orders}, weight: -1}, {destination: {host: other}, weight: 101}]',
    ),
  ],
  [
    'a negative weight of connections',
    'VirtualService',
    '{hosts: [orders], tcp: [{route: [{destination: {host: orders}, weight: -1}]}]}',
  ],
  [
    'copies of more than all requests',
    'VirtualService',
    rule(`${ROUTE}, mirror: {host: copy}, mirrorPercentage: {value: 101}`),
  ],
  [
    'copies of more than all requests, in a list',
    'VirtualService',
    rule(
      `${ROUTE}, mirrors: [{destination: {host: copy}, percentage: {value: 101}}]`,
    ),
  ],
  [
    'no time between looks at outliers',
    'DestinationRule',
    policy('outlierDetection: {interval: 0s}'),
  ],
  [
    'no time for which an outlier is out',
    'DestinationRule',
    policy('outlierDetection: {baseEjectionTime: 0s}'),
  ],
  ['a Sidecar that imports nothing', 'Sidecar', '{egress: [{hosts: []}]}'],
  ['a Sidecar whose egress says nothing', 'Sidecar', '{egress: [{}]}'],
  ['a Sidecar with an empty egress', 'Sidecar', '{egress: []}'],
  [
    'no endpoints, and no resolution that could have any',
    'ServiceEntry',
    '{hosts: [a.example.com], ports: [{number: 80, name: http, protocol: HTTP}], endpoints: []}',
  ],
  [
    'an IPv6 address as a gateway’s host',
    'Gateway',
    '{selector: {a: b}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["2001:db8::1"]}]}',
  ],
  [
    'an IPv4 address as a gateway’s host',
    'Gateway',
    '{selector: {a: b}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [10.1.2.3]}]}',
  ],
  [
    'mTLS by port, and for which workload is not said',
    'PeerAuthentication',
    '{mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: DISABLE}}}',
  ],
  [
    'mTLS by port, and the selector is empty',
    'PeerAuthentication',
    '{selector: {matchLabels: {}}, portLevelMtls: {"8080": {mode: DISABLE}}}',
  ],
];

/** Fresh ones at each call, by what is wrong with them. */
export function probes(): [name: string, object: AnyObject][] {
  return PROBES.map(([name, kind, spec], index) => [
    name,
    {
      apiVersion: `${
        kind === 'PeerAuthentication' ? 'security' : 'networking'
      }.istio.io/v1`,
      kind,
      metadata: { name: `probe-${index}`, namespace: NAMESPACE },
      spec: parse(spec),
    },
  ]);
}
