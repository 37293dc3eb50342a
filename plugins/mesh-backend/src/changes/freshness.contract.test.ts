import type { KubeObject, KubeObjectRef } from '@meshdeck/istio-config';
import type { RuleName } from '@meshdeck/plugin-mesh-common';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import {
  virtualService,
  weightedService,
} from './__testUtils__/weightedService';

const DEADLINE_MS = 4000;
const WEIGHTS = { stable: 5, canary: 95 };

interface Case {
  name: string;
  /** What somebody does that the portal's watches do not tell it. */
  does: (place: Place) => Promise<unknown>;
  status: number;
  says: string;
}

interface Place {
  cluster: TestCluster;
  namespace: string;
  name: string;
}

const ref = (
  kind: string,
  { namespace, name }: Pick<Place, 'namespace' | 'name'>,
): KubeObjectRef => ({
  apiVersion: kind === 'Service' ? 'v1' : 'networking.istio.io/v1',
  kind,
  namespace,
  name,
});

const UNNAMED = { metadata: { annotations: { 'meshdeck.io/entity': null } } };

const canary = ({ namespace, name }: Place): KubeObject => ({
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  metadata: { namespace, name },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    service: { port: 80 },
    analysis: { interval: '1m', threshold: 5, maxWeight: 50, stepWeight: 10 },
  },
});

const rollout = ({ namespace, name }: Place): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { namespace, name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [] } },
    strategy: {
      canary: {
        stableService: name,
        trafficRouting: { istio: { virtualService: { name } } },
      },
    },
  },
});

/** One for each thing that decides; each has a service of its own. */
const CASES: Case[] = [
  {
    name: 'unbound',
    does: ({ cluster, ...place }) =>
      cluster.patch(ref('Service', place), UNNAMED),
    status: 403,
    says: 'does not name component:default/unbound',
  },
  {
    name: 'flagger',
    does: place => place.cluster.apply(canary(place)),
    status: 409,
    says: 'Flagger drives this canary',
  },
  {
    name: 'argo',
    does: place => place.cluster.apply(rollout(place)),
    status: 409,
    says: 'Argo Rollouts drives this canary',
  },
  {
    name: 'deleted',
    does: ({ cluster, ...place }) => cluster.remove(ref('Service', place)),
    status: 404,
    says: 'is not there any more',
  },
  {
    name: 'unruled',
    does: ({ cluster, ...place }) =>
      cluster.remove(ref('VirtualService', place)),
    status: 404,
    says: 'is not there any more',
  },
  {
    name: 'unversioned',
    does: ({ cluster, ...place }) =>
      cluster.patch(ref('DestinationRule', place), { spec: { subsets: null } }),
    status: 409,
    says: 'does not split requests between versions',
  },
];

