import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { DemoMesh } from '@meshdeck/demo-mesh';
import { setFromYaml } from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { join } from 'path';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { ClusterStores } from '../cluster/ClusterStores';
import { readMeshSettings } from '../config/readMeshSettings';
import { selecting } from '../sources/prometheus/promql';
import { RefreshPeriod } from '../sources/RefreshPeriod';
import { SourceCache } from '../sources/SourceCache';
import { Sources } from '../sources/Sources';
import { CertificatesService } from './CertificatesService';
import { gatewaySecrets } from './gatewaySecrets';
import { readCertificate } from './readCertificate';

const ORION = join(__dirname, '../../../../examples/platforms/orion');
const SECRET = '/api/v1/namespaces/istio-system/secrets/orion-tls-credential';
const placement = (service: string) => ({
  id: `demo:orion:${service}`,
  cluster: 'demo',
  namespace: 'orion',
  service,
});

jest.setTimeout(60_000);

describe('CertificatesService', () => {
  let mesh: DemoMesh;
  let direct: DirectAccess;
  const started: ClusterStores[] = [];
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);

  beforeAll(async () => {
    mesh = await DemoMesh.start({ platforms: [ORION] });
    direct = DirectAccess.create({ demo: { url: mesh.urls.kubernetes } });
  });

  afterAll(async () => {
    started.forEach(clusters => clusters.stop());
    await mesh.stop();
  });

  /** The service over the demo mesh, where the Secret answers as `ofSecret` has it. */
  function serviceWith(ofSecret?: () => Promise<Response>) {
    const access: MeshClusterAccess = {
      clusters: () => direct.clusters(),
      request: (cluster, request) =>
        ofSecret && request.path === SECRET
          ? ofSecret()
          : direct.request(cluster, request),
    };
    const clusters = ClusterStores.create({
      access,
      logger,
      deadlineMs: 20_000,
    });
    clusters.start();
    started.push(clusters);
    const shared = new Map<string, unknown>();
    const cache = SourceCache.create({
      period: RefreshPeriod.create({ periodMs: 5000 }),
      shared: {
        get: async key => shared.get(key) as any,
        set: async (key, value) => {
          shared.set(key, value);
        },
        delete: async () => {},
        withOptions: () => {
          throw new Error('not needed');
        },
      },
    });
    const settings = readMeshSettings(
      new ConfigReader({ mesh: { prometheus: { url: mesh.urls.prometheus } } }),
    );
    const sources = Sources.create({ settings, cache });
    const service = CertificatesService.create({
      clusters,
      access,
      sources,
      cache,
      deadlineMs: 5000,
    });
    return { service, shared };
  }

  it('tells of the gateway’s certificate and of the proxies’, and nothing of a key', async () => {
    const response = await direct.request('demo', { path: SECRET });
    const { data } = await response.json();
    const key = Buffer.from(data['tls.key'], 'base64').toString();
    const { service, shared } = serviceWith();
    const answer = await service.ofPlacement(placement('gateway-service'));
    expect(answer.certificates).toEqual([
      {
        of: 'gateway orion/orion-gateway',
        subject: 'CN=*.orion.example.com',
        issuer: 'CN=*.orion.example.com',
        hosts: ['*.orion.example.com'],
        endsAt: expect.stringMatching(/^20\d\d-.*Z$/),
        from: 'secret',
      },
      {
        of: 'proxies of gateway-service',
        daysLeft: 0,
        from: 'metrics',
        message: expect.stringContaining('as is usual'),
      },
    ]);
    expect(answer.sources.map(({ status }) => status)).toEqual(['ok', 'ok']);
    const said = JSON.stringify([
      answer,
      [...shared],
      [logger.info, logger.warn, logger.error, logger.debug].flatMap(
        log => log.mock.calls,
      ),
    ]);
    expect(said).not.toContain('tls.key');
    expect(said).not.toContain('PRIVATE KEY');
    expect(said).not.toContain(data['tls.key'].slice(0, 40));
    expect(said).not.toContain(key.split('\n')[1]);
  });

  it('tells of the mesh’s root', async () => {
    const { certificates } = await serviceWith().service.ofMesh('demo');
    expect(certificates).toEqual([
      {
        of: 'Mesh root CA',
        endsAt: expect.stringMatching(/^203\d-.*Z$/),
        from: 'metrics',
      },
    ]);
  });

  it.each([1e300, -1e300, 9e15])(
    'tells nothing of a root that would end at %d, and does not fail for it',
    async end => {
      const lying = {
        prometheus: () => ({
          select: selecting(),
          query: async () => [{ labels: {}, points: [[0, end]] }],
        }),
      };
      const service = CertificatesService.create({
        clusters: {} as ClusterStores,
        access: direct,
        sources: lying as unknown as Sources,
        cache: SourceCache.create({
          period: RefreshPeriod.create({ periodMs: 5000 }),
        }),
        deadlineMs: 5000,
      });
      const { certificates, sources } = await service.ofMesh('demo');
      expect(certificates).toEqual([]);
      expect(sources[0].status).toBe('ok');
    },
  );

  it('needs no Secret for a service without a gateway', async () => {
    const before = direct.sent.length;
    const { service } = serviceWith();
    const { certificates } = await service.ofPlacement(
      placement('user-service'),
    );
    expect(certificates.map(({ from }) => from)).toEqual(['metrics']);
    expect(direct.sent.slice(before).join()).not.toContain('/secrets/');
  });

  const kubeStatus = (code: number) => async () =>
    Response.json({ kind: 'Status', code }, { status: code });

  it.each<[string, () => Promise<Response>, string]>([
    ['forbidden', kubeStatus(403), 'Grant its account get on this Secret'],
    ['missing', kubeStatus(404), 'TLS handshakes with the gateway fail'],
    ['failing', kubeStatus(500), 'could not be read (500)'],
    [
      'broken',
      async () => Response.json({ data: { 'tls.crt': 'bm8=' } }),
      'holds no certificate that can be read',
    ],
    [
      'no JSON, with a key in it',
      async () => new Response('{"tls.key": "c2VjcmV0'),
      'holds no certificate that can be read',
    ],
  ])(
    'says plainly that the Secret is %s',
    async (_name, ofSecret, expected) => {
      const { service } = serviceWith(ofSecret);
      const answer = await service.ofPlacement(placement('gateway-service'));
      expect(answer.certificates[0]).toMatchObject({
        of: 'gateway orion/orion-gateway',
        from: 'secret',
        message: expect.stringContaining(expected),
      });
      expect(JSON.stringify(answer)).not.toContain('c2VjcmV0');
    },
  );

  it.each([
    ['kubernetes://orion/foreign', 'another namespace than the gateway'],
    ['orion/foreign', 'another namespace than the gateway'],
    ['kubernetes-gateway://orion/foreign', 'only to pods in the namespace'],
  ])('does not even read what %s names', async (credentialName, why) => {
    const path =
      '/apis/networking.istio.io/v1/namespaces/orion/gateways/orion-gateway';
    const response = await direct.request('demo', { path });
    const usual = await response.json();
    const servers = (name: string) => ({
      method: 'PATCH' as const,
      path,
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: JSON.stringify({
        spec: {
          servers: usual.spec.servers.map((server: any) => ({
            ...server,
            ...(server.tls && {
              tls: { ...server.tls, credentialName: name },
            }),
          })),
        },
      }),
    });
    await direct.request('demo', servers(credentialName));
    const before = direct.sent.length;
    const { service } = serviceWith();
    const { certificates } = await service.ofPlacement(
      placement('gateway-service'),
    );
    expect(certificates[0]).toEqual({
      of: 'gateway orion/orion-gateway',
      from: 'secret',
      message: expect.stringMatching(
        new RegExp(`^Secret orion/foreign is not granted\\. .*${why}`),
      ),
    });
    expect(direct.sent.slice(before).join()).not.toContain('/secrets/');
    await direct.request('demo', servers('orion-tls-credential'));
  });

  it('goes on with the proxies where the cluster does not answer for the Secret', async () => {
    const { service } = serviceWith(async () => {
      throw new Error('connect ECONNREFUSED');
    });
    const answer = await service.ofPlacement(placement('gateway-service'));
    expect(answer.certificates.map(({ from }) => from)).toEqual(['metrics']);
    expect(answer.sources[0]).toMatchObject({
      id: 'kubernetes',
      status: 'down',
      message: expect.stringContaining('cannot be reached'),
    });
  });
});

