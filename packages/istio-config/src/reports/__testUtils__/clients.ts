import {
  app,
  destinationRule,
  entry,
  HTTP_80,
  labelled,
  object,
  on,
  to,
  virtualService,
} from './objects';
import {
  analyzed,
  call,
  clientMode,
  connected,
  problems,
  routes,
  ruledBy,
  serverMode,
  type Report,
} from './questions';

const DESK = app('desk', { versions: ['v1', 'v2'] });
const DESK_HOST = 'desk.nova.svc.cluster.local';
const LIMIT = 'trafficPolicy: {connectionPool: {tcp: {maxConnections: 4}}}';
const peers = (name: string, spec: string, metadata = '') =>
  object('PeerAuthentication', `nova/${name}`, spec, metadata);
const AMBIENT = 'istio.io/dataplane-mode: ambient';
const WAYPOINT = object(
  'gateway-api.Gateway',
  'nova/way',
  '{gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}',
);
const inAmbient = (labels: string) =>
  object('Namespace', 'nova', '{}', labelled(labels)) +
  app('desk', { sidecar: false }) +
  app('lamp', { sidecar: false });

/** DestinationRules, Sidecars, mTLS and ambient mode: what reaches the other side, and how. */
export const CLIENTS: Report[] = [
  {
    report: 52,
    name: 'of two rules with unequal exports the younger counts alone',
    objects:
      DESK +
      destinationRule(
        'one',
        '{host: desk, exportTo: ["."], subsets: [{name: v1, labels: {version: v1}}]}',
        on('2023-05-01'),
      ) +
      destinationRule(
        'two',
        '{host: desk, exportTo: ["*"], subsets: [{name: v2, labels: {version: v2}}]}',
        on('2023-06-01'),
      ),
    ask: ruledBy(DESK_HOST),
    answer: ['nova/two', 'subset v2'],
  },
  {
    report: 53,
    name: 'the most specific rule hides others, though it is not exported to the caller',
    objects:
      DESK +
      destinationRule('exact', `{host: desk, exportTo: [friend], ${LIMIT}}`) +
      destinationRule('wide', `{host: "*.nova.svc.cluster.local", ${LIMIT}}`),
    ask: ruledBy(DESK_HOST, 'far'),
    answer: [],
  },
  {
    report: 55,
    name: 'a rule in the caller’s namespace hides the subsets of others',
    objects:
      app('out', { namespace: 'edge' }) +
      destinationRule(
        'mine',
        '{host: out.edge.svc.cluster.local, subsets: [{name: mine, labels: {version: v1}}]}',
      ) +
      object(
        'DestinationRule',
        'edge/out',
        '{host: out, subsets: [{name: shared, labels: {version: v1}}]}',
      ) +
      entry('api.depot.test', HTTP_80) +
      virtualService(
        'api',
        `{hosts: [api.depot.test], http: [{${to(
          'out.edge.svc.cluster.local',
          ', subset: shared',
        )}}]}`,
      ),
    ask: routes('api.depot.test'),
    answer: ['everything → shared no-such-subset'],
  },
  {
    report: 56,
    name: 'a subset inherits what its rule says of a port',
    objects:
      app('desk', { ports: 'name: http, port: 9443' }) +
      destinationRule(
        'desk',
        '{host: desk, trafficPolicy: {portLevelSettings: [{port: {number: 9443}, tls: {mode: SIMPLE}}]}, subsets: [{name: v1, labels: {version: v1}}]}',
      ),
    ask: clientMode({
      from: 'nova/client',
      to: 'nova/desk-v1',
      service: 'nova/desk',
      port: 9443,
      subset: 'v1',
    }),
    answer: ['SIMPLE'],
  },
  {
    report: 58,
    name: 'of two rules the older’s traffic policy counts, ports and all',
    objects:
      DESK +
      destinationRule(
        'one',
        '{host: desk, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}]}}',
        on('2023-05-01'),
      ) +
      destinationRule(
        'two',
        '{host: desk, trafficPolicy: {portLevelSettings: [{port: {number: 81}, tls: {mode: SIMPLE}}]}}',
        on('2023-06-01'),
      ),
    ask: ruledBy(DESK_HOST),
    answer: [
      'nova/one',
      'nova/two',
      '{"portLevelSettings":[{"port":{"number":80},"tls":{"mode":"DISABLE"}}]}',
    ],
  },
  {
    report: 59,
    name: 'a host of two parts is taken as it is',
    objects:
      DESK +
      object('DestinationRule', 'far/desk', `{host: desk.nova, ${LIMIT}}`),
    ask: ruledBy(DESK_HOST, 'far'),
    answer: [],
  },
  {
    report: 59,
    name: '… and a finding says so',
    objects:
      DESK +
      object('DestinationRule', 'far/desk', `{host: desk.nova, ${LIMIT}}`),
    ask: problems('IST0174'),
    answer: ['IST0174 DestinationRule far/desk'],
  },
  {
    report: 61,
    name: 'portLevelMtls is about the container’s port',
    objects:
      app('desk', { ports: 'name: http, port: 7000, targetPort: 70' }) +
      peers(
        'desk',
        '{selector: {matchLabels: {app: desk}}, portLevelMtls: {7000: {mode: STRICT}}}',
      ),
    ask: connected({ to: 'nova/desk-v1', service: 'nova/desk', port: 7000 }),
    answer: ['plaintext'],
  },
  {
    report: 62,
    name: 'of two policies for a workload the older counts alone',
    objects:
      DESK +
      peers('default', '{mtls: {mode: STRICT}}') +
      peers(
        'one',
        '{selector: {matchLabels: {app: desk}}, portLevelMtls: {7001: {mode: PERMISSIVE}}}',
        on('2023-05-01'),
      ) +
      peers(
        'two',
        '{selector: {matchLabels: {app: desk}}, portLevelMtls: {7002: {mode: PERMISSIVE}}}',
        on('2023-06-01'),
      ),
    ask: serverMode(7002),
    answer: ['STRICT'],
  },
  {
    report: 82,
    name: 'a Sidecar that imports a host imports where its rules lead',
    objects:
      app('desk', { namespace: 'store', versions: ['v1', 'v2'] }) +
      object(
        'DestinationRule',
        'store/desk',
        '{host: desk, subsets: [{name: v2, labels: {version: v2}}]}',
      ) +
      object(
        'ServiceEntry',
        'names/desk',
        `{hosts: [desk.depot.test], ports: [{${HTTP_80}}], resolution: DNS}`,
      ) +
      object(
        'VirtualService',
        'names/desk',
        `{hosts: [desk.depot.test], http: [{${to(
          'desk.store.svc.cluster.local',
          ', subset: v2',
        )}}]}`,
      ) +
      object(
        'Sidecar',
        'nova/default',
        '{egress: [{hosts: ["names/desk.depot.test"]}]}',
      ),
    ask: call('http://desk.depot.test:80/'),
    answer: ['desk-v2'],
  },
  {
    report: 83,
    name: 'a Sidecar’s listener for a port decides which hosts are known there',
    objects:
      app('desk', { ports: 'name: http, port: 7070' }) +
      app('lamp', { namespace: 'store', ports: 'name: http, port: 7070' }) +
      object(
        'Sidecar',
        'nova/default',
        '{egress: [{port: {number: 7070, protocol: HTTP, name: h}, hosts: ["store/*"]}, {hosts: ["./*"]}]}',
      ),
    ask: routes(DESK_HOST, { port: 7070 }),
    answer: ['out of scope: passthrough'],
  },
  {
    report: 88,
    name: 'in ambient mode a VirtualService without a waypoint has no effect',
    objects:
      inAmbient(AMBIENT) +
      virtualService('desk', `{hosts: [desk], http: [{${to('lamp')}}]}`),
    ask: routes(DESK_HOST),
    answer: ['everything → desk.nova'],
  },
  {
    report: 89,
    name: 'at a waypoint no rule for labels of callers is ever taken',
    objects:
      inAmbient(`${AMBIENT}, istio.io/use-waypoint: way`) +
      WAYPOINT +
      virtualService(
        'desk',
        `{hosts: [desk], http: [{match: [{sourceLabels: {app: client}}], ${to(
          'lamp',
        )}}, {${to('desk')}}]}`,
      ),
    ask: routes(DESK_HOST),
    answer: ['everything → desk.nova'],
  },
  {
    report: 146,
    name: 'manifests that do not show their Namespace do not show that nobody is injected',
    objects: `${object(
      'Service',
      'nova/desk',
      '{selector: {app: desk}, ports: [{name: http, port: 80}]}',
    )}${object(
      'Deployment',
      'nova/desk',
      '{selector: {matchLabels: {app: desk}}, template: {metadata: {labels: {app: desk}}, spec: {containers: [{name: desk, image: desk}]}}}',
    )}${destinationRule(
      'desk',
      '{host: desk, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}',
    )}`,
    ask: analyzed(),
    answer: [],
  },
];
