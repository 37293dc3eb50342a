import { delay, http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { MeshClient } from './MeshClient';
import { parsePlacementId, placementId } from './placementId';

const ADDRESS = {
  entityRef: 'component:default/auth-service',
  placement: 'demo:orion:auth-service',
};

const MOVE = {
  rule: {
    object: { apiVersion: 'v1', kind: 'X', name: 'x' },
    path: 'spec.http[0]',
    digest: 'd',
  },
  weights: {},
  resourceVersion: '7',
};

const BASE_URL = 'http://portal.test/api/mesh';
const server = setupServer();

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** A client of a backend that answers every request in one way, and what it was asked. */
function clientOf(answer: () => Response | Promise<Response>) {
  const sent: Request[] = [];
  server.use(
    http.all(`${BASE_URL}/*`, ({ request }) => {
      sent.push(request);
      return answer();
    }),
  );
  return {
    client: MeshClient.create({ baseUrl: async () => BASE_URL, fetch }),
    sent,
  };
}

function clientFor(status: number, body: object) {
  return clientOf(() => HttpResponse.json(body, { status }));
}

describe('MeshClient', () => {
  it('asks for a view with the filters that are set', async () => {
    const { client, sent } = clientFor(200, { traces: [] });
    await client.view('traces', ADDRESS, {
      window: '1h',
      operation: 'POST /a b',
      tags: { 'x-tenant-id': 'acme&co' },
      errorsOnly: false,
    });
    const url = new URL(sent[0].url);
    expect(url.pathname).toBe(
      '/api/mesh/v1/entities/component/default/auth-service/placements/demo%3Aorion%3Aauth-service/traces',
    );
    expect(Object.fromEntries(url.searchParams)).toEqual({
      window: '1h',
      operation: 'POST /a b',
      tags: '{"x-tenant-id":"acme&co"}',
    });
  });

  it('asks for the fleet by the filters that are set', async () => {
    const { client, sent } = clientFor(200, { rows: [] });
    await client.fleet({ text: '', namespace: 'a&b', descending: false });
    await client.fleetCsv({});
    expect(sent.map(({ url }) => url)).toEqual([
      'http://portal.test/api/mesh/v1/fleet/services?namespace=a%26b&descending=false',
      'http://portal.test/api/mesh/v1/fleet/services.csv',
    ]);
  });

  it('keeps a hostile placement inside its path segment', async () => {
    const { client, sent } = clientFor(200, {});
    const at = (placement: string) => ({ ...ADDRESS, placement });
    await client.view('routes', at('../../x?y#z'), { window: '5m' });
    expect(sent[0].url).toContain('/placements/..%2F..%2Fx%3Fy%23z/routes');
    for (const ask of [
      () => client.view('routes', at('..'), { window: '5m' }),
      () => client.placements('component:default/..'),
      () => client.view('trace', ADDRESS, { traceId: '..' }),
    ]) {
      expect(ask).toThrow('is no name');
    }
    expect(sent).toHaveLength(1);
  });

  it('turns a conflict into an error that carries what is there now', async () => {
    const conflict = {
      seen: '7',
      message: 'Changed since.',
      current: { apiVersion: 'v1', kind: 'X', name: 'x', yaml: 'a: b' },
    };
    const { client } = clientFor(409, { error: {}, conflict });
    await expect(client.applyWeights(ADDRESS, MOVE)).rejects.toMatchObject({
      name: 'ChangeConflictError',
      conflict,
    });
  });

  it.each<[string, number, object]>([
    [
      'says that it does not know',
      503,
      { error: { message: 'Nobody can say.' }, outcome: 'unknown' },
    ],
    ['failed on its own', 500, { error: { name: 'TypeError', message: 'x' } }],
    ['was not to be reached behind its gateway', 504, {}],
  ])(
    'does not say that nothing was written where the backend %s',
    async (_why, status, body) => {
      const { client } = clientFor(status, body);
      const unknown = { name: 'UnknownOutcomeError' };
      await expect(client.applyWeights(ADDRESS, MOVE)).rejects.toMatchObject(
        unknown,
      );
      await expect(
        client.applyMend(ADDRESS, {
          code: 'MD0101',
          object: MOVE.rule.object,
          resourceVersion: '7',
        }),
      ).rejects.toMatchObject(unknown);
    },
  );

  it.each<[string, () => Response]>([
    ['no answer came at all', () => HttpResponse.error()],
    [
      'the answer was cut',
      () =>
        new HttpResponse(
          new ReadableStream({
            start(stream) {
              stream.enqueue(new TextEncoder().encode('{"sentence": "Mov'));
              stream.error(new TypeError('terminated'));
            },
          }),
          { headers: { 'Content-Type': 'application/json' } },
        ),
    ],
    ['the answer was no JSON', () => HttpResponse.html('<p>Sign in</p>')],
  ])('does not say so where %s', async (_why, answer) => {
    const { client } = clientOf(answer);
    await expect(client.applyWeights(ADDRESS, MOVE)).rejects.toMatchObject({
      name: 'UnknownOutcomeError',
    });
    await expect(
      client.previewWeights(ADDRESS, MOVE),
    ).rejects.not.toMatchObject({ name: 'UnknownOutcomeError' });
  });

  it('gives a slow answer up when its caller does, and does not say that nothing was written', async () => {
    server.use(
      http.post(`${BASE_URL}/*`, async () => {
        await delay('infinite');
        return HttpResponse.json({});
      }),
    );
    const client = MeshClient.create({
      baseUrl: async () => BASE_URL,
      fetch: (url, init) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(50) }),
    });
    await expect(client.applyWeights(ADDRESS, MOVE)).rejects.toMatchObject({
      name: 'UnknownOutcomeError',
      message: expect.stringMatching(/timeout|aborted/),
    });
  });

  it('asks for any view by its name', async () => {
    const { client, sent } = clientFor(200, {});
    await client.view('trace', ADDRESS, { traceId: 'a1' });
    await client.view('topology', ADDRESS, { window: '5m', scope: 'system' });
    expect(
      sent
        .map(({ url }) => new URL(url))
        .map(({ pathname, search }) => [
          pathname.split('/placements/')[1].split('/').slice(1).join('/'),
          search,
        ]),
    ).toEqual([
      ['traces/a1', ''],
      ['topology', '?window=5m&scope=system'],
    ]);
  });

  it.each([400, 403, 404, 409, 503])(
    'believes a %i of the backend that nothing was written',
    async statusCode => {
      const { client } = clientFor(statusCode, {
        error: { name: 'ServiceUnavailableError', message: 'Not now.' },
        request: { method: 'POST', url: '/' },
        response: { statusCode },
      });
      await expect(client.applyWeights(ADDRESS, MOVE)).rejects.toMatchObject({
        name: 'ResponseError',
        body: { error: { message: 'Not now.' } },
      });
    },
  );

  it.each([403, 404, 409, 503])(
    'throws the %i of the backend',
    async status => {
      const { client } = clientFor(status, {
        error: { name: 'SomeError', message: 'Because.' },
        request: { method: 'GET', url: '/' },
        response: { statusCode: status },
      });
      await expect(client.placements(ADDRESS.entityRef)).rejects.toMatchObject({
        name: 'ResponseError',
        body: { error: { message: 'Because.' } },
      });
    },
  );
});

describe('placementId', () => {
  it.each([
    ['demo', 'orion', 'auth-service'],
    ['arn:aws:eks:eu:1:cluster/x', 'a', 'b'],
  ])('reads back %s %s %s', (cluster, namespace, service) => {
    const place = { cluster, namespace, service };
    expect(parsePlacementId(placementId(place))).toMatchObject(place);
  });

  it.each(['', 'a:b', 'a:B:c', 'a:b:../c', ':b:c'])('refuses "%s"', id => {
    expect(() => parsePlacementId(id)).toThrow('is no placement');
  });
});
