import { service } from '../__fixtures__/orion';
import { pathOf } from '../kube/place';
import { setFromYaml } from '../setFromYaml';
import { describeTreatment } from './describeRule';
import { trafficPolicyOf } from './destinationRules';
import { effectiveRoutes } from './effectiveRoutes';

const route = (name: string, spec: string, created = '2026-01-01') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: orion, creationTimestamp: "${created}T00:00:00Z"}
spec: ${spec}
---
`;
const to = (host: string) => `route: [{destination: {host: ${host}}}]`;
const rulesOf = (yaml: string, gateway?: string) =>
  effectiveRoutes(setFromYaml(`${service('a')}${service('b')}${yaml}`), {
    namespace: 'orion',
    service: 'a',
    from: gateway
      ? { type: 'gateway', gateway }
      : { type: 'mesh', namespace: 'orion' },
  }).rules.map(rule => [
    rule.source?.object.name,
    rule.source && pathOf(rule.source.at),
    rule.matches.map(match => match.uri),
  ]);

describe('effectiveRoutes', () => {
  it('puts the rules of a delegate in its place, narrowed by the root', () => {
    expect(
      rulesOf(
        route(
          'root',
          `{hosts: [a], http: [{match: [{uri: {prefix: /b}}], delegate: {name: part}}, {${to(
            'a',
          )}}]}`,
        ) +
          route(
            'part',
            `{http: [{match: [{uri: {prefix: /b/c}}], ${to(
              'b',
            )}}, {match: [{uri: {prefix: /z}}], ${to('b')}}, {${to('b')}}]}`,
          ),
      ),
    ).toEqual([
      ['part', 'spec.http[0]', [{ prefix: '/b/c' }]],
      ['part', 'spec.http[2]', [{ prefix: '/b' }]],
      ['root', 'spec.http[1]', []],
    ]);
  });

  it.each([
    [
      'a method that the root leaves open',
      '{uri: {prefix: /b}}',
      '{method: {exact: GET}}',
      1,
    ],
    ['another method', '{method: {exact: POST}}', '{method: {exact: GET}}', 0],
    ['a wider path', '{uri: {prefix: /b/c}}', '{uri: {prefix: /b}}', 0],
    [
      'an exact path within the prefix',
      '{uri: {prefix: /b}}',
      '{uri: {exact: /b/c}}',
      1,
    ],
    [
      'a regex, which cannot be compared',
      '{uri: {prefix: /b}}',
      '{uri: {regex: /b/.*}}',
      0,
    ],
    [
      'another header',
      '{headers: {x: {exact: a}}}',
      '{headers: {y: {exact: b}}}',
      1,
    ],
    [
      'the same header with another value',
      '{headers: {x: {exact: a}}}',
      '{headers: {x: {exact: b}}}',
      0,
    ],
    [
      'one match of two outside the root’s',
      '{uri: {prefix: /b}}',
      '{uri: {prefix: /b/c}}, {uri: {prefix: /z}}',
      0,
    ],
    ['another port', '{port: 80}', '{port: 81}', 0],
  ])('takes from a delegate %s: %s and %s', (_, root, own, count) => {
    expect(
      rulesOf(
        route(
          'root',
          `{hosts: [a], http: [{match: [${root}], delegate: {name: part}}, {${to(
            'a',
          )}}]}`,
        ) + route('part', `{http: [{match: [${own}], ${to('b')}}]}`),
      ),
    ).toHaveLength(count + 1);
  });

  it('takes nothing from a delegate that is not exported to the root', () => {
    expect(
      rulesOf(
        route(
          'root',
          `{hosts: [a], http: [{delegate: {name: part, namespace: other}}, {${to(
            'a',
          )}}]}`,
        ) +
          route('part', `{exportTo: ["."], http: [{${to('b')}}]}`).replace(
            'namespace: orion',
            'namespace: other',
          ),
      ).map(([name]) => name),
    ).toEqual(['root']);
  });

  const two =
    route(
      'young',
      `{hosts: [a], gateways: [mesh, g], http: [{${to('b')}}]}`,
      '2026-02-01',
    ) +
    route(
      'old',
      `{hosts: [a], gateways: [mesh, g], http: [{match: [{uri: {prefix: /x}}], ${to(
        'a',
      )}}]}`,
    );

  it('lets the oldest alone decide in the mesh', () => {
    expect(rulesOf(two).map(([name]) => name)).toEqual(['old']);
  });

  it('appends younger ones on a gateway', () => {
    expect(rulesOf(two, 'orion/g').map(([name]) => name)).toEqual([
      'old',
      'young',
    ]);
  });

  it('puts what takes everything last on a gateway, whoever wrote it', () => {
    const swapped = two.replace(/name: (old|young)/g, (_, name) =>
      name === 'old' ? 'name: young' : 'name: old',
    );
    const yaml = swapped.replace('2026-02-01', '2025-01-01');
    expect(
      rulesOf(yaml, 'orion/g').map(([name, , matches]) => [name, matches]),
    ).toEqual([
      ['young', [{ prefix: '/x' }]],
      ['old', []],
    ]);
  });

  it('follows no circle of delegates', () => {
    expect(
      rulesOf(
        route('root', '{hosts: [a], http: [{delegate: {name: one}}]}') +
          route('one', '{http: [{delegate: {name: two}}]}') +
          route('two', '{http: [{delegate: {name: one}}]}'),
      ),
    ).toEqual([[undefined, undefined, []]]);
  });

  it('says in words what happens to headers, path and origins', () => {
    const set = setFromYaml(
      `${service('a')}${route(
        'a',
        `{hosts: [a], http: [{${to(
          'a',
        )}, rewrite: {uri: /v2}, headers: {request: {set: {x-a: "1"}}, response: {remove: [server]}}, corsPolicy: {allowOrigins: [{exact: "https://x"}]}}]}`,
      )}`,
    );
    const [rule] = effectiveRoutes(set, {
      namespace: 'orion',
      service: 'a',
      from: { type: 'mesh', namespace: 'orion' },
    }).rules;
    expect(describeTreatment(rule)).toEqual([
      'the path becomes /v2',
      'sets x-a on requests',
      'removes server on responses',
      'browsers may call from https://x',
    ]);
  });
});

describe('trafficPolicyOf', () => {
  it('lays the two blocks of the mesh’s default policy under those of the rule', () => {
    const set = setFromYaml(`${service('a')}
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: "defaultTrafficPolicy: {connectionPool: {tcp: {maxConnections: 4}}, outlierDetection: {interval: 9s}, tls: {mode: DISABLE}}"
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: orion}
spec: {host: a, trafficPolicy: {outlierDetection: {interval: 5s}}}
`);
    const { policy, sources } = trafficPolicyOf(set, {
      namespace: 'orion',
      service: 'a',
      clientNamespace: 'orion',
    });
    expect(policy).toEqual({
      connectionPool: { tcp: { maxConnections: 4 } },
      outlierDetection: { interval: '5s' },
    });
    expect(sources.connectionPool.object.kind).toBe('ConfigMap');
  });
});
