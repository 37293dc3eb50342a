import fc from 'fast-check';
import { malformedObjects, RUNS } from '../__testUtils__/arbitrary';
import { routeObjects } from '../__testUtils__/routeObjects';
import { MeshObjects } from '../MeshObjects';
import { describeLocality } from './describeLocality';
import {
  describeAnswer,
  describeRequests,
  describeTreatment,
} from './describeRule';
import { effectiveRoutes, RouteQuery } from './effectiveRoutes';
import { effectiveRoutesOfHost } from './effectiveRoutesOfHost';
import { localityRouting } from './localityRouting';
import { matchRequest } from './matchRequest';
import type { EffectiveRoutes, RequestOrigin } from './types';
import { waysIn } from './waysIn';

const objects = fc.oneof(
  { weight: 4, arbitrary: routeObjects },
  { weight: 1, arbitrary: malformedObjects },
);

const origin: fc.Arbitrary<RequestOrigin> = fc.oneof(
  fc.record({
    type: fc.constant('mesh' as const),
    namespace: fc.constantFrom('one', 'two'),
    labels: fc.constantFrom(undefined, { app: 'a' }),
  }),
  fc.record({
    type: fc.constant('gateway' as const),
    gateway: fc.constantFrom('one/a', 'one/b'),
  }),
);

const query = fc.record({
  namespace: fc.constant('one'),
  service: fc.constantFrom('a', 'b'),
  from: origin,
  port: fc.constantFrom(undefined, 80, 5432),
});

const request = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/', '/x', '/x/y', '/xy?q=v'),
  headers: fc.constantFrom(undefined, { h: 'v' }),
  port: fc.constantFrom(undefined, 80),
});

/** All that the routes of a query can be asked. */
function everything(set: MeshObjects, asked: RouteQuery) {
  const routes = [
    effectiveRoutes(set, asked),
    effectiveRoutesOfHost(set, 'x.example.com', {
      gateway: asked.service === 'a' ? 'one/a' : 'one/b',
      port: asked.port,
    }),
  ];
  return {
    routes,
    words: routes.flatMap(({ rules }) =>
      rules.map(rule => [
        describeRequests(rule),
        describeTreatment(rule),
        describeAnswer(rule),
      ]),
    ),
    ways: waysIn(set, asked.namespace, asked.service),
    locality: describeLocality(
      localityRouting(set, { ...asked, subset: 'v1', clientNamespace: 'one' }),
    ),
  };
}

/** What the destinations of each rule get together: 1, or 0 where there are none. */
function totals({ rules }: EffectiveRoutes): [wanted: number, total: number][] {
  return rules.map(({ destinations }) => [
    destinations.length > 0 ? 1 : 0,
    destinations.reduce((sum, { share }) => sum + share, 0),
  ]);
}

describe('routes', () => {
  it('never throw, and share out all requests of a rule, whatever the objects look like', () => {
    fc.assert(
      fc.property(objects, query, (given, asked) => {
        const { routes } = everything(MeshObjects.create(given), asked);
        for (const [wanted, total] of routes.flatMap(totals)) {
          expect(total).toBeCloseTo(wanted, 9);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('do not depend on the order of the objects', () => {
    fc.assert(
      fc.property(objects, query, (given, asked) => {
        expect(
          everything(MeshObjects.create([...given].reverse()), asked),
        ).toEqual(everything(MeshObjects.create(given), asked));
      }),
      { numRuns: RUNS },
    );
  });

  it('let one rule or none take a request, and name all rules above it', () => {
    fc.assert(
      fc.property(objects, query, request, (given, asked, sent) => {
        for (const routes of everything(MeshObjects.create(given), asked)
          .routes) {
          const { rule, why, skipped } = matchRequest(routes, sent, asked.from);
          const position = rule
            ? routes.rules.indexOf(rule)
            : routes.rules.length;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(skipped.map(entry => entry.rule)).toEqual(
            routes.rules.slice(0, position),
          );
          expect([why, ...skipped.map(entry => entry.why)]).not.toContain('');
          expect(routes.rules.map(({ index }) => index)).toEqual(
            routes.rules.map((_, index) => index),
          );
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('are after a change what a new set says', () => {
    fc.assert(
      fc.property(
        routeObjects,
        routeObjects,
        query,
        (before, changed, asked) => {
          const set = MeshObjects.create(before);
          everything(set, asked);
          const next = set.with(
            changed.map(object => ({ type: 'put', object })),
          );
          expect(everything(next, asked)).toEqual(
            everything(MeshObjects.create([...before, ...changed]), asked),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });
});
