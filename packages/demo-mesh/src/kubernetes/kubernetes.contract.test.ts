import { readFileSync } from 'node:fs';
import { accessCases } from './__testUtils__/accessCases';
import { ApiClient, type ServerUnderTest } from './__testUtils__/ApiClient';
import { applyCases } from './__testUtils__/applyCases';
import { createCases } from './__testUtils__/createCases';
import { deleteAndDryRunCases } from './__testUtils__/deleteAndDryRunCases';
import { listCases } from './__testUtils__/listCases';
import { ownershipCases } from './__testUtils__/ownershipCases';
import { patchCases } from './__testUtils__/patchCases';
import { refusalCases } from './__testUtils__/refusalCases';
import { updateCases } from './__testUtils__/updateCases';
import { watchCases } from './__testUtils__/watchCases';
import { clientNodeCases } from './__testUtils__/clientNodeCases';
import { namespaced, type Paths } from './__testUtils__/objects';
import { KubernetesServer } from './KubernetesServer';
import { ObjectStore } from './ObjectStore';

interface Started extends ServerUnderTest {
  stop(): Promise<void>;
}

async function standIn(): Promise<Started> {
  const clock = () => new Date();
  const server = KubernetesServer.create({
    store: ObjectStore.create({ clock }),
    clock,
    tokens: [
      { token: 'admin-token', user: 'admin', rules: 'all' },
      { token: 'portal-token', user: 'portal', rules: [] },
    ],
  });
  return {
    url: await server.listen({ port: 0 }),
    adminToken: 'admin-token',
    portalToken: 'portal-token',
    stop: () => server.close(),
  };
}

const {
  MESH_TEST_KUBE_URL: realUrl,
  MESH_TEST_KUBE_CA: caFile,
  MESH_TEST_KUBE_ADMIN_TOKEN: adminToken = '',
  MESH_TEST_KUBE_PORTAL_TOKEN: portalToken = '',
} = process.env;

async function real(): Promise<Started> {
  return {
    url: realUrl!,
    ca: caFile ? readFileSync(caFile) : undefined,
    adminToken,
    portalToken,
    stop: async () => {},
  };
}

const servers: [string, () => Promise<Started>][] = [['the stand-in', standIn]];
if (realUrl) servers.push(['a real kube-apiserver', real]);

jest.setTimeout(30_000);

describe.each(servers)('the Kubernetes API of %s', (_, start) => {
  let server: Started;
  let api: ApiClient;
  let paths: Paths;
  let count = 0;

  beforeAll(async () => {
    server = await start();
    api = ApiClient.create(server);
  });

  afterAll(() => server.stop());

  beforeEach(async () => {
    const name = `contract-${Date.now().toString(36)}-${count++}`;
    const { status, text } = await api.post('/api/v1/namespaces', {
      metadata: { name },
    });
    if (status !== 201) throw new Error(`No namespace to test in: ${text}`);
    paths = namespaced(name);
  });

  // Leaves nothing behind for the next run to list.
  afterEach(async () => {
    for (const path of [
      paths.virtualServices,
      paths.destinationRules,
      paths.configMaps,
      paths.deployments,
    ]) {
      await api.delete(path);
    }
    await api.delete(`/api/v1/namespaces/${paths.namespace}`);
  });

  const contract = {
    group: describe,
    check: it,
    context: () => ({ api, paths }),
  };
  createCases(contract);
  updateCases(contract);
  deleteAndDryRunCases(contract);
  listCases(contract);
  watchCases(contract);
  applyCases(contract);
  ownershipCases(contract);
  patchCases(contract);
  refusalCases(contract);
  accessCases(contract);
  clientNodeCases(contract);
});

if (!realUrl) {
  describe('the Kubernetes API of a real kube-apiserver', () => {
    it.todo('answers all of the above alike: set MESH_TEST_KUBE_URL to check');
  });
}
