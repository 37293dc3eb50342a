import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import {
  SignalPayload,
  signalsServiceRef,
} from '@backstage/plugin-signals-node';
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
      expect(body.rules[0].treatment).toContain(`waits ${timeout}`);
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
      recipients: { type: 'broadcast' },
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

  it('look at what pages show a few times a second, however often the cluster changes', async () => {
    jest.useFakeTimers();
    let change = (_cluster: string) => {};
    let looks = 0;
    const signals = ChangeSignals.create({
      clusters: {
        onChange: (listener: typeof change) => {
          change = listener;
        },
        peek: () => {
          looks += 1;
          return undefined;
        },
      } as unknown as ClusterStores,
      signals: { publish: async () => {} },
      logger: mockServices.logger.mock(),
    });
    signals.follow({ id: AUTH, cluster: 'c', namespace: 'n', service: 's' });
    await jest.advanceTimersByTimeAsync(1000);
    looks = 0;
    for (let at = 0; at < 3000; at += 10) {
      change('c');
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(looks).toBeGreaterThanOrEqual(9);
    expect(looks).toBeLessThanOrEqual(11);
  });
});
