import { MeshObjects, setFromYaml } from '@meshdeck/istio-config';
import { SecurityService } from './SecurityService';

/** Two services of one namespace in ambient mode, both behind the waypoint `way`. */
const MESH = `
apiVersion: v1
kind: Namespace
metadata: { name: mall, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way, namespace: mall }
spec: { gatewayClassName: istio-waypoint }
---
${['cart', 'stock']
  .map(
    name => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: mall }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: mall }
spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app }] } } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}-callers, namespace: mall }
spec:
  targetRefs: [{ group: "", kind: Service, name: ${name} }]
  rules: [{ from: [{ source: { principals: [cluster.local/ns/mall/sa/of-${name}], requestPrincipals: ["*"] } }] }]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: ${name}-tokens, namespace: mall }
spec:
  targetRefs: [{ group: "", kind: Service, name: ${name} }]
  jwtRules: [{ issuer: https://${name}.example }, { jwksUri: https://keys.example }]
---`,
  )
  .join('')}
`;

function placementOf(service: string) {
  return { id: `c:mall:${service}`, cluster: 'c', namespace: 'mall', service };
}

function services(set: MeshObjects) {
  const clusters = {
    snapshot: async () => ({
      set,
      source: { id: 'kubernetes', status: 'ok' },
    }),
  };
  const security = SecurityService.create({
    metrics: { traffic: async () => undefined },
    owners: {},
    health: { of: async () => ({ also: [] }) },
  } as any);
  return { security, clusters: clusters as any };
}

describe('SecurityService', () => {
  it('goes by what is attached to the service, and by nothing of its neighbours', async () => {
    const { security, clusters } = services(setFromYaml(MESH));
    const view = await security.view(clusters, placementOf('cart'), {} as any);
    expect(view.policies.map(({ name }: any) => name).sort()).toEqual([
      'cart-callers',
      'cart-tokens',
    ]);
    expect(
      view.callers.map(caller => [
        caller.principal,
        caller.allowed,
        caller.allowedOperations,
        caller.decidedBy?.map(({ name }) => name),
      ]),
    ).toEqual([
      [
        'cluster.local/ns/mall/sa/of-cart',
        'partly',
        ['everything with a valid token'],
        ['cart-callers'],
      ],
    ]);
    expect(view.tokens).toMatchObject({
      required: 'yes',
      issuers: [{ issuer: 'https://cart.example' }, { issuer: 'any' }],
    });
  });

  it('tries a call as the waypoint of the service decides it', async () => {
    const { security, clusters } = services(setFromYaml(MESH));
    expect(
      await security.tryCall(clusters, placementOf('cart'), {
        method: 'GET',
        path: '/',
      }),
    ).toMatchObject({
      outcome: 'denied',
      // The outcome stands beside it: said once.
      sentence: expect.not.stringContaining('403'),
      decidedBy: { name: 'cart-callers' },
    });
  });

  it('says that a workload without a proxy takes plaintext, STRICT or not', async () => {
    const set = setFromYaml(
      `${MESH.replace('istio.io/dataplane-mode: ambient, ', '')}
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: mall }
spec: { mtls: { mode: STRICT } }
`,
    );
    const { security, clusters } = services(set);
    const view = await security.view(clusters, placementOf('cart'), {} as any);
    expect(view.ports).toMatchObject([
      { mode: 'DISABLE', note: expect.stringContaining('cart has no proxy') },
    ]);
    expect(view.ifStrict.isStrict).toBe(false);
    expect(
      await security.tryCall(clusters, placementOf('cart'), {
        method: 'GET',
        path: '/',
      }),
    ).toMatchObject({ outcome: 'allowed' });
  });
});
