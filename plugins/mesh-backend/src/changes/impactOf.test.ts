import { type KubeObject, setFromYaml } from '@meshdeck/istio-config';
import { Traffic } from '../metrics/Traffic';
import { impactOf } from './impactOf';

const placement = {
  id: 'c:a:shop',
  cluster: 'c',
  namespace: 'a',
  service: 'shop',
};

const workload = (name: string, sidecar: boolean) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: a }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: ${name} }${
  sidecar ? ', { name: istio-proxy, image: proxy }' : ''
}]
---`;

const MESH = setFromYaml(`
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: a }
spec: { selector: { app: shop }, ports: [{ name: http, port: 80, targetPort: 8080 }, { name: http-metrics, port: 9090 }] }
---${workload('shop', true)}${workload('web', true)}${workload(
  'admin',
  true,
)}${workload('batch', false)}`);

const policy = (kind: string, spec: object): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind,
  metadata: { namespace: 'a', name: 'p' },
  spec,
});

const onlyFrom = (names: string[], methods?: string[]) =>
  policy('AuthorizationPolicy', {
    selector: { matchLabels: { app: 'shop' } },
    rules: [
      {
        from: [
          {
            source: {
              principals: names.map(name => `cluster.local/ns/a/sa/${name}`),
            },
          },
        ],
        ...(methods ? { to: [{ operation: { methods } }] } : {}),
      },
    ],
  });

const calls = (caller: string, encrypted: boolean, rate: number) => ({
  labels: {
    reporter: 'destination',
    source_workload: caller,
    source_canonical_service: caller,
    source_workload_namespace: 'a',
    source_principal: encrypted
      ? `spiffe://cluster.local/ns/a/sa/${caller}`
      : 'unknown',
    destination_workload: 'shop',
    destination_workload_namespace: 'a',
    destination_service_name: 'shop',
    destination_service_namespace: 'a',
    request_protocol: 'http',
    response_code: '200',
    response_flags: '-',
    connection_security_policy: encrypted ? 'mutual_tls' : 'none',
  },
  points: [[0, rate]] as [number, number][],
});

const TRAFFIC = Traffic.fromReports([
  calls('web', true, 5),
  calls('admin', true, 1),
  calls('batch', false, 2),
]);

const impact = (
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  traffic: Traffic | undefined = TRAFFIC,
) => {
  const [was, is] = [before, after].map(object =>
    MESH.with(object ? [{ type: 'put', object }] : []),
  );
  const found = impactOf({ before: was, after: is, placement, traffic });
  const names = (list: readonly { name: string }[]) =>
    list.map(({ name }) => name).sort();
  return {
    ...found,
    refused: names(found.refused),
    letIn: names(found.letIn),
    cutOff: names(found.cutOff),
  };
};

const NOTHING = {
  isWatched: true,
  isServed: true,
  callers: 3,
  refused: [],
  letIn: [],
  cutOff: [],
};

describe('impactOf', () => {
  it.each<[string, KubeObject | undefined, KubeObject | undefined, object]>([
    ['nothing', undefined, undefined, NOTHING],
    [
      'a policy that leaves out who calls',
      undefined,
      onlyFrom(['web']),
      { ...NOTHING, refused: ['admin', 'batch'] },
    ],
    [
      'a method less',
      onlyFrom(['web', 'admin'], ['GET', 'POST']),
      onlyFrom(['web', 'admin'], ['GET']),
      { ...NOTHING, refused: ['admin', 'web'] },
    ],
    [
      'a method more',
      onlyFrom(['web', 'admin'], ['GET']),
      onlyFrom(['web', 'admin'], ['GET', 'POST']),
      { ...NOTHING, letIn: ['admin', 'web'] },
    ],
    [
      'a method that is denied beside all that is allowed',
      onlyFrom(['web', 'admin'], ['GET', 'POST']),
      {
        ...onlyFrom(['web'], ['POST']),
        spec: {
          ...onlyFrom(['web'], ['POST']).spec,
          action: 'DENY',
        },
      },
      { ...NOTHING, refused: ['web'], letIn: ['admin', 'batch'] },
    ],
    [
      'one caller more',
      onlyFrom(['web']),
      onlyFrom(['web', 'admin']),
      { ...NOTHING, letIn: ['admin'] },
    ],
    [
      'a policy that goes',
      onlyFrom(['web']),
      undefined,
      { ...NOTHING, letIn: ['admin', 'batch'] },
    ],
    [
      'STRICT',
      undefined,
      policy('PeerAuthentication', { mtls: { mode: 'STRICT' } }),
      { ...NOTHING, cutOff: ['batch'] },
    ],
    [
      'STRICT on a port that others need not call',
      undefined,
      policy('PeerAuthentication', {
        selector: { matchLabels: { app: 'shop' } },
        portLevelMtls: { 9090: { mode: 'STRICT' } },
      }),
      { ...NOTHING, cutOff: ['batch'], cutOffOn: [9090] },
    ],
    [
      'STRICT again',
      policy('PeerAuthentication', { mtls: { mode: 'STRICT' } }),
      policy('PeerAuthentication', {
        selector: { matchLabels: { app: 'shop' } },
        mtls: { mode: 'STRICT' },
      }),
      NOTHING,
    ],
  ])('tells of %s', (_what, before, after, expected) => {
    expect(impact(before, after)).toEqual(expected);
  });

  it('tells who called also where nothing is behind the service', () => {
    const empty = MESH.with([
      { type: 'remove', kind: 'Deployment', namespace: 'a', name: 'shop' },
    ]);
    expect(
      impactOf({ before: empty, after: empty, placement, traffic: TRAFFIC }),
    ).toMatchObject({ isServed: false, callers: 3, refused: [] });
  });

  it('cuts off everybody who called a service that goes, whatever its policies say', () => {
    const before = MESH.with([{ type: 'put', object: onlyFrom(['web']) }]);
    const after = MESH.with([
      { type: 'remove', kind: 'Service', namespace: 'a', name: 'shop' },
      { type: 'remove', kind: 'Deployment', namespace: 'a', name: 'shop' },
    ]);
    const found = impactOf({ before, after, placement, traffic: TRAFFIC });
    expect(found).toMatchObject({ ...NOTHING, refused: expect.anything() });
    expect(
      found.refused.map(({ name, allowed, why }) => [name, allowed, why]),
    ).toEqual(
      ['web', 'batch', 'admin'].map(name => [
        name,
        'no',
        'the Service goes, so nothing answers any more',
      ]),
    );
  });

  it('says that nobody was watching', () => {
    const { before, after } = { before: MESH, after: MESH };
    expect(
      impactOf({ before, after, placement, traffic: undefined }),
    ).toMatchObject({ isWatched: false, callers: 0, refused: [] });
  });
});
