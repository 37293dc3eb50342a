import {
  createBackendModule,
  coreServices,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
  type CatalogService,
} from '@backstage/plugin-catalog-node';
import type { OnboardedView } from '@meshdeck/plugin-mesh-common';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { OnboardedEntityProvider } from './OnboardedEntityProvider';

const SHOP = 'component:default/shop';
const LOCATION = 'meshdeck:red/market/shop';
const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'shop',
    namespace: 'default',
    labels: { 'meshdeck.io/onboarded': 'true' },
    annotations: {
      'backstage.io/managed-by-location': LOCATION,
      'backstage.io/managed-by-origin-location': LOCATION,
    },
  },
  spec: { type: 'service', lifecycle: 'experimental', owner: 'team-deals' },
};

describe('a portal that is started again', () => {
  const directory = mkdtempSync(join(tmpdir(), 'meshdeck-catalog-'));
  let view: OnboardedView;
  const mesh = createServer((_req, res) => {
    res.end(JSON.stringify(view));
  });

  beforeAll(
    () =>
      new Promise<void>(resolve => {
        mesh.listen(0, '127.0.0.1', resolve);
      }),
  );

  afterAll(() => {
    mesh.close();
    rmSync(directory, { recursive: true });
  });

  /** A catalog over the same database, and a way to let the provider look. */
  async function startCatalog() {
    let refresh = async () => {};
    let catalog: CatalogService | undefined;
    const { server } = await startTestBackend({
      features: [
        catalogPlugin,
        databaseServiceFactory,
        mockServices.rootConfig.factory({
          data: {
            backend: {
              database: { client: 'better-sqlite3', connection: { directory } },
            },
            catalog: {
              processingInterval: { seconds: 1 },
              stitchingStrategy: { mode: 'immediate' },
            },
          },
        }),
        createBackendModule({
          pluginId: 'catalog',
          moduleId: 'mesh-by-hand',
          register(env) {
            env.registerInit({
              deps: {
                auth: coreServices.auth,
                catalogService: catalogServiceRef,
                logger: coreServices.logger,
                processing: catalogProcessingExtensionPoint,
              },
              async init({ auth, catalogService, logger, processing }) {
                catalog = catalogService;
                const { port } = mesh.address() as AddressInfo;
                processing.addEntityProvider(
                  OnboardedEntityProvider.create({
                    auth,
                    catalog: catalogService,
                    logger,
                    discovery: {
                      getBaseUrl: async () => `http://127.0.0.1:${port}`,
                      getExternalBaseUrl: async () => '',
                    },
                    taskRunner: {
                      run: async task => {
                        refresh = async () => {
                          await task.fn(new AbortController().signal);
                        };
                      },
                    },
                  }),
                );
              },
            });
          },
        }),
      ],
    });
    const has = async () => {
      const credentials = await mockServices.auth().getOwnServiceCredentials();
      return Boolean(await catalog!.getEntityByRef(SHOP, { credentials }));
    };
    return {
      refresh: () => refresh(),
      has,
      stop: () => server.stop(),
      /** Waits until the catalog has worked off what it was told. */
      until: async (wanted: boolean) => {
        const end = Date.now() + 30_000;
        while ((await has()) !== wanted) {
          if (Date.now() > end) {
            throw new Error(`${SHOP} is ${wanted ? 'not ' : ''}there`);
          }
          await new Promise(resolve => setTimeout(resolve, 50));
        }
      },
    };
  }

  const red = (isWhole: boolean, entities: object[]) => ({
    clusters: [{ cluster: 'red', isWhole, entities, held: [] }],
  });

  it('keeps the entities of clusters that it has not read yet, and loses those that are gone', async () => {
    view = red(true, [entity]) as OnboardedView;
    const first = await startCatalog();
    await first.refresh();
    await first.until(true);
    await first.stop();

    const second = await startCatalog();
    view = red(false, []) as OnboardedView;
    await second.refresh();
    await second.refresh();
    await second.refresh();
    view = { clusters: [] };
    await second.refresh();
    await second.refresh();
    await second.refresh();
    expect(await second.has()).toBe(true);
    view = red(true, []) as OnboardedView;
    await second.refresh();
    expect(await second.has()).toBe(true);
    await second.refresh();
    await second.until(false);
    await second.stop();
  });
});
