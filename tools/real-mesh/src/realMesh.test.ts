import { request } from 'undici';
import type { SendCommand } from './AppClient';
import type { AnyObject, KubeApi } from './KubeApi';
import type { PodHandle } from './MeshHandle';
import { app, attachTestMesh, istio, namespace, service } from './testMesh';
import { until } from './until';

const mesh = attachTestMesh();
const describeMesh = mesh ? describe : describe.skip;
const PLACE = 'trial';
const PLAIN = 'trial-plain';
const WITHIN_MS = 30_000;
const IN_A_ROW = 8;
/** A round of Prometheus, of the logs, and of Jaeger's batches. */
const MEASURED_WITHIN_MS = 30_000;

const HOST = `b.${PLACE}.svc.cluster.local`;
const podOf = (pods: readonly PodHandle[], name: string) =>
  pods.find(({ object }) => object.metadata.labels?.app === name)!;

describeMesh('the real mesh', () => {
  const api = mesh?.api as KubeApi;
  let caller: PodHandle;
  let plainCaller: PodHandle;
  let target: PodHandle;
  let clusterIp: string;
  const ask = (more: Partial<SendCommand> = {}) =>
    caller.app.send({
      kind: 'http',
      address: clusterIp,
      port: 80,
      host: HOST,
      ...more,
    });
  /** Each proxy takes a change up for itself: it is in force once it shows several times in a row. */
  const within = (what: string, isSo: () => Promise<boolean>) =>
    until(what, WITHIN_MS, async () => {
      for (let i = 0; i < IN_A_ROW; i++) {
        if (!(await isSo())) {
          return undefined;
        }
      }
      return true;
    });

  beforeAll(async () => {
    await api.apply(namespace(PLACE));
    await api.apply(namespace(PLAIN, { plain: true }));
    await api.applyAll([
      ...app(PLACE, 'a'),
      ...app(PLACE, 'b', { ports: [8080, 7070, 9000] }),
      ...app(PLACE, 'b', { version: 'v2', ports: [8080, 7070, 9000] }),
      ...app(PLAIN, 'c'),
      service(PLACE, 'b'),
    ]);
    const pods = await mesh!.untilReady(PLACE, ['a', 'b']);
    caller = podOf(pods, 'a');
    target = podOf(pods, 'b');
    plainCaller = podOf(await mesh!.untilReady(PLAIN, ['c']), 'c');
    const { spec } = await api.get(service(PLACE, 'b'));
    clusterIp = spec.clusterIP;
    await within('b is reached', async () => (await ask()).status === 200);
  }, 120_000);

  afterAll(async () => {
    await mesh!.removeNamespaces([PLACE, PLAIN]);
    await mesh!.close();
  }, 120_000);

  it('reaches Services without a proxy, too', async () => {
    const answer = await plainCaller.app.send({
      kind: 'http',
      address: clusterIp,
      port: 80,
    });
    expect(JSON.parse(answer.body!)).toMatchObject({ namespace: PLACE });
  });

  const withObject = async <T>(object: AnyObject, work: () => Promise<T>) => {
    await api.apply(object);
    try {
      return await work();
    } finally {
      await api.remove(object);
    }
  };

  it('gives proxies to the pods of a namespace that asks for them', () => {
    expect([caller.hasProxy, target.hasProxy, plainCaller.hasProxy]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('encrypts between proxies, and closes to plaintext where it is STRICT', async () => {
    const { body } = await ask();
    expect(JSON.parse(body!).headers['x-forwarded-client-cert']).toContain(
      `spiffe://cluster.local/ns/${PLACE}/sa/a`,
    );
    const plain = () =>
      plainCaller.app.send({
        kind: 'http',
        address: target.address,
        port: 8080,
      });
    expect((await plain()).status).toBe(200);
    await withObject(
      istio('PeerAuthentication', PLACE, 'strict', {
        mtls: { mode: 'STRICT' },
      }),
      async () => {
        await within('plaintext is refused', async () =>
          Boolean((await plain()).error),
        );
        expect((await ask()).status).toBe(200);
      },
    );
  });

  it('routes by header to a subset', async () => {
    await api.apply(
      istio('DestinationRule', PLACE, 'b', {
        host: 'b',
        subsets: ['v1', 'v2'].map(version => ({
          name: version,
          labels: { version },
        })),
      }),
    );
    const to = (subset: string) => [{ destination: { host: 'b', subset } }];
    await withObject(
      istio('VirtualService', PLACE, 'b', {
        hosts: ['b'],
        http: [
          {
            match: [{ headers: { 'x-beta': { exact: 'yes' } } }],
            route: to('v2'),
          },
          { route: to('v1') },
        ],
      }),
      async () => {
        const versionFor = async (headers: Record<string, string>) =>
          JSON.parse((await ask({ headers })).body!).version;
        const versions = async () => {
          const seen = [];
          for (let i = 0; i < 12; i++) {
            seen.push(await versionFor(i % 2 ? { 'x-beta': 'yes' } : {}));
          }
          return seen;
        };
        // Before the rule is in force, each is as likely.
        const wanted = Array.from({ length: 12 }, (_, i) =>
          i % 2 ? 'v2' : 'v1',
        ).join();
        await within(
          'the rule is in force',
          async () => (await versions()).join() === wanted,
        );
        expect((await versions()).join()).toBe(wanted);
      },
    );
  });

  it('refuses by policy', async () => {
    await withObject(
      istio('AuthorizationPolicy', PLACE, 'b', {
        selector: { matchLabels: { app: 'b' } },
        action: 'DENY',
        rules: [{ to: [{ operation: { paths: ['/admin*'] } }] }],
      }),
      async () => {
        const refused = () => ask({ path: '/admin/x' });
        await within(
          'the policy is in force',
          async () => (await refused()).status === 403,
        );
        expect((await refused()).body).toBe('RBAC: access denied');
        expect((await ask()).status).toBe(200);
      },
    );
  });

  it.each(['envoy', 'pilot-agent'])(
    'starts the proxy of a pod again whose %s crashed',
    async program => {
      const restarts = async () => {
        const { status } = await api.get(caller.object);
        const [{ ready, restartCount }] = status.containerStatuses;
        return { ready, restartCount };
      };
      const before = await restarts();
      await caller.crash(program);
      await within('the proxy runs again', async () => {
        const { ready, restartCount } = await restarts();
        return ready && restartCount > before.restartCount;
      });
      expect((await ask()).status).toBe(200);
    },
    60_000,
  );

  it('speaks gRPC and TCP', async () => {
    const ports = [
      { name: 'grpc', port: 7070 },
      { name: 'tcp', port: 9000 },
    ];
    await withObject(
      {
        ...service(PLACE, 'other', ports),
        spec: { selector: { app: 'b' }, ports },
      },
      async () => {
        const { spec } = await api.get(service(PLACE, 'other'));
        const send = (command: Partial<SendCommand>) =>
          caller.app.send({
            kind: 'tcp',
            address: spec.clusterIP,
            port: 9000,
            // Until the proxy knows of the Service, nobody answers there.
            withinMs: 1000,
            ...command,
          });
        const greet = () =>
          send({
            kind: 'grpc',
            port: 7070,
            path: '/demo.Greeter/Hello',
            host: 'other',
          });
        await within(
          'gRPC is answered',
          async () => (await greet()).grpcStatus === 0,
        );
        expect((await greet()).body).toContain('"protocol":"gRPC"');
        const echo = () => send({ body: 'echo?' });
        await within('TCP is answered', async () => (await echo()).body !== '');
        expect((await echo()).body).toMatch(/"protocol":"TCP".*\necho\?$/);
      },
    );
  }, 60_000);

  it('counts requests as Istio does, from the logs of the proxies', async () => {
    const { prometheusUrl } = mesh!.state;
    // The proxy that connected sent it, whomever it forwards it for.
    const headers = { 'x-answer': '418', 'x-forwarded-for': target.address };
    for (let i = 0; i < 5; i++) {
      await ask({ headers });
    }
    const query = `sum by (reporter, source_workload, connection_security_policy) (istio_requests_total{destination_service="${HOST}",response_code="418"})`;
    const counted = await until('The series', MEASURED_WITHIN_MS, async () => {
      const { body } = await request(
        `${prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`,
      );
      const { data } = (await body.json()) as {
        data: {
          result: { metric: Record<string, string>; value: [number, string] }[];
        };
      };
      const found = data.result.filter(({ value }) => Number(value[1]) >= 5);
      return found.length >= 2 ? found.map(({ metric }) => metric) : undefined;
    });
    const from = { source_workload: 'a-v1' };
    expect(counted).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...from,
          reporter: 'source',
          connection_security_policy: 'unknown',
        }),
        expect.objectContaining({
          ...from,
          reporter: 'destination',
          connection_security_policy: 'mutual_tls',
        }),
      ]),
    );
  }, 60_000);

  it('sends spans to Jaeger', async () => {
    const { jaegerUrl } = mesh!.state;
    await ask({ path: '/traced' });
    const names = await until(
      'A trace of both sides',
      MEASURED_WITHIN_MS,
      async () => {
        const { body } = await request(
          `${jaegerUrl}/api/traces?service=a.${PLACE}&limit=20`,
        );
        const { data } = (await body.json()) as {
          data?: { processes: Record<string, { serviceName: string }> }[];
        };
        return (data ?? [])
          .map(({ processes }) =>
            Object.values(processes).map(({ serviceName }) => serviceName),
          )
          .find(services => services.length > 1);
      },
    );
    expect(new Set(names)).toEqual(new Set([`a.${PLACE}`, `b.${PLACE}`]));
  }, 60_000);
});
