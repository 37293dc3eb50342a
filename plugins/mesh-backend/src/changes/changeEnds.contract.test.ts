import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { KubeObject } from '@meshdeck/istio-config';
import type {
  FaultIntent,
  RememberedChange,
  RuleName,
} from '@meshdeck/plugin-mesh-common';
import { eventually } from '../__testUtils__/eventually';
import { component } from '../__testUtils__/startPortal';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import { ChangingPortal } from './__testUtils__/ChangingPortal';
import { VERSIONS } from './__testUtils__/intentCases';
import { weightedService, written } from './__testUtils__/weightedService';

jest.setTimeout(120_000);

const SERVICES = [
  'auth',
  'plain',
  'frozen',
  'seized',
  'early',
  'restart',
  'away',
  'unserved',
];
const ABORT = { percent: 10, httpStatus: 503 };

describe.each(TEST_CLUSTERS)('a change that ends, on %s', (_cluster, start) => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let cluster: TestCluster;
  let namespace: string;
  let knex: Awaited<ReturnType<typeof databases.init>>;
  let portal: ChangingPortal;

  const open = () =>
    ChangingPortal.open({
      cluster,
      deadlineMs: 3_000,
      entities: SERVICES.map(name =>
        component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
      ),
      features: [
        schedulerServiceFactory,
        mockServices.database.mock({ getClient: async () => knex }).factory,
      ],
    });
  const placement = (name: string) => `/placements/c:${namespace}:${name}`;
  const ref = (name: string) => ({
    apiVersion: VERSIONS.VirtualService,
    kind: 'VirtualService',
    namespace,
    name,
  });
  const current = (name: string): Promise<KubeObject | undefined> =>
    cluster.get(ref(name)).catch(error => {
      if (/\bNotFound\b|404/.test(String(error))) return undefined;
      throw error;
    });
  const ask = (name: string, step: 'preview' | 'apply', body: object) =>
    portal.portal.postTo(name, `${placement(name)}/changes/${step}`, body);
  const changes = async (name: string): Promise<RememberedChange[]> =>
    (await portal.portal.get(name, `${placement(name)}/changes`)).body.changes;
  const ruleOf = (name: string): Promise<RuleName | undefined> =>
    eventually(async () => {
      const { body } = await portal.portal.get(
        name,
        `${placement(name)}/routes`,
      );
      return body.rules[0].named;
    });

  /** Breaks a service for a time. */
  const breakIt = async (name: string, lastsMs: number) => {
    const what: FaultIntent = {
      intent: 'fault',
      rule: await ruleOf(name),
      abort: ABORT,
      lastsMs,
    };
    const before = await current(name);
    const seen = await eventually(async () => {
      const answer = await ask(name, 'preview', { what });
      if (answer.status !== 200) {
        throw new Error(JSON.stringify(answer.body));
      }
      return answer.body;
    });
    const made = await ask(name, 'apply', {
      what,
      resourceVersion: seen.resourceVersion,
      reason: 'a drill',
      takeOver: true,
    });
    if (made.status !== 200) {
      throw new Error(JSON.stringify(made.body));
    }
    const [change] = await changes(name);
    return { what, before, seen, change };
  };
  const untilState = (name: string, id: string, state: string) =>
    eventually(async () => {
      const found = (await changes(name)).find(change => change.id === id);
      if (found?.end?.state !== state) {
        throw new Error(`${name} is ${JSON.stringify(found?.end)}`);
      }
      return found;
    });
  const expectBack = async (name: string, before: KubeObject | undefined) => {
    const now = await current(name);
    expect(JSON.stringify(now?.spec)).toBe(JSON.stringify(before?.spec));
    expect(now && written(now)).toEqual(before && written(before));
    expect(now?.metadata.annotations).toEqual(before?.metadata.annotations);
  };
  const endsOf = (name: string) =>
    portal.events.filter(
      ({ eventId, meta }) =>
        eventId === 'change-end' &&
        meta?.placement === `c:${namespace}:${name}`,
    );

  beforeAll(async () => {
    cluster = await TestCluster.open(start);
    namespace = `ends-${cluster.id}`;
    await cluster.makeNamespace(namespace);
    for (const name of SERVICES) {
      const objects = weightedService(namespace, name);
      for (const object of name === 'plain' ? objects.slice(0, -1) : objects) {
        await cluster.apply(object);
      }
    }
    knex = await databases.init('SQLITE_3');
    portal = await open();
  });

  afterAll(async () => {
    await portal?.stop();
    await cluster.stop();
  });

  it('ends by itself, gives back what was there, and says so', async () => {
    const { before, seen, change } = await breakIt('auth', 2_000);
    expect(seen.ends.lastsMs).toBe(2_000);
    expect(seen.sentence).toBe(
      '10 % are answered 503, on purpose. It ends by itself after 2 s.',
    );
    expect(change).toMatchObject({
      canUndo: true,
      end: { lastsMs: 2_000, state: 'waiting' },
    });
    const at = Date.parse(change.end!.at);
    expect((await current('auth'))?.spec.http[0].fault).toEqual({
      abort: { httpStatus: 503, percentage: { value: 10 } },
    });
    expect(
      (await current('auth'))?.metadata.annotations?.[
        `ends.meshdeck.io/${change.id}`
      ],
    ).toBe(`spec.http[0].fault until ${change.end!.at}`);
    const ended = await untilState('auth', change.id, 'ended');
    expect(Date.now() - at).toBeGreaterThan(-100);
    expect(Date.now() - at).toBeLessThan(10_000);
    await expectBack('auth', before);
    expect(ended).toMatchObject({ undone: true, canUndo: false });
    const [end] = await changes('auth');
    expect(end).toMatchObject({
      sentence: `Ended by itself: ${seen.sentence}`,
      canUndo: false,
    });
    expect(end.who).toBeUndefined();
    expect(endsOf('auth')).toEqual([
      expect.objectContaining({
        outcome: 'succeeded',
        meta: expect.objectContaining({
          entityRef: 'component:default/auth',
          setBy: 'user:default/mock',
          change: change.id,
        }),
      }),
    ]);
    const undo = { what: { intent: 'undo', change: end.id } };
    expect((await ask('auth', 'preview', undo)).status).toBe(400);
  });

  it('deletes again what it was made with, where there was no rule', async () => {
    const { change } = await breakIt('plain', 1_000);
    await untilState('plain', change.id, 'ended');
    expect(await current('plain')).toBeUndefined();
  });

  it('ends also where the portal was started anew in between', async () => {
    const { before, change } = await breakIt('restart', 2_000);
    await portal.shutDown();
    portal = await open();
    await untilState('restart', change.id, 'ended');
    await expectBack('restart', before);
    expect(await changes('restart')).toHaveLength(2);
  });

  it('is ended earlier by hand, once', async () => {
    const { before, change } = await breakIt('early', 3_000);
    const what = { intent: 'undo', change: change.id };
    const { body } = await ask('early', 'preview', { what });
    const { resourceVersion } = body;
    const undone = await ask('early', 'apply', {
      what,
      resourceVersion,
      takeOver: true,
    });
    expect(undone.status).toBe(200);
    await expectBack('early', before);
    await untilState('early', change.id, 'ended');
    await new Promise(resolve => {
      setTimeout(resolve, Date.parse(change.end!.at) + 2_000 - Date.now());
    });
    await expectBack('early', before);
    expect(await changes('early')).toHaveLength(2);
    expect(endsOf('early')).toEqual([]);
  });

  it('is left alone where somebody made something else of it, and both are shown', async () => {
    const { change } = await breakIt('seized', 2_000);
    await cluster.patch(ref('seized'), [
      {
        op: 'replace',
        path: '/spec/http/0/fault/abort/percentage/value',
        value: 77,
      },
    ]);
    const { end, canUndo } = await untilState('seized', change.id, 'changed');
    expect(end?.left).toMatch(/value: 10\n/);
    expect(end?.found).toMatch(/value: 77\n/);
    expect(canUndo).toBe(true);
    expect((await current('seized'))?.spec.http[0].fault.abort).toMatchObject({
      percentage: { value: 77 },
    });
    expect(endsOf('seized')).toEqual([
      expect.objectContaining({ outcome: 'failed' }),
    ]);
  });

  it('refuses a second one on top of it, none at all, and one that lasts too long', async () => {
    const { what, change } = await breakIt('frozen', 3_000);
    const again = await ask('frozen', 'preview', { what });
    expect([again.status, again.body.error.message]).toEqual([
      400,
      expect.stringContaining('ends by itself. End that first.'),
    ]);
    for (const wrong of [
      { ...what, abort: undefined },
      { ...what, lastsMs: 3_600_001 },
      { ...what, lastsMs: 999 },
      { ...what, lastsMs: undefined },
    ]) {
      const answer = await ask('frozen', 'preview', { what: wrong });
      expect(answer.status).toBe(400);
    }
    await untilState('frozen', change.id, 'ended');
  });

  it('is not over because a server that has just started does not know the kind', async () => {
    const { before, change } = await breakIt('unserved', 2_000);
    const reads = ({ method, url }: { method: string; url: string }) =>
      method === 'GET' && url.includes('/virtualservices/unserved');
    portal.proxy.once(reads, 'unserved');
    const late = await untilState('unserved', change.id, 'late');
    expect(late.end?.problem).toMatch(/does not serve it/);
    await untilState('unserved', change.id, 'ended');
    await expectBack('unserved', before);
  });

  it('is said to be late while the cluster is away, and ended once it is back', async () => {
    const { before, change } = await breakIt('away', 2_000);
    portal.proxy.kill();
    const late = await untilState('away', change.id, 'late');
    expect(late.end?.problem).toMatch(/Cluster c cannot be reached/);
    expect((await current('away'))?.spec.http[0].fault).toBeDefined();
    portal.proxy.mend();
    await untilState('away', change.id, 'ended');
    await expectBack('away', before);
    expect(endsOf('away')).toHaveLength(1);
  });
});
