import type { KubeObject } from '@meshdeck/istio-config';
import fc from 'fast-check';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import { generatedRouteRules } from './__testUtils__/generatedRouteRules';
import { boundService, weighedRoute } from './__testUtils__/weighedRoute';
import { written } from './__testUtils__/weightedService';

jest.setTimeout(120_000);

const CONFIGURATIONS = 40;
const NAMES = Array.from(
  { length: CONFIGURATIONS },
  (_item, number) => `shop-${number}`,
);
const KINDS = ['HTTPRoute', 'GRPCRoute'] as const;

const kindOf = (number: number) => KINDS[number % KINDS.length];

const servicesOf = (namespace: string, name: string) =>
  ['', '-next', '-last'].map(end =>
    boundService(namespace, `${name}${end}`, `component:default/${name}`),
  );

/** The object but for the weights of one rule. */
function withoutWeights(object: KubeObject, position: number): string {
  const copy = structuredClone(written(object)) as KubeObject;
  const rule = copy.spec.rules[position];
  rule.backendRefs = rule.backendRefs.map(
    ({ weight: _weight, ...rest }: any) => rest,
  );
  return JSON.stringify(copy);
}

describe.each(TEST_CLUSTERS)('generated routes on %s', (_name, start) => {
  let cluster: TestCluster;
  let portal: ChangingPortal;
  let namespace: string;

  const read = (number: number) =>
    cluster.get({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: kindOf(number),
      namespace,
      name: NAMES[number],
    });

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    namespace = `made-routes-${cluster.id}`;
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    for (const [seed, name] of NAMES.entries()) {
      const [rules] = fc.sample(generatedRouteRules(name), {
        numRuns: 1,
        seed,
      });
      for (const object of [
        ...servicesOf(namespace, name),
        weighedRoute(kindOf(seed), { namespace, name }, { rules }),
      ]) {
        await cluster.apply(object, 'meshdeck');
      }
    }
    portal = await ChangingPortal.open({
      cluster,
      entities: NAMES.map(name =>
        component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
      ),
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await cluster.stop();
  });

  it('keep every byte but the weights of the rule that was chosen', async () => {
    const moved: string[] = [];
    for (const [number, name] of NAMES.entries()) {
      const place = { namespace, name };
      const offered = await portal.offered(place);
      if (offered.length === 0) {
        continue;
      }
      const { rule, weights: now } = offered[number % offered.length];
      const versions = Object.keys(now);
      const share = (number * 37) % 101;
      const weights = Object.fromEntries(
        versions.map((version, index) => [
          version,
          [share, 100 - share, 0][index],
        ]),
      );
      const before = await read(number);
      const seen = await portal.preview(place, { rule, weights });
      const { status, body } = await portal.apply(place, {
        rule,
        weights,
        resourceVersion: seen.body.resourceVersion,
      });
      const after = await read(number);
      const position = Number(/\d+/.exec(rule.path));
      expect([
        status,
        body.remark ?? body.error?.message,
        withoutWeights(after, position),
      ]).toEqual([200, undefined, withoutWeights(before, position)]);
      const list: { name: string; weight?: number }[] =
        after.spec.rules[position].backendRefs;
      expect(
        Object.fromEntries(list.map(one => [one.name, one.weight ?? 1])),
      ).toEqual(weights);
      moved.push(`${after.kind} ${rule.path} ${versions.length}`);
    }
    // Or the generator makes nothing that could go wrong.
    expect(moved.length).toBeGreaterThan(CONFIGURATIONS / 2);
    expect(new Set(moved).size).toBeGreaterThan(8);
  });
});
