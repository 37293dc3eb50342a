import { mockServices } from '@backstage/backend-test-utils';
import type { MeshClusterRequest } from '@meshdeck/plugin-mesh-node';
import { ResourceWatcher, WatchState } from './ResourceWatcher';
import { WATCHED_RESOURCES } from './watchedResources';

const resource = WATCHED_RESOURCES.find(({ plural }) => plural === 'services')!;

const LIST = { metadata: { resourceVersion: '7' }, items: [] };
const status = (code: number) =>
  Response.json({ kind: 'Status', code, message: 'no' }, { status: code });

/** A watch that goes on until whoever asked has had enough. */
const open = async (signal?: AbortSignal) =>
  new Response(
    new ReadableStream({
      start: stream => signal!.addEventListener('abort', () => stream.close()),
    }),
  );

/** A watcher of a server that answers lists and watches as told; with the states that it told and what it asked. */
function watching(server: {
  list: (count: number, limit: number) => Response;
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
          : server.list(++asked.list, Number(request.query?.limit)),
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
      watch: open,
    });
    await jest.advanceTimersByTimeAsync(3_000);
    expect(states.map(({ type }) => type)).toEqual([
      'forbidden',
      'forbidden',
      'following',
    ]);
    watcher.stop();
  });

  it.each<[string, () => Response]>([
    ['ends at once', () => new Response('')],
    [
      'has forgotten the place',
      () => new Response('{"type":"ERROR","object":{"code":410}}\n'),
    ],
    ['says so at once', () => status(410)],
  ])('rests ever longer where a watch %s', async (_name, answer) => {
    const { watcher, asked } = watching({
      list: () => Response.json(LIST),
      watch: async () => answer(),
    });
    await jest.advanceTimersByTimeAsync(600_000);
    watcher.stop();
    // After 0.25, 0.5, 1, 2, 4 and 8 s, then every 15 s.
    expect(asked.watch).toBe(45);
    expect(asked.list).toBeLessThanOrEqual(45);
  });

  it('goes on at once where a watch lasted, and begins with short pauses again', async () => {
    const began: number[] = [];
    const LONG = 8;
    const { watcher } = watching({
      list: () => Response.json(LIST),
      watch: async () => {
        began.push(Date.now());
        return new Response(
          began.length === LONG
            ? new ReadableStream({
                start: stream => {
                  setTimeout(() => stream.close(), 20_000);
                },
              })
            : '',
        );
      },
    });
    await jest.advanceTimersByTimeAsync(120_000);
    watcher.stop();
    const gaps = began.slice(1).map((at, index) => at - began[index]);
    expect(gaps.slice(LONG - 2, LONG + 2)).toEqual([15_000, 20_000, 250, 500]);
  });

  it('leaves no listener behind, however often it tries', async () => {
    let listening = 0;
    const add = jest
      .spyOn(AbortSignal.prototype, 'addEventListener')
      .mockImplementation(() => {
        listening += 1;
      });
    const remove = jest
      .spyOn(AbortSignal.prototype, 'removeEventListener')
      .mockImplementation(() => {
        listening -= 1;
      });
    const { watcher, asked } = watching({
      list: () => {
        throw new Error('ECONNREFUSED');
      },
      watch: open,
    });
    await jest.advanceTimersByTimeAsync(4_000_000);
    watcher.stop();
    expect(asked.list).toBeGreaterThan(900);
    expect(listening).toBeLessThanOrEqual(2);
    add.mockRestore();
    remove.mockRestore();
  });

  it('takes a watch for a quiet one before it gives it up', async () => {
    const { watcher, states, asked } = watching({
      list: () => Response.json(LIST),
      watch: signal =>
        new Promise((_resolve, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason));
        }),
    });
    await jest.advanceTimersByTimeAsync(329_000);
    // A proxy passes on no head before the first byte, so silence alone is no fault of a quiet kind.
    expect(states.map(({ type }) => type)).toEqual(['following']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(states.map(({ type }) => type)).toEqual(['following', 'lost']);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(asked).toEqual({ list: 1, watch: 1 });
    expect(states.map(({ type }) => type)).toEqual([
      'following',
      'lost',
      'following',
    ]);
    watcher.stop();
  });

  describe('with pages that are too large', () => {
    const tooLarge = () =>
      new Response(
        new ReadableStream({
          pull: stream => stream.enqueue(new Uint8Array(8 * 1024 * 1024)),
        }),
      );

    it('asks for smaller ones, and keeps to them', async () => {
      const limits: number[] = [];
      const { watcher, states } = watching({
        list: (_count, limit) => {
          limits.push(limit);
          return limit > 50 ? tooLarge() : Response.json(LIST);
        },
        watch: async () => status(410),
      });
      await jest.advanceTimersByTimeAsync(1_000);
      watcher.stop();
      expect(limits).toEqual([500, 71, 10, 10, 10]);
      expect(states).toEqual([]);
    });

    it('is lost where even small ones are, and reads what is far too much ever more seldom', async () => {
      const { watcher, states, asked } = watching({
        list: tooLarge,
        watch: open,
      });
      await jest.advanceTimersByTimeAsync(600_000);
      watcher.stop();
      expect(states[0]).toMatchObject({
        type: 'lost',
        message: expect.stringContaining('more than 24 MB'),
      });
      // Of 500, of 71 and of 10; then after 8, 16, 32, 64, 128 and 256 s.
      expect(asked.list).toBe(3 + 6);
    });
  });
});