describe.each(TEST_CLUSTERS)(
  'a store that is behind, on %s',
  (_name, start) => {
    let cluster: TestCluster;
    let portal: ChangingPortal;
    let namespace: string;
    const locks = new Map<
      string,
      { rule: RuleName; resourceVersion: string }
    >();
    const at = (name: string) => ({ namespace, name });

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      namespace = `behind-${cluster.id}`;
      const names = [
        ...CASES.map(({ name }) => name),
        'bound',
        'slow',
        'group',
      ];
      for (const place of [namespace, `group-${cluster.id}`]) {
        await cluster.makeNamespace(place);
      }
      for (const object of names.flatMap(name =>
        weightedService(
          namespace,
          name,
          name === 'bound' ? { entity: '' } : {},
        ),
      )) {
        await cluster.apply(object);
      }
      portal = await ChangingPortal.open({
        cluster,
        deadlineMs: DEADLINE_MS,
        entities: names.map(name =>
          component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
        ),
      });
      for (const name of names) {
        const [{ rule }] = await portal.rules(at(name));
        const { metadata } = await cluster.get(ref('VirtualService', at(name)));
        const resourceVersion = metadata.resourceVersion!;
        locks.set(name, { rule, resourceVersion });
      }
      portal.proxy.freeze();
    });

    afterAll(async () => {
      await portal?.stop();
      await cluster.stop();
    });

    const rulesOf = async (name: string) => {
      try {
        return await cluster.get(ref('VirtualService', at(name)));
      } catch {
        return undefined;
      }
    };

    it.each(CASES)(
      'decides nothing: $name',
      async ({ name, does, status, says }) => {
        await does({ cluster, ...at(name) });
        const before = await rulesOf(name);
        const lock = locks.get(name)!;
        const intent = { rule: lock.rule, weights: WEIGHTS };
        for (const answer of [
          await portal.preview(at(name), intent),
          await portal.apply(at(name), { ...intent, ...lock }),
        ]) {
          expect([answer.status, answer.body.error?.message]).toEqual([
            status,
            expect.stringContaining(says),
          ]);
        }
        expect(await rulesOf(name)).toEqual(before);
      },
    );

    it('does not refuse what the cluster allows by now, and shows it as it is', async () => {
      const place = at('bound');
      const refused = await portal.preview(place, {
        rule: locks.get('bound')!.rule,
        weights: WEIGHTS,
      });
      expect(refused.status).toBe(403);
      await cluster.patch(ref('Service', place), {
        metadata: { annotations: { 'meshdeck.io/entity': 'component:bound' } },
      });
      await cluster.patch(ref('VirtualService', place), [
        { op: 'replace', path: '/spec/http/0/route/0/weight', value: 80 },
        { op: 'replace', path: '/spec/http/0/route/1/weight', value: 20 },
      ]);
      const { rule, resourceVersion } = locks.get('bound')!;
      const seen = await portal.preview(place, { rule, weights: WEIGHTS });
      expect(seen.body.before).toContain('weight: 80');
      expect(seen.body.sentence).toBe(
        '75 % of requests move from stable to canary.',
      );
      const stale = await portal.apply(place, {
        rule,
        weights: WEIGHTS,
        resourceVersion,
      });
      expect([stale.status, stale.body.conflict.current.yaml]).toEqual([
        409,
        expect.stringContaining('weight: 80'),
      ]);
      const applied = await portal.apply(place, {
        rule,
        weights: WEIGHTS,
        resourceVersion: seen.body.resourceVersion,
      });
      expect(applied.status).toBe(200);
    });

    it('lets an object be deleted and made again under its name without being taken for it', async () => {
      const { rule, resourceVersion } = locks.get('group')!;
      const old = await cluster.get(ref('VirtualService', at('group')));
      await cluster.remove(ref('VirtualService', at('group')));
      const again = await cluster.apply(
        virtualService(at('group'), old.spec as object),
      );
      const answer = await portal.apply(at('group'), {
        rule,
        weights: WEIGHTS,
        resourceVersion,
      });
      expect(answer.status).toBe(409);
      expect(await rulesOf('group')).toEqual(again);
    });

    it.each([
      ['its Namespace', /\/api\/v1\/namespaces\/[^/]+$/],
      ['the rollouts beside it', /\/canaries(\?|$)/],
    ])('waits for %s no longer than the deadline', async (_what, path) => {
      portal.proxy.once(
        ({ method, url }) => method === 'GET' && path.test(url),
        'hold',
      );
      const before = await rulesOf('slow');
      const { rule, resourceVersion } = locks.get('slow')!;
      const began = Date.now();
      const { status, body } = await portal.apply(at('slow'), {
        rule,
        weights: WEIGHTS,
        resourceVersion,
      });
      expect([status, body.error.message]).toEqual([
        503,
        `Cluster c did not answer within ${DEADLINE_MS / 1000} s.`,
      ]);
      expect(Date.now() - began).toBeLessThan(2 * DEADLINE_MS);
      expect(await rulesOf('slow')).toEqual(before);
    });
  },
);
