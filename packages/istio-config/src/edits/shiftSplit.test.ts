import { versionSplits } from '../routes/versionSplits';
import { setFromYaml } from '../setFromYaml';
import { patched, toJsonPatch } from './PatchOperation';
import { planShift, whyNoShift } from './shiftSplit';

const SHOP = { namespace: 'one', service: 'shop' };

const setOf = (rules: string, kind = 'HTTPRoute') =>
  setFromYaml(`
apiVersion: v1
kind: Service
metadata: { namespace: one, name: shop }
spec: { ports: [{ port: 80 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { namespace: one, name: shop, resourceVersion: "7" }
spec:
  parentRefs: [{ group: "", kind: Service, name: shop }]
  rules: [${rules}]
`);
const to = (...backends: string[]) =>
  `{ backendRefs: [${backends.map(one => `{ port: 80, ${one} }`)}] }`;
const HALF = to('name: shop', 'name: shop-next');

describe('planShift for routes of the Gateway API', () => {
  it.each(['HTTPRoute', 'GRPCRoute'])(
    'knows the shares of an %s by its Services, those elsewhere by their namespaces',
    kind => {
      const { splits } = versionSplits(
        setOf(
          [
            to('name: shop, weight: 2', 'name: shop, namespace: two'),
            HALF,
            to('name: shop'),
          ].join(),
          kind,
        ),
        SHOP,
      );
      expect(
        splits.map(({ between, weights, source }) => [
          between,
          source.at[2],
          weights,
        ]),
      ).toEqual(
        expect.arrayContaining([
          ['backends', 0, { shop: 67, 'two/shop': 33 }],
          ['backends', 1, { shop: 50, 'shop-next': 50 }],
        ]),
      );
      expect(splits).toHaveLength(2);
    },
  );

  it('writes the weights that differ, by name and not by order, and nothing of a backend’s filters', () => {
    const set = setOf(
      to(
        'name: shop, weight: 9, filters: [{ type: RequestHeaderModifier }]',
        'name: "1", namespace: two, weight: 1',
      ),
    );
    const [split] = versionSplits(set, SHOP).splits;
    const { edits, sentence } = planShift(set, split, {
      'two/1': 25,
      shop: 75,
    });
    expect(sentence).toBe('15 % of requests move from shop to two/1.');
    const [edit] = edits;
    if (edit.action !== 'change') throw new Error('a change');
    const list = '/spec/rules/0/backendRefs';
    expect(toJsonPatch(edit.operations)).toEqual([
      { op: 'test', path: `${list}/0/name`, value: 'shop' },
      { op: 'test', path: `${list}/0/weight`, value: 9 },
      { op: 'replace', path: `${list}/0/weight`, value: 75 },
      { op: 'test', path: `${list}/1/name`, value: '1' },
      { op: 'test', path: `${list}/1/namespace`, value: 'two' },
      { op: 'test', path: `${list}/1/weight`, value: 1 },
      { op: 'replace', path: `${list}/1/weight`, value: 25 },
    ]);
    const { before } = edit;
    const after = patched(before, edit.operations);
    expect(after.spec.rules[0].backendRefs[0]).toEqual({
      ...before.spec.rules[0].backendRefs[0],
      weight: 75,
    });
  });

  it('writes nothing where the shares are so already, whatever the numbers are', () => {
    const set = setOf(HALF);
    const [split] = versionSplits(set, SHOP).splits;
    expect(
      planShift(set, split, { shop: 50, 'shop-next': 50 }).edits,
    ).toMatchObject([{ operations: [] }]);
  });

  it.each<[Record<string, number>, string]>([
    [
      { shop: 90, other: 10 },
      'There is no backend "other"; there are shop, shop-next.',
    ],
    [{ shop: 90 }, 'The weights add up to 90, not to 100.'],
    [
      { shop: 90.5, 'shop-next': 9.5 },
      'A weight is 90.5; expected a whole number from 0 to 100.',
    ],
  ])('refuses %j', (weights, says) => {
    const set = setOf(HALF);
    const [split] = versionSplits(set, SHOP).splits;
    expect(() => planShift(set, split, weights)).toThrow(says);
  });

  it.each<[string, string | undefined]>([
    [HALF, undefined],
    [to('name: shop'), 'it has one place to send to'],
    [to('name: shop', 'name: shop, port: 81'), 'it names shop twice'],
    [
      to('name: shop', 'name: x, kind: Bucket, group: example.com'),
      'it sends to Bucket x, and only shares of Services are known',
    ],
    [
      to('name: shop, weight: 0', 'name: x, weight: 0'),
      'all its backends weigh 0',
    ],
  ])('offers a rule %s only where its shares can be told', (rule, why) => {
    const set = setOf(rule);
    const { splits, routes } = versionSplits(set, SHOP);
    expect(splits).toHaveLength(why ? 0 : 1);
    const said = whyNoShift(set, routes.rules[0].source!);
    expect(said?.slice(0, 55)).toBe(
      why &&
        'The weights of this rule are not moved from here: '
          .concat(why)
          .slice(0, 55),
    );
    expect(said ?? '').toContain(why ?? '');
  });
});
