import { mockServices } from '@backstage/backend-test-utils';
import type { MeshClusterRequest } from '@meshdeck/plugin-mesh-node';
import { ResourceWatcher, WatchState } from './ResourceWatcher';
import { WATCHED_RESOURCES } from './watchedResources';

const resource = WATCHED_RESOURCES.find(({ plural }) => plural === 'services')!;

const LIST = { metadata: { resourceVersion: '7' }, items: [] };
const status = (code: number) =>
  Response.json({ kind: 'Status', code, message: 'no' }, { status: code });

/** A watcher of a server that answers lists and watches as told; with the states that it told and what it asked. */
function watching(server: {
  list: (count: number) => Response;
  watch: (signal?: AbortSignal) => Promise<Response>;
}) {
  const states: WatchState[] = [];
  const asked = { list: 0, watch: 0 };
  const watcher = ResourceWatcher.create({
    cluster: 'c',
    resource,
    access: {
      clusters: async () => [{ name: 'c' }],
      request: async (_cluster: string, request: MeshClusterRequest) =>
        request.query?.watch
          ? server.watch(request.signal).finally(() => asked.watch++)
          : server.list(++asked.list),
    },
    logger: mockServices.logger.mock(),
    listener: {
      onList: () => {},
      onPut: () => {},
      onRemove: () => {},
      onState: state => states.push(state),
    },
    random: () => 0.5,
  });
  watcher.start();
  return { watcher, states, asked };
}

describe('ResourceWatcher', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('asks a server that is gone ever more seldom, and knows since when', async () => {
    const { watcher, states, asked } = watching({
      list: () => Response.json(LIST),
      watch: () => Promise.reject(new Error('ECONNREFUSED')),
    });
    const since = new Date();
    await jest.advanceTimersByTimeAsync(60_000);
    watcher.stop();
    // 0.25 + 0.5 + 1 + 2 s, then every 4 s.
    expect([asked.list, asked.watch]).toEqual([1, 19]);
    expect(states).toEqual(
      Array(19).fill({ type: 'lost', since, message: 'ECONNREFUSED' }),
    );
  });

  it('asks again soon for what was refused, then once a minute', async () => {
    const { watcher, states, asked } = watching({
      list: () => Response.json(LIST),
      watch: async () => status(403),
    });
    await jest.advanceTimersByTimeAsync(183_000);
    watcher.stop();
    // After 1, 2, 4, 8, 16 and 32 s, then every 60 s.
    expect([asked.list, asked.watch]).toEqual([1, 9]);
    expect(states).toEqual(Array(9).fill({ type: 'forbidden', message: 'no' }));
  });

  it('follows within seconds what a starting server refused at first', async () => {
    const { watcher, states } = watching({
      list: count => (count < 3 ? status(403) : Response.json(LIST)),
      watch: async signal =>
        new Response(
          new ReadableStream({
            start: stream =>
              signal!.addEventListener('abort', () => stream.close()),
          }),
        ),
    });
    await jest.advanceTimersByTimeAsync(3_000);
    expect(states.map(({ type }) => type)).toEqual([
      'forbidden',
      'forbidden',
      'following',
    ]);
    watcher.stop();
  });
});
