import { mockServices } from '@backstage/backend-test-utils';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import { OnboardedEntityProvider } from './OnboardedEntityProvider';

/** What the mesh backend answers now. */
let answer: { status: number; entities: object[] };
const server = createServer((req, res) => {
  const isNamed = req.headers.authorization?.startsWith('Bearer ');
  const isAsked = req.url === '/api/mesh/v1/onboarded';
  res.writeHead(isNamed && isAsked ? answer.status : 401);
  res.end(JSON.stringify({ entities: answer.entities }));
});

beforeAll(
  () =>
    new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    }),
);
afterAll(() => {
  server.close();
});

const entity = (name: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name },
});

async function connect() {
  let refresh = async () => {};
  const logger = mockServices.logger.mock();
  const provider = OnboardedEntityProvider.create({
    auth: mockServices.auth(),
    discovery: {
      getBaseUrl: async () =>
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/mesh`,
      getExternalBaseUrl: async () => '',
    },
    logger,
    taskRunner: {
      run: async task => {
        refresh = async () => {
          await task.fn(new AbortController().signal);
        };
      },
    },
  });
  const connection = { applyMutation: jest.fn(), refresh: jest.fn() };
  await provider.connect(connection);
  return { connection, logger, refresh: () => refresh() };
}

describe('OnboardedEntityProvider', () => {
  it('gives the catalog what the mesh backend reads, as itself, and only when it changed', async () => {
    answer = { status: 200, entities: [entity('a')] };
    const { connection, refresh } = await connect();
    await refresh();
    await refresh();
    expect(connection.applyMutation).toHaveBeenCalledTimes(1);
    expect(connection.applyMutation).toHaveBeenCalledWith({
      type: 'full',
      entities: [{ entity: entity('a'), locationKey: 'mesh-onboarded' }],
    });
    answer = { status: 200, entities: [] };
    await refresh();
    expect(connection.applyMutation).toHaveBeenLastCalledWith({
      type: 'full',
      entities: [],
    });
  });

  it('leaves the catalog as it is while the mesh backend does not answer, and says so once', async () => {
    answer = { status: 503, entities: [] };
    const { connection, logger, refresh } = await connect();
    await refresh();
    await refresh();
    expect(connection.applyMutation).not.toHaveBeenCalled();
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
