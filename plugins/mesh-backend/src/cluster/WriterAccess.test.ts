import { mockServices } from '@backstage/backend-test-utils';
import type { MeshClusterRequest } from '@meshdeck/plugin-mesh-node';
import { WriterAccess } from './WriterAccess';

/** Entries under `kubernetes:`, with the uid of the kube-system behind each; undefined where it may not be read. */
function portalOver(
  entries: Record<string, string | undefined>,
  writers: Record<string, string> = { red: 'red-writer' },
) {
  const sent: string[] = [];
  const clock = { now: 0 };
  const logger = mockServices.logger.mock();
  const access = WriterAccess.create({
    logger,
    now: () => clock.now,
    writers: new Map(Object.entries(writers)),
    access: {
      clusters: async () => Object.keys(entries).map(name => ({ name })),
      request: async (name, { method = 'GET', path }: MeshClusterRequest) => {
        sent.push(`${name}: ${method} ${path}`);
        const uid = entries[name];
        return path.endsWith('/kube-system')
          ? Response.json(uid ? { metadata: { uid } } : {}, {
              status: uid ? 200 : 403,
            })
          : Response.json({});
      },
    },
  });
  const send = async (cluster: string, method: MeshClusterRequest['method']) =>
    access.request(cluster, { method, path: '/x' });
  return { access, send, sent, clock, logger };
}

const SAME = { red: 'a', 'red-writer': 'a', blue: 'b' };
const CHECK = [
  'red: GET /api/v1/namespaces/kube-system',
  'red-writer: GET /api/v1/namespaces/kube-system',
];

describe('WriterAccess', () => {
  it('shows no writer as a cluster', async () => {
    const { access } = portalOver(SAME);
    expect(await access.clusters()).toEqual([
      { name: 'red' },
      { name: 'blue' },
    ]);
  });

  it('says once that a writer is missing', async () => {
    const { access, logger } = portalOver({ red: 'a' });
    await access.clusters();
    await access.clusters();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('red-writer, which the kubernetes backend'),
    );
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'sends a %s through the writer, and nothing else',
    async method => {
      const { send, sent } = portalOver(SAME);
      await send('red', undefined);
      await send('red', 'GET');
      await send('red', method);
      await send('red', method);
      await send('blue', method);
      expect(sent).toEqual([
        'red: GET /x',
        'red: GET /x',
        ...CHECK,
        `red-writer: ${method} /x`,
        `red-writer: ${method} /x`,
        `blue: ${method} /x`,
      ]);
    },
  );

  it('asks again after a while whether both lead to one cluster', async () => {
    const { send, sent, clock } = portalOver(SAME);
    await send('red', 'PATCH');
    clock.now += 600_000;
    await send('red', 'PATCH');
    expect(sent.filter(line => line.includes('kube-system'))).toEqual([
      ...CHECK,
      ...CHECK,
    ]);
  });

  it.each([
    ['leads to another cluster', { ...SAME, 'red-writer': 'b' }],
    ['red-writer does not show which', { ...SAME, 'red-writer': undefined }],
    ['red does not show which', { ...SAME, red: undefined }],
  ])('writes nothing where it %s', async (message, entries) => {
    const { send, sent } = portalOver(entries);
    await expect(send('red', 'PATCH')).rejects.toThrow(message);
    await expect(send('red', 'DELETE')).rejects.toThrow('Nothing was written.');
    expect(sent).toEqual([...CHECK, ...CHECK]);
  });
});
