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
import { generatedRouteRules } from './__testUtils__/generatedRouteRules';
import { portalOver } from './__testUtils__/portalOver';
import { boundService, weighedRoute } from './__testUtils__/weighedRoute';

jest.setTimeout(120_000);

const KINDS = ['HTTPRoute', 'GRPCRoute'] as const;

const kindOf = (number: number) => KINDS[number % KINDS.length];

const servicesOf = (namespace: string, name: string) =>
  ['', '-next', '-last'].map(end =>
    boundService(namespace, `${name}${end}`, `component:default/${name}`),
  );

describe.each(TEST_CLUSTERS)('generated routes on %s', (_name, start) => {
  let cluster: TestCluster;
  let portal: ChangingPortal;
  let namespace: string;

  const read = (number: number) =>
    cluster.get({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: kindOf(number),
      namespace,
      name: GENERATED_NAMES[number],
    });

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    namespace = `made-routes-${cluster.id}`;
    await cluster.makeNamespace(namespace);
    for (const [seed, name] of GENERATED_NAMES.entries()) {
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
    portal = await portalOver(cluster, namespace, GENERATED_NAMES);
  });

  afterAll(async () => {
    await portal?.stop();
    await cluster.stop();
  });

  it('keep every byte but the weights of the rule that was chosen', async () => {
    const moved: string[] = [];
    const moves = generatedMoves(portal, namespace, ({ weights }) =>
      Object.keys(weights),
    );
    for await (const move of moves) {
      const { number, chosen, weights } = move;
      const position = positionOf(chosen);
      const rest = (object: Awaited<ReturnType<typeof read>>) =>
        withoutWeights(object, ({ rules }) => rules[position].backendRefs);
      const before = await read(number);
      const { status, said } = await make(portal, move);
      const after = await read(number);
      expect([status, said, rest(after)]).toEqual([
        200,
        undefined,
        rest(before),
      ]);
      const list: { name: string; weight?: number }[] =
        after.spec.rules[position].backendRefs;
      expect(
        Object.fromEntries(list.map(one => [one.name, one.weight ?? 1])),
      ).toEqual(weights);
      moved.push(
        `${after.kind} ${chosen.rule.path} ${Object.keys(weights).length}`,
      );
    }
    // Or the generator makes nothing that could go wrong.
    expect(moved.length).toBeGreaterThan(CONFIGURATIONS / 2);
    expect(new Set(moved).size).toBeGreaterThan(8);
  });
});
