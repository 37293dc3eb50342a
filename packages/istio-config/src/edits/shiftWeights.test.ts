import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { weightConfigurations } from '../__testUtils__/weightConfigurations';
import type { KubeObject } from '../kube/KubeObject';
import { MeshObjects } from '../MeshObjects';
import { versionSplits } from '../routes/versionSplits';
import { setFromYaml } from '../setFromYaml';
import { patched, toJsonPatch } from './PatchOperation';
import { describeShift, shiftWeights } from './shiftWeights';

const AUTH = { namespace: 'one', service: 'auth' };
const CONFIGURATIONS = 2000;

/** Any weights of some versions that add up to 100. */
const weightsOf = (versions: string[], cuts: number[]) => {
  const ends = [
    ...cuts.slice(0, versions.length - 1).sort((a, b) => a - b),
    100,
  ];
  return Object.fromEntries(
    versions.map((version, index) => [
      version,
      ends[index] - (index > 0 ? ends[index - 1] : 0),
    ]),
  );
};

/** What the object says once the weights of one rule are covered up, and what was added behind its destinations. */
function withoutWeights(object: any, timeout: string, entries: number): string {
  const copy = structuredClone(object);
  const rule = copy.spec.http.find((one: any) => one.timeout === timeout);
  rule.route = rule.route
    .slice(0, entries)
    .map(({ weight: _weight, ...rest }: any) => rest);
  return JSON.stringify(copy);
}

/** Version to per cent, as Istio counts: who is alone gets everything, whatever its weight. */
function readShares({ route }: any): Record<string, number> {
  const total = route.reduce((sum: number, { weight = 0 }) => sum + weight, 0);
  return Object.fromEntries(
    route.map(({ destination, weight = 0 }: any) => [
      destination.subset,
      route.length === 1 ? 100 : Math.round((weight / total) * 1e6) / 1e4,
    ]),
  );
}

const objectsOf = (set: MeshObjects) =>
  set.all('VirtualService') as KubeObject[];

