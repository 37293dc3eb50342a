import type { KubeObject } from '@meshdeck/istio-config';
import fc from 'fast-check';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import type { ChangingPortal } from './__testUtils__/ChangingPortal';
import {
  CONFIGURATIONS,
  GENERATED_NAMES,
  generatedMoves,
  make,
  positionOf,
  withoutWeights,
} from './__testUtils__/generatedMoves';
import { generatedRules } from './__testUtils__/generatedRules';
import { portalOver } from './__testUtils__/portalOver';
import {
  virtualService,
  weightedService,
  written,
} from './__testUtils__/weightedService';

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
    const bound = GENERATED_NAMES.map(
      name => `component:default/${name}`,
    ).join();
    for (const name of [namespace, parts]) {
      await cluster.makeNamespace(name, {
        annotations: { 'meshdeck.io/entity': bound },
      });
    }
    for (const [seed, name] of GENERATED_NAMES.entries()) {
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
    portal = await portalOver(cluster, namespace, GENERATED_NAMES);
  });

  afterAll(async () => {
    await portal?.stop();
    await cluster.stop();
  });

  it('keep every byte but the weights of the rule that was chosen', async () => {
    const moved: string[] = [];
    const moves = generatedMoves(portal, namespace, () => ['stable', 'canary']);
    for await (const move of moves) {
      const { place, offered, chosen, weights } = move;
      const { rule } = chosen;
      const inOrder = refs(place.name).findIndex(
        ref => ref.namespace === rule.object.namespace,
      );
      const position = positionOf(chosen);
      const before = await read(place.name);
      const entries = before[inOrder].spec.http[position].route.length;
      const texts = (objects: KubeObject[]) =>
        objects.map((object, index) =>
          index === inOrder
            ? withoutWeights(object, ({ http }) => {
                const known = http[position].route.slice(0, entries);
                // What was added behind its destinations is looked at below.
                http[position].route = known;
                return known;
              })
            : JSON.stringify(written(object)),
        );
      const { status, said } = await make(portal, move);
      expect([status, said, ...texts(await read(place.name))]).toEqual([
        200,
        undefined,
        ...texts(before),
      ]);
      await portal.untilShown(
        place,
        offered.map(one => (one === chosen ? weights : one.weights)),
      );
      moved.push(`${inOrder} ${rule.path} ${chosen.number}`);
    }
    // Or the generator makes nothing that could go wrong.
    expect(moved.length).toBeGreaterThan(CONFIGURATIONS / 2);
    expect(moved.filter(line => line.startsWith('1'))).not.toHaveLength(0);
    expect(new Set(moved).size).toBeGreaterThan(5);
  });
});
