import { routeLines } from '../../__testUtils__/routeLines';
import { pathOf } from '../../kube/place';
import { matchRequest } from '../matchRequest';
import {
  backend,
  MESH,
  route,
  routes,
  TO_A,
  TO_A_FROM_AFAR,
} from './__testUtils__/routesOfA';

describe('routes of the Gateway API inside the mesh, beside others', () => {
  describe('of several namespaces', () => {
    const yaml =
      route(
        'producer',
        `{${TO_A}, rules: [{backendRefs: [${backend('a')}]}]}`,
      ) +
      route(
        'consumer',
        `{${TO_A_FROM_AFAR}, rules: [{backendRefs: [{name: c, port: 8080}]}]}`,
        { namespace: 'other', created: '2026-02-01' },
      );

    it.each([
      ['orion', 'producer', 'it is for callers in other only'],
      [
        'other',
        'consumer',
        'consumer names the same host and is nearer to the caller',
      ],
      ['third', 'producer', 'it is for callers in other only'],
    ])('callers in %s meet the %s’s route', (namespace, expected, why) => {
      const decided = routes(yaml, { type: 'mesh', namespace });
      expect(decided.decidedBy).toMatchObject({
        kind: 'HTTPRoute',
        name: expected,
      });
      expect(decided.losers.map(loser => loser.why)).toEqual([why]);
    });
  });

  it('merges the routes of one namespace by their matches, then by age', () => {
    const decided = routes(
      route(
        'young',
        `{${TO_A}, rules: [{matches: [{path: {value: /a}}], backendRefs: [${backend(
          'b',
        )}]}, {matches: [{path: {value: /long}}], backendRefs: [${backend(
          'b',
        )}]}]}`,
        { created: '2026-02-01' },
      ) +
        route(
          'old',
          `{${TO_A}, rules: [{matches: [{path: {value: /a}}], backendRefs: [${backend(
            'a',
          )}]}]}`,
        ),
    );
    expect(
      decided.rules.map(({ index, source }) => [
        index,
        source?.object.name,
        source && pathOf(source.at),
      ]),
    ).toEqual([
      [0, 'young', 'spec.rules[1]'],
      [1, 'old', 'spec.rules[0]'],
      [2, 'young', 'spec.rules[0]'],
    ]);
  });

  describe('beside a VirtualService for the same host', () => {
    const virtualService = (more: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: orion, creationTimestamp: "2026-01-15T00:00:00Z"}
spec: {hosts: [a], http: [{route: [{destination: {host: b}}]}]${more}}
---
`;
    const httpRoute = (created: string) =>
      route('r', `{${TO_A}, rules: [{backendRefs: [${backend('a')}]}]}`, {
        created,
      });

    it.each([
      [
        'for callers in its own namespace the route wins, though younger',
        '2026-02-01',
        '',
        'orion',
        'r',
      ],
      ['elsewhere the older VirtualService', '2026-02-01', '', 'third', 'v'],
      ['elsewhere the older route', '2026-01-01', '', 'third', 'r'],
      [
        'a VirtualService for its own namespace alone comes first there',
        '2026-01-01',
        ', exportTo: ["."]',
        'orion',
        'v',
      ],
    ])('%s', (_, created, more, namespace, expected) => {
      const decided = routes(httpRoute(created) + virtualService(more), {
        type: 'mesh',
        namespace,
      });
      expect(decided.decidedBy?.name).toBe(expected);
      expect(decided.losers).toHaveLength(1);
    });
  });

  it('merges the HTTPRoutes and GRPCRoutes of a namespace', () => {
    const merged =
      route(
        'calls',
        `{${TO_A}, rules: [{matches: [{method: {service: shop.Orders, method: Get}}], backendRefs: [${backend(
          'b',
        )}]}]}`,
        { kind: 'GRPCRoute', created: '2026-02-01' },
      ) +
      route('pages', `{${TO_A}, rules: [{backendRefs: [${backend('a')}]}]}`);
    expect(routeLines(routes(merged))).toEqual([
      '/shop.Orders/Get → b.orion:8080',
      'everything else → a.orion:8080',
    ]);
    expect(routes(merged).losers).toEqual([]);
  });

  describe('with a port in the reference', () => {
    const twoPorts = `
apiVersion: v1
kind: Service
metadata: {name: a, namespace: orion}
spec: {selector: {app: a}, ports: [{name: http, port: 8080}, {name: http-admin, port: 9090}]}
---
${route(
  'r',
  `{parentRefs: [{group: "", kind: Service, name: a, port: 9090}], rules: [{backendRefs: [${backend(
    'b',
  )}]}]}`,
)}`;

    it('leaves the other ports to the Service', () => {
      expect(routeLines(routes(twoPorts))).toEqual([
        'port 9090 → b.orion:8080',
        'everything else → a.orion',
      ]);
      expect(routeLines(routes(twoPorts, MESH, 8080))).toEqual([
        'everything → a.orion',
      ]);
      expect(
        matchRequest(routes(twoPorts), {
          method: 'GET',
          path: '/',
          port: 8080,
        }),
      ).toMatchObject({
        rule: { index: 1 },
        skipped: [{ why: 'the port is not 9090' }],
      });
    });

    it.each([undefined, 9090])(
      'leaves what it does not take on that port to nobody, also where other routes take all ports (asked on %s)',
      asked => {
        const consumers = route(
          'own',
          `{parentRefs: [{group: "", kind: Service, name: a, namespace: orion, port: 9090}], rules: [{matches: [{path: {value: /own}}], backendRefs: [${backend(
            'c',
          )}]}]}`,
          { namespace: 'other' },
        );
        const producers = route(
          'all',
          `{${TO_A}, rules: [{backendRefs: [${backend('b')}]}]}`,
        );
        const objects = twoPorts.replace(/---\n[^]*/, '---\n') + consumers;
        const origin = { type: 'mesh', namespace: 'other' } as const;
        const status = (more: string, path: string) => {
          const decided = routes(objects + more, origin, asked);
          const { rule } = matchRequest(decided, {
            method: 'GET',
            path,
            port: 9090,
          });
          return rule?.destinations[0]?.host ?? rule?.directResponse?.status;
        };
        for (const more of ['', producers]) {
          expect(status(more, '/own')).toBe('c.other.svc.cluster.local');
          expect([undefined, 404]).toContain(status(more, '/'));
        }
      },
    );
  });
});
