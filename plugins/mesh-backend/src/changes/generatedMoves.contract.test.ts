import type { KubeObject } from '@meshdeck/istio-config';
import fc from 'fast-check';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import { generatedRules } from './__testUtils__/generatedRules';
import {
  virtualService,
  weightedService,
  written,
} from './__testUtils__/weightedService';

const CONFIGURATIONS = 40;

const NAMES = Array.from(
  { length: CONFIGURATIONS },
  (_item, number) => `shop-${number}`,
);

describe.each(TEST_CLUSTERS)('generated rules on %s', (_name, start) => {
  let cluster: TestCluster;
  let portal: ChangingPortal;
  let namespace: string;
  let parts: string;

  const refs = (name: string) =>
    [namespace, parts].map(place => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace: place,
      name,
    }));
  const read = (name: string) =>
    Promise.all(refs(name).map(ref => cluster.get(ref)));

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    namespace = `made-${cluster.id}`;
    parts = `parts-${cluster.id}`;
    const bound = NAMES.map(name => `component:default/${name}`).join();
    for (const name of [namespace, parts]) {
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, annotations: { 'meshdeck.io/entity': bound } },
      });
    }
    for (const [seed, name] of NAMES.entries()) {
      const [{ root, delegate }] = fc.sample(
        generatedRules(`${name}.${namespace}.svc.cluster.local`, {
          namespace: parts,
          name,
        }),
        { numRuns: 1, seed },
      );
      for (const object of [
        ...weightedService(namespace, name, { http: root }),
        virtualService({ namespace: parts, name }, { http: delegate }),
      ]) {
        await cluster.apply(object, 'meshdeck');
      }
      await cluster.patch(refs(name)[0], {
        spec: { gateways: ['mesh', 'edge/gateway'] },
      });
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
      const rules = await portal.offered(place);
      if (rules.length === 0) {
        continue;
      }
      const chosen = rules[number % rules.length];
      const { rule } = chosen;
      const share = (number * 37) % 101;
      const weights = { stable: share, canary: 100 - share };
      const before = await read(name);
      const seen = await portal.preview(place, { rule, weights });
      const { status, body } = await portal.apply(place, {
        rule,
        weights,
        resourceVersion: seen.body.resourceVersion,
      });
      const after = await read(name);
      const inOrder = refs(name).findIndex(
        ref => ref.namespace === rule.object.namespace,
      );
      const position = Number(/\d+/.exec(rule.path));
      const entries = before[inOrder].spec.http[position].route.length;
      const texts = (objects: KubeObject[]) =>
        objects.map((object, index) =>
          index === inOrder
            ? withoutWeights(object, position, entries)
            : JSON.stringify(written(object)),
        );
      expect([
        status,
        body.remark ?? body.error?.message,
        ...texts(after),
      ]).toEqual([200, undefined, ...texts(before)]);
      await portal.untilShown(
        place,
        rules.map(one => (one === chosen ? weights : one.weights)),
      );
      moved.push(`${inOrder} ${rule.path} ${chosen.number}`);
    }
    // Or the generator makes nothing that could go wrong.
    expect(moved.length).toBeGreaterThan(CONFIGURATIONS / 2);
    expect(moved.filter(line => line.startsWith('1'))).not.toHaveLength(0);
    expect(new Set(moved).size).toBeGreaterThan(5);
  });
});

/** The object but for the weights of one rule, and what was added behind its destinations. */
function withoutWeights(
  object: KubeObject,
  position: number,
  entries: number,
): string {
  const copy = structuredClone(written(object)) as KubeObject;
  const rule = copy.spec.http[position];
  rule.route = rule.route
    .slice(0, entries)
    .map(({ weight: _weight, ...rest }: any) => rest);
  return JSON.stringify(copy);
}
