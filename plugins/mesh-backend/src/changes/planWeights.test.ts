import { setFromYaml } from '@meshdeck/istio-config';
import fc from 'fast-check';
import { describeMove, planWeights, readWeights } from './planWeights';

const PLACEMENT = {
  id: 'c:orion:auth',
  cluster: 'c',
  namespace: 'orion',
  service: 'auth',
};

const set = setFromYaml(`
apiVersion: v1
kind: Service
metadata: {name: auth, namespace: orion}
spec: {selector: {app: auth}, ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: auth, namespace: orion}
spec:
  host: auth
  subsets: [{name: stable, labels: {version: stable}}, {name: canary, labels: {version: canary}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: auth, namespace: orion, resourceVersion: "7"}
spec:
  hosts: [auth]
  http:
    - match: [{uri: {prefix: /login}}]
      route:
        - {destination: {host: auth, subset: stable}, weight: 90, headers: {response: {set: {x: y}}}}
        - {destination: {host: auth, subset: canary}, weight: 10}
      timeout: 10s
    - match: [{uri: {prefix: /old}}]
      redirect: {uri: /new}
    - match: [{uri: {prefix: /other}}]
      route: [{destination: {host: somebody-else}}]
    - route: [{destination: {host: auth, subset: stable, port: {number: 80}}}]
`);
const object = set.get('VirtualService', 'orion', 'auth')!;
const planner = readWeights(set, PLACEMENT);
const plan = (ruleIndex: number, weights: Record<string, number>) =>
  planWeights(object, planner, { ruleIndex, weights });

describe('readWeights', () => {
  it('offers the rules that send everything to versions of this service', () => {
    expect(planner.rules).toEqual([
      { index: 0, requests: ['/login*'], weights: { stable: 90, canary: 10 } },
      {
        index: 3,
        requests: ['everything else'],
        weights: { stable: 100, canary: 0 },
      },
    ]);
  });
});

describe('planWeights', () => {
  it('moves weights and leaves everything else as it is', () => {
    const after = plan(0, { stable: 50, canary: 50 });
    expect(after.spec.http[0]).toEqual({
      ...object.spec.http[0],
      route: [
        { ...object.spec.http[0].route[0], weight: 50 },
        { ...object.spec.http[0].route[1], weight: 50 },
      ],
    });
    expect(after.spec.http.slice(1)).toEqual(object.spec.http.slice(1));
    expect(object.spec.http[0].route[0].weight).toBe(90);
  });

  it('adds a version that the rule did not name, at the same port', () => {
    expect(plan(3, { stable: 75, canary: 25 }).spec.http[3].route).toEqual([
      {
        destination: { host: 'auth', subset: 'stable', port: { number: 80 } },
        weight: 75,
      },
      {
        destination: { host: 'auth', subset: 'canary', port: { number: 80 } },
        weight: 25,
      },
    ]);
  });

  it.each([
    [0, { stable: 50, canary: 49 }, 'add up to 99'],
    [0, { stable: 100, beta: 0 }, 'no subset "beta"'],
    [1, { stable: 100 }, 'does not split requests'],
    [2, { stable: 100 }, 'does not split requests'],
    [9, { stable: 100 }, 'does not split requests'],
    [0, JSON.parse('{"__proto__": 100}'), 'no subset "__proto__"'],
  ])('refuses rule %i with %j', (index, weights, message) => {
    expect(() => plan(index, weights)).toThrow(message);
  });

  it('reads back what it wrote, for any split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), canary => {
        const weights = { stable: 100 - canary, canary };
        const after = readWeights(
          set.with([{ type: 'put', object: plan(0, weights) }]),
          PLACEMENT,
        );
        expect(after.rules[0].weights).toEqual(weights);
      }),
    );
  });
});

describe('describeMove', () => {
  it.each([
    [
      { stable: 60, canary: 40 },
      '15 % of requests move from stable to canary.',
    ],
    [{ stable: 75, canary: 25 }, 'Nothing changes.'],
    [
      { stable: 100, canary: 0 },
      '25 % of requests move from canary to stable.',
    ],
  ])('%j', (weights, sentence) => {
    expect(describeMove({ stable: 75, canary: 25 }, weights)).toBe(sentence);
  });
});