describe('shiftWeights', () => {
  const configuration = weightConfigurations.filter(
    objects =>
      versionSplits(MeshObjects.create(objects), AUTH).splits.length > 0,
  );

  it(`changes the weights of the chosen rule and no other byte, in ${CONFIGURATIONS} configurations`, () => {
    const met = { delegated: 0, renumbered: 0, added: 0, several: 0 };
    fc.assert(
      fc.property(
        configuration,
        fc.nat(),
        fc.array(fc.integer({ min: 0, max: 100 }), {
          minLength: 2,
          maxLength: 2,
        }),
        (objects, which, cuts) => {
          const set = MeshObjects.create(objects);
          const { splits, routes } = versionSplits(set, AUTH);
          const split = splits[which % splits.length];
          const weights = weightsOf(Object.keys(split.weights), cuts);
          // The rule that the page shows, found again by its own mark and not by what names its place.
          const timeout = `${split.rules[0].timeoutMs}ms`;
          const [before, ...more] = objectsOf(set).filter(({ spec }) =>
            spec.http.some((rule: any) => rule.timeout === timeout),
          );
          expect(more).toEqual([]);
          const position = before.spec.http.findIndex(
            (rule: any) => rule.timeout === timeout,
          );
          const entries = before.spec.http[position].route.length;

          const { kind, namespace, name } = split.source.object;
          const object = set.get(kind, namespace, name)!;
          const operations = shiftWeights(object, split, weights);
          const sent = toJsonPatch(operations) as any[];
          const after: any = structuredClone(object);
          expect(applyPatch(after, sent)).toEqual(sent.map(() => null));

          expect(object).toBe(before);
          expect(withoutWeights(after, timeout, entries)).toBe(
            withoutWeights(before, timeout, entries),
          );
          expect(readShares(after.spec.http[position])).toMatchObject(
            Object.fromEntries(
              Object.entries(weights).filter(([, weight]) => weight > 0),
            ),
          );
          const route = `/spec/http/${position}/route/`;
          const writes = sent.filter(({ op }) => op !== 'test');
          expect(sent.filter(({ path }) => !path.startsWith(route))).toEqual(
            [],
          );
          expect(
            writes.filter(
              ({ path }) => !/^\d+(\/weight)?$/.test(path.slice(route.length)),
            ),
          ).toEqual([]);
          expect(patched(object, operations)).toEqual(after);

          // What callers meet: the chosen rule's split is what was wanted, every other one what it was.
          const then = versionSplits(
            set.with([{ type: 'put', object: after }]),
            AUTH,
          );
          expect(then.splits.map(one => one.weights)).toEqual(
            splits.map(one => (one === split ? weights : one.weights)),
          );

          const { source } = split;
          met.delegated += source.object.name.startsWith('part') ? 1 : 0;
          met.renumbered += split.rules[0].index === source.at[2] ? 0 : 1;
          met.added += after.spec.http[position].route.length - entries;
          met.several += routes.losers.length > 0 ? 1 : 0;
        },
      ),
      { numRuns: CONFIGURATIONS },
    );
    // Or the property says nothing of what it is for.
    expect(Math.min(...Object.values(met))).toBeGreaterThan(100);
  });

  const set = setFromYaml(`
apiVersion: v1
kind: Service
metadata: {name: auth, namespace: one}
spec: {selector: {app: auth}, ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: auth, namespace: one}
spec:
  host: auth
  subsets: [{name: stable, labels: {version: stable}}, {name: canary, labels: {version: canary}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: auth, namespace: one}
spec:
  hosts: [auth]
  http:
    - match: [{uri: {prefix: /login}}]
      route:
        - {destination: {host: auth, subset: stable}, weight: 90}
        - {destination: {host: auth, subset: canary}, weight: 10}
    - match: [{uri: {prefix: /old}}]
      redirect: {uri: /new}
    - match: [{uri: {prefix: /other}}]
      route: [{destination: {host: somebody-else}}]
    - match: [{uri: {prefix: /parts}}]
      route:
        - {destination: {host: auth, subset: stable}, weight: 1}
        - {destination: {host: auth, subset: canary}, weight: 2}
    - route: [{destination: {host: auth, subset: stable, port: {number: 80}}, headers: {response: {set: {x: "y"}}}}]
`);
  const object = set.get('VirtualService', 'one', 'auth')!;
  const { splits } = versionSplits(set, AUTH);
  const at = (position: number) =>
    splits.find(({ source }) => source.at[2] === position)!;

  it('is for the rules that send everything to versions of the service', () => {
    expect(splits.map(({ source, weights }) => [source.at, weights])).toEqual([
      [['spec', 'http', 0], { stable: 90, canary: 10 }],
      [['spec', 'http', 3], { stable: 33, canary: 67 }],
      [['spec', 'http', 4], { stable: 100, canary: 0 }],
    ]);
  });

  it('writes two numbers and takes nothing for granted that it does not say', () => {
    expect(
      toJsonPatch(shiftWeights(object, at(0), { stable: 50, canary: 50 })),
    ).toEqual([
      ...[0, 1].flatMap(index => {
        const { destination, weight } = object.spec.http[0].route[index];
        const path = `/spec/http/0/route/${index}`;
        return [
          { op: 'test', path: `${path}/destination/host`, value: 'auth' },
          {
            op: 'test',
            path: `${path}/destination/subset`,
            value: destination.subset,
          },
          { op: 'test', path: `${path}/weight`, value: weight },
        ];
      }),
      { op: 'replace', path: '/spec/http/0/route/0/weight', value: 50 },
      { op: 'replace', path: '/spec/http/0/route/1/weight', value: 50 },
    ]);
  });

  it('adds a version that the rule did not name, reached like the first', () => {
    const after = patched(
      object,
      shiftWeights(object, at(4), { stable: 75, canary: 25 }),
    );
    const headers = { response: { set: { x: 'y' } } };
    const port = { number: 80 };
    expect(after.spec.http[4].route).toEqual([
      {
        destination: { host: 'auth', subset: 'stable', port },
        headers,
        weight: 75,
      },
      {
        destination: { host: 'auth', subset: 'canary', port },
        headers,
        weight: 25,
      },
    ]);
  });

  it.each([
    [0, { stable: 90, canary: 10 }],
    [4, { stable: 100, canary: 0 }],
    [4, { stable: 100 }],
  ])(
    'writes nothing of rule %i where %j holds already',
    (position, weights) => {
      const operations = shiftWeights(object, at(position), weights);
      expect(operations.filter(({ op }) => op !== 'test')).toEqual([]);
    },
  );

  it.each([
    [{ stable: 50, canary: 49 }, 'add up to 99, not to 100'],
    [{ stable: 100, beta: 0 }, 'no subset "beta"; there are stable, canary'],
    [JSON.parse('{"__proto__": 100}'), 'no subset "__proto__"'],
    [{ constructor: 100 }, 'no subset "constructor"'],
    [{ stable: 100.5, canary: -0.5 }, 'weight of stable is 100.5'],
    [{ stable: 150, canary: -50 }, 'weight of stable is 150'],
    [{}, 'add up to 0'],
  ])('refuses %j', (weights, message) => {
    expect(() => shiftWeights(object, at(0), weights)).toThrow(message);
  });
});

describe('describeShift', () => {
  it.each([
    [
      { stable: 60, canary: 40 },
      '15 % of requests move from stable to canary.',
    ],
    [{ stable: 75, canary: 25 }, 'Nothing changes.'],
    [{ stable: 100 }, '25 % of requests move from canary to stable.'],
  ])('%j', (weights, sentence) => {
    expect(describeShift({ stable: 75, canary: 25 }, weights)).toBe(sentence);
  });
});
