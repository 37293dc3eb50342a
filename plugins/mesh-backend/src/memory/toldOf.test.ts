import { TestDatabases } from '@backstage/backend-test-utils';
import type { KubeObject } from '@meshdeck/istio-config';
import { memoryOn } from './__testUtils__/memoryOn';
import { toldOf } from './ChangesService';

jest.setTimeout(60_000);

const PLACE = { cluster: 'c', namespace: 'one', service: 'auth' };
const policy: KubeObject = {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { namespace: 'one', name: 'auth', resourceVersion: '1' },
  spec: {},
};

describe('what is told of changes', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it('asks once for all that was taken back before what is told, however long ago', async () => {
    const knex = await databases.init('SQLITE_3');
    const { memory } = memoryOn(knex);
    let undoes: string | undefined;
    for (let number = 0; number < 12; number++) {
      undoes = await memory.begin({
        placement: PLACE,
        entityRef: 'component:default/auth',
        intent: { intent: undoes ? 'undo' : 'mtls', undoes },
        edits: [{ action: 'change', before: policy, operations: [] }],
        sentence: `Change ${number}.`,
      });
      await memory.written(undoes, [policy]);
    }
    const page = await memory.of(PLACE, 2);
    const queries: string[] = [];
    knex.on('query', ({ sql }) => queries.push(sql));
    const told = await toldOf(memory, page);
    expect(queries).toHaveLength(1);
    expect(told.map(({ told: { needs } }) => needs)).toEqual([
      ['mesh.security.change'],
      ['mesh.security.change'],
    ]);
    // Of a page that has all of them, nothing more is asked.
    await toldOf(memory, await memory.of(PLACE, 20));
    expect(queries).toHaveLength(2);
  });
});
