import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { MESH_GROUND } from './meshGround';

it('hands out Backstage’s own database, and its scheduler', async () => {
  const { database, scheduler } = MESH_GROUND;
  let rows: unknown[] = [];
  const ran = new Promise<void>((resolve, reject) => {
    const plugin = createBackendPlugin({
      pluginId: 'mesh',
      register(env) {
        env.registerInit({
          deps: { database, scheduler },
          async init(ground) {
            const client = await ground.database.getClient();
            await client.schema.createTable('steps', table =>
              table.integer('weight'),
            );
            await ground.scheduler.scheduleTask({
              id: 'step',
              frequency: { hours: 1 },
              timeout: { seconds: 5 },
              async fn() {
                await client('steps').insert({ weight: 10 });
                rows = await client('steps').select();
                resolve();
              },
            });
          },
        });
      },
    });
    startTestBackend({
      features: [plugin, catalogServiceMock.factory()],
    }).catch(reject);
  });
  await ran;
  expect(rows).toEqual([{ weight: 10 }]);
});
