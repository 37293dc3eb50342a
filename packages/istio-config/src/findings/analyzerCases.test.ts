import { describeRef } from '../kube/KubeObject';
import { MeshObjects } from '../MeshObjects';
import { setFromYaml } from '../setFromYaml';
import { findings } from './findings';

const object = (
  kind: string,
  apiVersion: string,
  spec: string,
  metadata = '',
) => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: a, namespace: orion${metadata}}
spec: ${spec}
---
`;
const rule = (spec: string) =>
  object('DestinationRule', 'networking.istio.io/v1', spec);
const crd = (
  kind: string,
  versions: string,
  group = 'gateway.networking.k8s.io',
) =>
  object(
    'CustomResourceDefinition',
    'apiextensions.k8s.io/v1',
    `{group: ${group}, names: {kind: ${kind}}, versions: [${versions}]}`,
  ).replace(', namespace: orion', '');
const filter = (name: string, patch: string) =>
  object(
    'EnvoyFilter',
    'networking.istio.io/v1alpha3',
    `{configPatches: [${patch}]}`,
  ).replace('name: a', `name: ${name}`);
const served = (...names: string[]) =>
  names.map(name => `{name: ${name}, served: true}`).join(', ');
const replaced = (match: string, value: string) =>
  `{applyTo: HTTP_FILTER, match: {${match}}, patch: {operation: REPLACE, value: {${value}}}}`;
const ofFilter = 'listener: {filterChain: {filter: {name: x}}}';
const versioned = "proxy: {proxyVersion: '1.9'}";
const service = (spec: string, metadata = '') =>
  object('Service', 'v1', spec, metadata);
const gateway = (port: number) => `
${object(
  'Gateway',
  'networking.istio.io/v1',
  `{selector: {app: way}, servers: [{port: {number: ${port}, name: http, protocol: HTTP}, hosts: ["*"]}]}`,
)}
${object(
  'Pod',
  'v1',
  '{containers: [{name: istio-proxy, image: x}]}',
  ', labels: {app: way}',
)}
${service(
  '{selector: {app: way}, ports: [{name: http, port: 80, targetPort: 8080}]}',
)}`;

/** What Istio's analyzers handle and a first reading of their documentation does not tell. */
const CASES: [
  name: string,
  codes: string[],
  yaml: string,
  expected: string[],
][] = [
  [
    'TLS without an authority',
    ['IST0128'],
    rule('{host: x.y, trafficPolicy: {tls: {mode: SIMPLE}}}'),
    ['IST0128'],
  ],
  [
    'a credential that sidecars do not read',
    ['IST0128'],
    rule(
      '{host: x.y, trafficPolicy: {tls: {mode: SIMPLE, credentialName: c}}}',
    ),
    ['IST0128'],
  ],
  [
    'a credential that they do',
    ['IST0128'],
    rule(
      '{host: x.y, workloadSelector: {matchLabels: {a: b}}, trafficPolicy: {tls: {mode: SIMPLE, credentialName: c}}}',
    ),
    [],
  ],
  [
    'the same for a port',
    ['IST0129'],
    rule(
      '{host: x.y, workloadSelector: {matchLabels: {a: b}}, trafficPolicy: {portLevelSettings: [{port: {number: 1}, tls: {mode: MUTUAL, credentialName: c}}]}}',
    ),
    [],
  ],
  [
    'a definition with both versions',
    ['IST0156', 'IST0172'],
    crd('HTTPRoute', served('v1', 'v1beta1')),
    [],
  ],
  [
    'one without the version that Istio reads',
    ['IST0156', 'IST0172'],
    crd('HTTPRoute', served('v1')),
    ['IST0156'],
  ],
  [
    'one without the version that it will read',
    ['IST0156', 'IST0172'],
    crd('Gateway', served('v1beta1')),
    ['IST0172'],
  ],
  [
    'one that was never beta',
    ['IST0156', 'IST0172'],
    crd('GRPCRoute', served('v1')),
    [],
  ],
  [
    'one that is only beta',
    ['IST0156', 'IST0172'],
    crd('ReferenceGrant', served('v1beta1')),
    [],
  ],
  [
    'one of another group',
    ['IST0156', 'IST0172'],
    crd('Gateway', served('v1alpha1'), 'x.io'),
    [],
  ],
  [
    'a removed definition',
    ['IST0002'],
    crd('ServiceRole', served('v1'), 'rbac.istio.io'),
    ['IST0002'],
  ],
  [
    'REPLACE of a virtual host',
    ['IST0152'],
    filter(
      'a',
      '{applyTo: VIRTUAL_HOST, patch: {operation: REPLACE, value: {name: x}}}',
    ),
    [],
  ],
  [
    'REPLACE of a cluster',
    ['IST0152'],
    filter(
      'a',
      '{applyTo: CLUSTER, patch: {operation: REPLACE, value: {name: x}}}',
    ),
    ['IST0152'],
  ],
  [
    'a patch after a versioned one of the same name',
    ['IST0151', 'IST0155'],
    filter('a', replaced(versioned, 'name: x')) +
      filter('b', replaced('', 'name: x')),
    ['IST0151', 'IST0155'],
  ],
  [
    'a name in the value is not that of a matched filter',
    ['IST0151', 'IST0155'],
    filter('a', replaced(versioned, 'name: x')) +
      filter('b', replaced(ofFilter, 'other: 1')),
    ['IST0151', 'IST0151'],
  ],
  ['a port that the pods listen on', ['IST0162'], gateway(8080), []],
  [
    'the Service’s own port before another target',
    ['IST0162'],
    gateway(80),
    ['IST0162'],
  ],
  [
    'a port without a protocol',
    ['IST0118'],
    service('{ports: [{name: web, port: 80}]}'),
    ['IST0118'],
  ],
  [
    'the same on a Service that Istio made',
    ['IST0118'],
    service(
      '{ports: [{name: web, port: 80}]}',
      ', labels: {gateway.istio.io/managed: istio.io-gateway-controller}',
    ),
    [],
  ],
  [
    'the same of Kubernetes',
    ['IST0118'],
    service('{ports: [{name: web, port: 80}]}').replace('orion', 'kube-public'),
    [],
  ],
];

describe('Istio’s analyzers', () => {
  it.each(CASES)('%s', (_name, codes, yaml, expected) => {
    const given = setFromYaml(yaml);
    const set = MeshObjects.create(
      given.kinds().flatMap(kind => [...given.all(kind)]),
      { complete: true, now: () => 0 },
    );
    expect(
      findings(set, { details: true })
        .filter(({ code }) => codes.includes(code))
        .map(({ code }) => code)
        .sort(),
    ).toEqual(expected);
  });
});

describe('what is no object', () => {
  it.each([
    [7, 'Unknown ', 'no Kubernetes object'],
    [{ kind: 'Pod' }, 'Pod ', 'no apiVersion'],
    [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 5 } },
      'Pod ',
      'Its name is 5',
    ],
    [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a', namespace: 'b', labels: 'x' },
      },
      'Pod b/a',
      'Its labels are no map',
    ],
  ])('%j is a finding', (given, resource, message) => {
    const [found] = findings(MeshObjects.create([given]));
    expect([found.code, describeRef(found.resource)]).toEqual([
      'IST0106',
      resource,
    ]);
    expect(found.message).toContain(message);
  });
});
