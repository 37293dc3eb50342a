import { TestDatabases } from '@backstage/backend-test-utils';
import {
  type KubeObject,
  MeshObjects,
  type ObjectEdit,
} from '@meshdeck/istio-config';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { memoryOn } from '../memory/__testUtils__/memoryOn';
import type { ChangeMemory } from '../memory/ChangeMemory';
import { type Change, existing } from './Change';
import { undoChange } from './undoChange';
import { PipelineStage } from './__testUtils__/PipelineStage';
import {
  to,
  virtualService,
  weightedService,
} from './__testUtils__/weightedService';

jest.setTimeout(120_000);

const RULE = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
};
const NEXT = { name: 'next', labels: { version: 'stable' } };

/** What is made, and the rule of somebody else that names it afterwards. */
const CASES: [
  name: string,
  make: (namespace: string) => ObjectEdit | ((rule: KubeObject) => ObjectEdit),
  user: (namespace: string) => object,
  says: (namespace: string) => string,
][] = [
  [
    'a subset that was added',
    () => before => ({
      action: 'change',
      before,
      operations: [{ op: 'add', at: ['spec', 'subsets', 2], value: NEXT }],
    }),
    namespace => ({
      hosts: [`user.${namespace}.example.com`],
      http: [{ route: [to('auth', 'stable', 90), to('auth', 'next', 10)] }],
    }),
    () => 'uses the subset next of auth by now',
  ],
  [
    'a DestinationRule that was created',
    namespace => ({
      action: 'create',
      object: {
        ...RULE,
        metadata: { namespace, name: 'made' },
        spec: { host: 'made.example.com', subsets: [NEXT] },
      },
    }),
    () => ({
      hosts: ['made.example.com'],
      tcp: [{ route: [to('made.example.com', 'next')] }],
    }),
    () => 'uses the subset next of made.example.com by now',
  ],
  [
    'a VirtualService that was created for others to delegate to',
    namespace => ({
      action: 'create',
      object: virtualService(
        { namespace, name: 'made' },
        { http: [{ route: [to('auth', 'stable')] }] },
      ),
    }),
    namespace => ({
      hosts: [`user.${namespace}.example.com`],
      http: [{ delegate: { name: 'made', namespace } }],
    }),
    namespace => `uses VirtualService ${namespace}/made by now`,
  ],
];

describe.each(TEST_CLUSTERS)(
  'taking back what is in use by now, on %s',
  (_cluster, start) => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let cluster: TestCluster;
    let memory: ChangeMemory;

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      memory = memoryOn(await databases.init('SQLITE_3')).memory;
    });

    afterAll(() => cluster.stop());

    it.each(CASES)('is refused for %s', async (name, make, user, says) => {
      const namespace = `in-use-${cluster.id}-${CASES.findIndex(
        ([each]) => each === name,
      )}`;
      const stage = await PipelineStage.open({
        cluster,
        namespace,
        objects: weightedService(namespace, 'auth'),
        memory,
        deadlineMs: 5_000,
      });
      const change = making(namespace, make(namespace));
      const [target] = change.targets(MeshObjects.create([]), stage.placement);
      const said = async () => (await stage.client.find(target))?.spec;
      const before = await said();
      await (
        await stage.previewed(change)
      )();
      const [made] = await stage.remembered();
      await stage.preview(undoChange(made));

      const rule = { namespace, name: 'user' };
      await cluster.apply(virtualService(rule, user(namespace)));
      await expect(stage.preview(undoChange(made))).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining(
          `VirtualService ${namespace}/user ${says(namespace)}`,
        ),
      });

      await cluster.remove({ ...RULE, kind: 'VirtualService', ...rule });
      await (
        await stage.previewed(undoChange(made))
      )();
      expect(await said()).toEqual(before);
      stage.close();
    });
  },
);

function making(
  namespace: string,
  make: ReturnType<(typeof CASES)[number][1]>,
): Change {
  const rule = { ...RULE, namespace, name: 'auth' };
  const target =
    typeof make === 'function' || make.action !== 'create'
      ? rule
      : { ...make.object, namespace, name: make.object.metadata.name };
  return {
    mayCreate: true,
    needs: ['DestinationRule'],
    targets: () => [target],
    restsOn: () => [],
    plan: set => ({
      edits: [typeof make === 'function' ? make(existing(set, rule)) : make],
      sentence: 'Something is there for others to name.',
    }),
  };
}
