import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  SignalPayload,
  signalsServiceRef,
} from '@backstage/plugin-signals-node';
import { MeshObjects } from '@meshdeck/istio-config';
import type { ClusterStores } from '../cluster/ClusterStores';
import { eventually } from '../__testUtils__/eventually';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';
import { ChangeSignals } from './ChangeSignals';

const AUTH = 'demo:orion:auth-service';
const ROUTES = `/placements/${AUTH}/routes`;

describe('signals', () => {
  afterEach(() => jest.useRealTimers());

  it('tell open pages of a change of their own service, and of no other', async () => {
    const told: SignalPayload[] = [];
    let refuse = true;
    const mesh = await startDemoMesh();
    const portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      features: [
        createServiceFactory({
          service: signalsServiceRef,
          deps: {},
          factory: () => ({
            async publish(signal) {
              told.push(signal);
              if (refuse) {
                refuse = false;
                throw new Error('nobody listens');
              }
            },
          }),
        }),
      ],
    });
    const setTimeoutOf = (path: string, value: string) =>
      portal.access.request('demo', {
        method: 'PATCH',
        path: `/apis/networking.istio.io/v1/namespaces/${path}`,
        headers: { 'Content-Type': 'application/json-patch+json' },
        body: JSON.stringify([
          { op: 'replace', path: '/spec/http/0/timeout', value },
        ]),
      });
    const shown = async (timeout: string) => {
      const { body } = await portal.get('auth-service', ROUTES);
      expect(body.rules[0].treatment).toContain(`times out after ${timeout}`);
    };
    const auth = 'orion/virtualservices/auth-service';
    await shown('10 s');
    // Its state is looked at a little after the first reader's own view.
    await new Promise(resolve => setTimeout(resolve, 700));

    // That a first message is refused keeps nobody from the next.
    for (const seconds of [11, 12]) {
      const before = told.length;
      expect((await setTimeoutOf(auth, `${seconds}s`)).status).toBe(200);
      await eventually(() => expect(told.length).toBeGreaterThan(before));
      await shown(`${seconds} s`);
    }
    expect(told[0]).toEqual({
      recipients: { type: 'user', entityRef: ['user:default/mock'] },
      channel: expect.stringContaining(AUTH),
      message: { changed: true },
    });

    const before = told.length;
    const other = await setTimeoutOf(
      'autolytiq/virtualservices/deal-service',
      '11s',
    );
    expect(other.status).toBe(200);
    // A change of its own comes through after the other's: so that one was looked at, too.
    await setTimeoutOf(auth, '13s');
    await eventually(() => shown('13 s'));
    await eventually(() => expect(told.length).toBe(before + 1));
    await portal.server.stop();
    await mesh.stop();
  });

  /** Signals of clusters that change as told, with what was published. */
  function signalling(stateOf: (cluster: string) => object | undefined) {
    jest.useFakeTimers();
    const told: { at: number; id: string; readers: string[] }[] = [];
    let change = (_cluster: string) => {};
    let looks = 0;
    const signals = ChangeSignals.create({
      auth: mockServices.auth(),
      clusters: {
        onChange: (listener: typeof change) => {
          change = listener;
        },
        peek: (cluster: string) => {
          looks += 1;
          return stateOf(cluster);
        },
      } as unknown as ClusterStores,
      signals: {
        publish: async ({ recipients, channel }) => {
          expect(recipients.type).toBe('user');
          told.push({
            at: Date.now(),
            id: channel.replace(/^mesh:placement:/, ''),
            readers:
              recipients.type === 'user' ? [recipients.entityRef].flat() : [],
          });
        },
      },
      logger: mockServices.logger.mock(),
    });
    return {
      told,
      signals,
      looks: () => looks,
      change: (cluster: string) => change(cluster),
    };
  }
  const placed = (service: string, cluster = 'c') => ({
    id: `${cluster}:n:${service}`,
    cluster,
    namespace: 'n',
    service,
  });
  const jo = mockCredentials.user('user:default/jo');
  const mo = mockCredentials.user('user:default/mo');
  /** A cluster that says something else of itself each time that it is looked at after a change. */
  const restless = () => {
    let message = 0;
    const set = MeshObjects.create([]);
    return {
      next: () => {
        message += 1;
      },
      state: () => ({ set, source: { status: 'ok', message } }),
    };
  };

  it('look at what pages show a few times a second, however often the cluster changes', async () => {
    const { signals, looks, change } = signalling(() => undefined);
    signals.follow(placed('s'), jo);
    await jest.advanceTimersByTimeAsync(1000);
    const before = looks();
    for (let at = 0; at < 3000; at += 10) {
      change('c');
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(looks() - before).toBeGreaterThanOrEqual(9);
    expect(looks() - before).toBeLessThanOrEqual(11);
  });

  it('go to those who have read the placement lately, and to nobody else', async () => {
    const cluster = restless();
    const { signals, told, change } = signalling(cluster.state);
    signals.follow(placed('one'), jo);
    signals.follow(placed('one'), mo);
    signals.follow(placed('two'), mo);
    signals.follow(placed('three'), mockCredentials.service());
    await jest.advanceTimersByTimeAsync(1000);
    cluster.next();
    change('c');
    await jest.advanceTimersByTimeAsync(1000);
    expect(told.map(({ id, readers }) => [id, readers.sort()]).sort()).toEqual([
      ['c:n:one', ['user:default/jo', 'user:default/mo']],
      ['c:n:two', ['user:default/mo']],
    ]);
    await jest.advanceTimersByTimeAsync(100_000);
    signals.follow(placed('one'), mo);
    await jest.advanceTimersByTimeAsync(30_000);
    told.length = 0;
    cluster.next();
    change('c');
    await jest.advanceTimersByTimeAsync(1000);
    expect(told.map(({ id, readers }) => [id, readers])).toEqual([
      ['c:n:one', ['user:default/mo']],
    ]);
  });

  it('are few for a placement that changes all the time, and tell of its last change', async () => {
    const cluster = restless();
    const { signals, told, change } = signalling(cluster.state);
    signals.follow(placed('s'), jo);
    await jest.advanceTimersByTimeAsync(1000);
    // The first few at once: each is seen within a second.
    for (let at = 0; at < 4; at++) {
      const before = told.length;
      cluster.next();
      change('c');
      await jest.advanceTimersByTimeAsync(700);
      expect(told).toHaveLength(before + 1);
    }
    told.length = 0;
    for (let at = 0; at < 20_000; at += 100) {
      cluster.next();
      change('c');
      await jest.advanceTimersByTimeAsync(100);
    }
    const last = Date.now();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(told.length).toBeGreaterThanOrEqual(8);
    expect(told.length).toBeLessThanOrEqual(15);
    expect(told.at(-1)!.at).toBeGreaterThanOrEqual(last - 100);
    expect(told.at(-1)!.at).toBeLessThanOrEqual(last + 2500);
  });

  it('do not call all pages of a cluster at the same moment', async () => {
    const cluster = restless();
    const { signals, told, change } = signalling(cluster.state);
    const PAGES = 300;
    for (let at = 0; at < PAGES; at++) {
      signals.follow(placed(`s${at}`), jo);
    }
    await jest.advanceTimersByTimeAsync(1000);
    cluster.next();
    change('c');
    await jest.advanceTimersByTimeAsync(100);
    expect(told.length).toBe(25);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(new Set(told.map(({ id }) => id)).size).toBe(PAGES);
    expect(told).toHaveLength(PAGES);
  });
});