describe('gatewaySecrets', () => {
  it('follows both kinds of Gateway to the Secrets of the servers that matter', () => {
    const set = setFromYaml(`
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: a }
spec: { selector: { app: shop }, ports: [{ port: 80, name: http }] }
---
apiVersion: v1
kind: Pod
metadata: { name: edge-1, namespace: edge, labels: { istio: edge } }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: outer, namespace: a }
spec:
  selector: { istio: edge }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: ['*/shop.example.com']
      tls: { mode: SIMPLE, credentialName: shop-tls }
    - port: { number: 444, name: other, protocol: HTTPS }
      hosts: [other.example.com]
      tls: { mode: SIMPLE, credentialName: other-tls }
    - port: { number: 445, name: far, protocol: HTTPS }
      hosts: [shop.example.com]
      tls: { mode: SIMPLE, credentialName: vault/far-tls }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: a }
spec:
  hosts: [shop.example.com]
  gateways: [outer]
  http: [{ route: [{ destination: { host: shop } }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: modern, namespace: a }
spec:
  gatewayClassName: istio
  listeners:
    - name: https
      port: 443
      protocol: HTTPS
      hostname: shop.example.com
      tls:
        certificateRefs:
          - { name: modern-tls }
          - { kind: ConfigMap, name: no }
          - { group: vault.example.com, name: no }
          - { name: far-tls, namespace: vault }
          - { name: lent-tls, namespace: vault }
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: lent, namespace: vault }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: a }]
  to: [{ group: "", kind: Secret, name: lent-tls }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: shop, namespace: a }
spec:
  parentRefs: [{ name: modern }]
  hostnames: [shop.example.com]
  rules: [{ backendRefs: [{ name: shop, port: 80 }] }]
`);
    expect(
      gatewaySecrets(set, { namespace: 'a', service: 'shop' }).map(
        ({ gateway, namespace, name, refused }) =>
          `${gateway.name}: ${namespace}/${name} ${refused ? 'refused' : 'ok'}`,
      ),
    ).toEqual([
      'outer: edge/shop-tls ok',
      'outer: vault/far-tls refused',
      'modern: a/modern-tls ok',
      'modern: vault/far-tls refused',
      'modern: vault/lent-tls ok',
    ]);
  });
});

describe('readCertificate', () => {
  it.each(['', 'no', '-----BEGIN CERTIFICATE-----\nAAAA\n'])(
    'makes nothing of %j',
    pem => {
      expect(readCertificate(pem)).toBeUndefined();
    },
  );
});
