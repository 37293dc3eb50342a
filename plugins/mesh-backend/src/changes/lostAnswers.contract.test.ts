import type { KubeObject } from '@meshdeck/istio-config';
import type { Fault, ProxiedRequest } from '../__testUtils__/FaultyProxy';
import { eventually } from '../__testUtils__/eventually';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import { weightedService, written } from './__testUtils__/weightedService';

const WEIGHTS = { stable: 25, canary: 75 };
const isWrite = ({ method, url }: ProxiedRequest) =>
  method === 'PATCH' && !url.includes('dryRun');

interface Somebody {
  does: (
    cluster: TestCluster,
    object: Parameters<TestCluster['get']>[0],
  ) => Promise<unknown>;
  /** What is there then. */
  leaves: (object: any) => object | undefined;
}

const changesTimeout: Somebody = {
  does: (cluster, object) =>
    cluster.patch(object, [
      { op: 'replace', path: '/spec/http/0/timeout', value: '3s' },
    ]),
  leaves: ({ spec, ...object }) => ({
    ...object,
    spec: { ...spec, http: [{ ...spec.http[0], timeout: '3s' }, spec.http[1]] },
  }),
};
const labels: Somebody = {
  does: (cluster, object) =>
    cluster.patch(object, { metadata: { labels: { team: 'a' } } }),
  leaves: ({ metadata, ...object }) => ({
    ...object,
    metadata: { ...metadata, labels: { team: 'a' } },
  }),
};
const deletes: Somebody = {
  does: (cluster, object) => cluster.remove(object),
  leaves: () => undefined,
};

interface Case {
  name: string;
  fault: Fault;
  /** Before anybody can look again. */
  meanwhile?: Somebody;
  status: number;
  says: string;
  outcome: string;
  isWritten: boolean;
  /** What the same request is answered, sent again. */
  again: number;
}

const CASES: Case[] = [
  {
    name: 'swallowed',
    fault: 'swallow',
    status: 200,
    says: 'was read again: it was written\\. \\(.*\\)$',
    outcome: 'written',
    isWritten: true,
    again: 409,
  },
  {
    name: 'cut-after',
    fault: 'cut-after',
    status: 200,
    says: 'was read again: it was written\\. \\(.*\\)$',
    outcome: 'written',
    isWritten: true,
    again: 409,
  },
  {
    name: 'lied-about',
    fault: 'lie',
    status: 200,
    says: 'was read again: it was written\\. \\(.*\\)$',
    outcome: 'written',
    isWritten: true,
    again: 409,
  },
  {
    name: 'labelled-since',
    fault: 'cut-after',
    meanwhile: labels,
    status: 200,
    says: 'was read again: it was written\\. \\(.*\\)$',
    outcome: 'written',
    isWritten: true,
    again: 409,
  },
  {
    name: 'cut-before',
    fault: 'cut-before',
    status: 503,
    says: 'was read again: nothing was written',
    outcome: 'not written',
    isWritten: false,
    again: 200,
  },
  {
    name: 'cut-and-labelled',
    fault: 'cut-before',
    meanwhile: labels,
    status: 409,
    says: 'Nothing was written',
    outcome: 'conflict',
    isWritten: false,
    again: 409,
  },
  {
    name: 'cut-and-changed',
    fault: 'cut-before',
    meanwhile: changesTimeout,
    status: 409,
    says: 'Nothing was written',
    outcome: 'conflict',
    isWritten: false,
    again: 409,
  },
  {
    name: 'changed-since',
    fault: 'cut-after',
    meanwhile: changesTimeout,
    status: 503,
    says: 'Nobody can say whether',
    outcome: 'unknown',
    isWritten: true,
    again: 409,
  },
  {
    name: 'deleted-since',
    fault: 'cut-after',
    meanwhile: deletes,
    status: 503,
    says: 'it is not there any more',
    outcome: 'unknown',
    isWritten: false,
    again: 409,
  },
  {
    name: 'gone-dark',
    fault: 'die',
    status: 503,
    says: 'Nobody can say whether',
    outcome: 'unknown',
    isWritten: true,
    again: 409,
  },
];

describe.each(TEST_CLUSTERS)(
  'an answer that is lost, on %s',
  (_name, start) => {
    let cluster: TestCluster;
    let portal: ChangingPortal;
    let namespace: string;

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      namespace = `lost-${cluster.id}`;
      await cluster.makeNamespace(namespace);
      for (const object of CASES.flatMap(({ name }) =>
        weightedService(namespace, name),
      )) {
        await cluster.apply(object);
      }
      portal = await ChangingPortal.open({
        cluster,
        deadlineMs: 4000,
        entities: CASES.map(({ name }) =>
          component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
        ),
      });
    });

    afterAll(async () => {
      await portal?.stop();
      await cluster.stop();
    });

    it.each(CASES)(
      'is told rightly: $name',
      async ({ name, fault, meanwhile, isWritten, ...told }) => {
        const object = {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          namespace,
          name,
        };
        const [{ rule }] = await portal.rules({ namespace, name });
        const intent = { rule, weights: WEIGHTS };
        const seen = await portal.preview({ namespace, name }, intent);
        const before = await cluster.get(object);
        portal.proxy.once(isWrite, fault, () =>
          Promise.resolve(meanwhile?.does(cluster, object)),
        );
        const answer = await portal.apply(
          { namespace, name },
          { ...intent, resourceVersion: seen.body.resourceVersion },
        );
        portal.proxy.mend();
        expect([
          answer.status,
          answer.body.remark ?? answer.body.error?.message,
          answer.body.outcome,
          portal.events.at(-1)?.meta?.outcome,
        ]).toEqual([
          told.status,
          expect.stringMatching(told.says),
          told.outcome === 'unknown' ? 'unknown' : undefined,
          told.outcome,
        ]);

        const expected = structuredClone(written(before)) as KubeObject;
        if (isWritten) {
          const [stable, canary] = expected.spec.http[0].route;
          Object.assign(stable, { weight: 25 });
          Object.assign(canary, { weight: 75 });
        }
        const after = await cluster.get(object).then(written, () => undefined);
        expect(after).toEqual(
          meanwhile ? meanwhile.leaves(expected) : expected,
        );
        // Whoever tries again with what they saw does no harm.
        await eventually(async () => {
          const again = await portal.apply(
            { namespace, name },
            { ...intent, resourceVersion: seen.body.resourceVersion },
          );
          expect(again.status).toBe(told.again);
        });
      },
    );
  },
);
