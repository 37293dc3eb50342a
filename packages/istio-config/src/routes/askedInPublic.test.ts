import { deployment, service } from '../__fixtures__/orion';
import { routeLines } from '../__testUtils__/routeLines';
import { setFromYaml } from '../setFromYaml';
import { effectiveRoutes } from './effectiveRoutes';
import { effectiveRoutesOfHost } from './effectiveRoutesOfHost';

const object = (kind: string, spec: string, apiGroup = 'networking.istio.io') =>
  `apiVersion: ${apiGroup}/v1
kind: ${kind}
metadata: {name: a, namespace: orion}
spec: ${spec}
---
`;
const pods = `${service('a')}${deployment('a')}${service('b')}${deployment('b')}
`;
const virtualService = (spec: string) => object('VirtualService', spec);
const toB = 'route: [{destination: {host: b}}]';
const namespaceWith = (labels: string) => `
apiVersion: v1
kind: Namespace
metadata: {name: orion, labels: {${labels}}}
---
`;
const AMBIENT = 'istio.io/dataplane-mode: ambient';
const WAYPOINT = object(
  'Gateway',
  '{gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}',
  'gateway.networking.k8s.io',
);
const retries = (policy: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: "defaultHttpRetryPolicy: ${policy}"
---
`;
const slice = (isReady: boolean) => `
apiVersion: v1
kind: Service
metadata: {name: b, namespace: orion}
spec: {ports: [{name: http, port: 8080}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: b-1, namespace: orion, labels: {kubernetes.io/service-name: b}}
endpoints: [{addresses: [10.9.0.1], conditions: {ready: ${isReady}}}]
---
`;

describe('effectiveRoutes, of what people asked in public', () => {
  const ofA = (yaml: string) =>
    effectiveRoutes(setFromYaml(`${pods}${yaml}`), {
      namespace: 'orion',
      service: 'a',
      from: { type: 'mesh', namespace: 'orion', labels: { app: 'b' } },
    });

  it.each([
    [
      'a VirtualService without a waypoint in ambient mode has no effect',
      `${namespaceWith(AMBIENT)}${virtualService(
        `{hosts: [a], http: [{${toB}}]}`,
      )}`,
      ['everything → a.orion'],
    ],
    [
      'at a waypoint it has',
      `${namespaceWith(`${AMBIENT}, istio.io/use-waypoint: a`)}${WAYPOINT}
${virtualService(`{hosts: [a], http: [{${toB}}]}`)}`,
      ['everything → b.orion'],
    ],
    [
      'but no match that asks for labels of callers',
      `${namespaceWith(`${AMBIENT}, istio.io/use-waypoint: a`)}${WAYPOINT}
${virtualService(
  `{hosts: [a], http: [{match: [{sourceLabels: {app: b}}], ${toB}}, {timeout: 1s, ${toB}}]}`,
)}`,
      ['everything → b.orion; times out after 1 s'],
    ],
    [
      'a Service without a selector has the endpoints that are written for it',
      `${slice(true)}${virtualService(`{hosts: [a], http: [{${toB}}]}`)}`,
      ['everything → b.orion'],
    ],
    [
      '… if they are ready',
      `${slice(false)}${virtualService(`{hosts: [a], http: [{${toB}}]}`)}`,
      ['everything → b.orion no-pods'],
    ],
    [
      'the mesh may switch retries off',
      `${retries('{attempts: 0}')}${virtualService(
        `{hosts: [a], http: [{${toB}}]}`,
      )}`,
      ['everything → b.orion; never retries'],
    ],
    [
      '… for rules that say nothing of them',
      `${retries('{attempts: 0}')}${virtualService(
        `{hosts: [a], http: [{retries: {attempts: 4}, ${toB}}]}`,
      )}`,
      ['everything → b.orion; retries 4×'],
    ],
    [
      'an abort with a gRPC status',
      virtualService(
        `{hosts: [a], http: [{fault: {abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}}, ${toB}}]}`,
      ),
      [
        'everything → b.orion; 100 % are answered with gRPC status UNAVAILABLE on purpose',
      ],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(routeLines(ofA(yaml))).toEqual(expected);
  });

  it('says why a rule has no effect in ambient mode', () => {
    const { losers } = ofA(
      `${namespaceWith(AMBIENT)}${virtualService(
        `{hosts: [a], http: [{${toB}}]}`,
      )}`,
    );
    expect(losers.map(({ why }) => why)).toEqual([
      'the caller’s ztunnel reads no routing rules, and the Service has no waypoint that would',
    ]);
  });

  it('looks for the subsets of a ServiceEntry, too', () => {
    const routes = effectiveRoutesOfHost(
      setFromYaml(
        `${pods}${object(
          'ServiceEntry',
          '{hosts: [api.test], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}',
        )}${virtualService(
          '{hosts: [api.test], http: [{route: [{destination: {host: api.test, subset: eu}}]}]}',
        )}`,
      ),
      'api.test',
      { from: { type: 'mesh', namespace: 'orion' } },
    );
    expect(routeLines(routes)).toEqual(['everything → eu no-such-subset']);
  });

  it('fills in what the API server would where an HTTPRoute has no matches', () => {
    const routes = effectiveRoutesOfHost(
      setFromYaml(
        `${pods}${object(
          'Gateway',
          '{gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}',
          'gateway.networking.k8s.io',
        )}${object(
          'HTTPRoute',
          '{parentRefs: [{name: a}], rules: [{matches: [{path: {type: RegularExpression, value: "/a.*"}}], backendRefs: [{name: a, port: 8080}]}, {backendRefs: [{name: b, port: 8080}]}]}',
          'gateway.networking.k8s.io',
        )}`,
      ),
      'x.test',
      { gateway: 'orion/a' },
    );
    expect(routeLines(routes)[0]).toBe('everything → b.orion:8080');
  });
});
