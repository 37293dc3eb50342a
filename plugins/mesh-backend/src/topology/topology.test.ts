import type { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import { setFromYaml } from '@meshdeck/istio-config';
import type {
  TopologyEdge,
  TopologyNode,
  TopologyView,
} from '@meshdeck/plugin-mesh-common';
import fc from 'fast-check';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';
import { callQueries } from '../sources/prometheus/callQueries';
import { selecting } from '../sources/prometheus/promql';
import { buildGraph } from './buildGraph';
import { foldGraph } from './foldGraph';

const AUTH = '/placements/demo:orion:auth-service/topology';

function partOf(system: string, name: string): Entity {
  const entity = component(name, { 'backstage.io/kubernetes-id': name });
  return {
    ...entity,
    relations: [
      ...entity.relations!,
      { type: 'partOf', targetRef: `system:default/${system}` },
    ],
  };
}

const ENTITIES = [
  ...['auth-service', 'user-service', 'gateway-service', 'billing'].map(name =>
    partOf('orion', name),
  ),
  component('deal-service', {
    'meshdeck.io/services': 'autolytiq/deal-service',
  }),
];

const line = (view: TopologyView, { from, to }: TopologyEdge) =>
  `${nameIn(view, from)} → ${nameIn(view, to)}`;

function nameIn(view: TopologyView, id: string): string {
  return view.nodes.find(node => node.id === id)!.name;
}

describe('the topology of auth-service', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({ mesh, entities: ENTITIES });
    await portal.get('auth-service', AUTH);
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  const read = async (path = AUTH): Promise<TopologyView> => {
    const { status, body } = await portal.get('auth-service', path);
    expect(status).toBe(200);
    return body;
  };

  it('names who calls it, how often and how, with entity and owner', async () => {
    const view = await read();
    expect(view.edges.map(edge => line(view, edge))).toContain(
      'gateway-service → auth-service',
    );
    const edge = view.edges.find(({ from }) =>
      from.endsWith('orion/gateway-service'),
    )!;
    expect(edge).toMatchObject({ protocol: 'http', mtls: 'yes' });
    expect(edge.requestsPerSecond).toBeGreaterThan(10);
    expect(edge.p99Ms).toBeGreaterThan(1);
    expect(edge.errorShare).toBeLessThan(0.1);
    expect(
      view.nodes.find(({ name }) => name === 'gateway-service'),
    ).toMatchObject({
      kind: 'service',
      isSubject: false,
      entityRef: 'component:default/gateway-service',
      owner: 'group:default/team-identity',
      dataPlane: 'sidecar',
    });
  });

  it('has the versions as parts of its node, with what each gets', async () => {
    const view = await read();
    const own = view.nodes.find(({ isSubject }) => isSubject)!;
    expect(own.versions).toHaveLength(2);
    const [stable, canary] = own.versions;
    expect(stable.requestsPerSecond).toBeGreaterThan(
      canary.requestsPerSecond! * 3,
    );
    expect(stable).toMatchObject({ pods: 3, readyPods: 3 });
  });

  it('has a gateway as a gateway', async () => {
    const view = await read();
    expect(view.nodes).toContainEqual(
      expect.objectContaining({
        kind: 'gateway',
        name: 'istio-ingressgateway',
      }),
    );
  });

  it('shows the system: edges among its services, one environment', async () => {
    const view = await read(`${AUTH}?scope=system`);
    const subjects = view.nodes.filter(({ isSubject }) => isSubject);
    expect(subjects.map(({ id }) => id).sort()).toEqual(
      ['auth-service', 'billing', 'gateway-service', 'user-service'].map(
        name => `service:orion/${name}`,
      ),
    );
    expect(view.edges.map(edge => line(view, edge))).toEqual(
      expect.arrayContaining([
        'gateway-service → user-service',
        'istio-ingressgateway → gateway-service',
      ]),
    );
  });

  it('shows of the system what the reader may see only', async () => {
    const strict = await startPortal({
      mesh,
      entities: ENTITIES,
      authorize: async queries =>
        queries.map(query => ({
          result:
            'resourceRef' in query &&
            query.resourceRef === 'component:default/billing'
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
        })),
    });
    const { body } = await strict.get('auth-service', `${AUTH}?scope=system`);
    const billing = body.nodes.find(
      ({ name }: TopologyNode) => name === 'billing',
    );
    // It calls the others, so it is there; what it calls itself, and whose it is, is not told.
    expect(billing?.isSubject ?? false).toBe(false);
    expect(billing?.owner).toBeUndefined();
    strict.server.stop();
  });

  it.each([
    [`${AUTH}?scope=galaxy`, 400],
    [`${AUTH}?window=1y`, 400],
    ['/placements/demo:orion:billing/topology', 404],
  ])('answers %s with %i', async (path, status) => {
    expect((await portal.get('auth-service', path)).status).toBe(status);
  });

  it('asks for the permission to read', async () => {
    const blind = await startPortal({
      mesh,
      entities: ENTITIES,
      denied: ['mesh.service.read'],
    });
    const { status } = await blind.get('auth-service', AUTH);
    expect(status).toBe(403);
    blind.server.stop();
  });

  it('still has the service where Prometheus is not there, and says what is missing', async () => {
    const quiet = await startPortal({
      mesh,
      entities: ENTITIES,
      config: { prometheus: undefined },
    });
    const { body } = await quiet.get('auth-service', AUTH);
    expect(body.nodes).toHaveLength(1);
    expect(body.verdict).toMatchObject({ level: 'unknown' });
    expect(body.sources[1].status).toBe('absent');
    quiet.server.stop();
  });
});

describe('callQueries', () => {
  it('scopes each of four queries to the services and their workloads', () => {
    const queries = callQueries(
      {
        services: [{ namespace: 'orion', name: 'auth' }],
        workloads: [
          { namespace: 'orion', name: 'auth' },
          { namespace: 'orion', name: 'auth.v2' },
        ],
      },
      selecting(),
    );
    for (const query of Object.values(queries).map(ask => ask('5m'))) {
      const selectors: string[] = query.match(/\{[^}]*\}/g);
      expect(selectors).toEqual([
        '{destination_service_namespace="orion",destination_service_name="auth"}',
        '{source_workload_namespace="orion",source_workload=~"auth|auth\\\\.v2"}',
      ]);
    }
  });

  it('asks for nobody as a caller where the service has no workload', () => {
    const { requests } = callQueries(
      {
        services: [{ namespace: 'a', name: 'b' }],
        workloads: [],
      },
      selecting(),
    );
    expect(requests('5m')).not.toContain('source_workload=');
  });
});

const OBJECTS = `
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: a }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop-v1, namespace: a }
spec: { template: { metadata: { labels: { app: shop, version: v1 } }, spec: { containers: [{ name: istio-proxy }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: a }
spec: { selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: db, namespace: a }
spec: { template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db }] } } }
`;

const call = (
  source: string | undefined,
  destination: string,
  value: number,
  more: Record<string, string> = {},
) => ({
  labels: {
    reporter: 'destination',
    source_workload: source ?? 'unknown',
    source_workload_namespace: source ? 'a' : 'unknown',
    destination_service: `${destination}.a.svc.cluster.local`,
    destination_service_name: destination,
    destination_service_namespace: 'a',
    destination_canonical_revision: 'v1',
    response_code: '200',
    response_flags: '-',
    connection_security_policy: 'mutual_tls',
    ...more,
  },
  points: [[0, value] as [number, number]],
});

describe('buildGraph', () => {
  const set = setFromYaml(OBJECTS);
  const subjects = [{ namespace: 'a', name: 'shop' }];
  const nothing = {
    requests: [],
    latencies: [],
    connections: [],
    bytes: [],
  };
  const atSource = {
    reporter: 'source',
    connection_security_policy: 'unknown',
  };

  it.each([
    [
      'a caller that no proxy names',
      {
        requests: [
          call(undefined, 'shop', 2, { connection_security_policy: 'none' }),
        ],
      },
      { from: 'unknown', to: 'service:a/shop', mtls: 'no', protocol: 'http' },
    ],
    [
      'one call, which both proxies report, once',
      {
        requests: [call('web', 'shop', 2), call('web', 'shop', 2, atSource)],
      },
      { from: 'workload:a/web', requestsPerSecond: 2, mtls: 'yes' },
    ],
    [
      'what never arrived, as an error',
      {
        requests: [
          call('web', 'shop', 1, {
            ...atSource,
            destination_canonical_revision: 'unknown',
            response_code: '503',
          }),
        ],
      },
      { from: 'workload:a/web', requestsPerSecond: 1, errorShare: 1 },
    ],
    [
      'calls to a place without a proxy, by the caller’s word, as plain',
      { requests: [call('shop-v1', 'db', 3, atSource)] },
      {
        from: 'service:a/shop',
        to: 'service:a/db',
        requestsPerSecond: 3,
        mtls: 'no',
      },
    ],
    [
      'a long connection that nobody opened lately',
      { bytes: [call('shop-v1', 'db', 512, atSource)] },
      { to: 'service:a/db', protocol: 'tcp', bytesPerSecond: 512 },
    ],
    [
      'a host outside',
      {
        requests: [
          call('shop-v1', 'api.example.com', 1, {
            ...atSource,
            destination_service: 'api.example.com',
            destination_service_namespace: 'unknown',
          }),
        ],
      },
      { to: 'external:api.example.com', mtls: 'unknown' },
    ],
  ])('shows %s', (_name, given, expected) => {
    const { edges } = buildGraph(set, subjects, { ...nothing, ...given });
    expect(edges).toEqual([expect.objectContaining(expected)]);
  });

  it('leaves out calls of others of the same names', () => {
    const { edges, nodes } = buildGraph(set, subjects, {
      ...nothing,
      requests: [
        call('web', 'shop', 1, { destination_service_namespace: 'b' }),
      ],
    });
    expect(edges).toEqual([]);
    expect(nodes.map(({ id }) => id)).toEqual(['service:a/shop']);
  });

  it('shows the service where nothing is known of its calls', () => {
    expect(buildGraph(set, subjects, {})).toEqual({
      edges: [],
      nodes: [
        {
          id: 'service:a/shop',
          kind: 'service',
          name: 'shop',
          namespace: 'a',
          isSubject: true,
          dataPlane: 'sidecar',
          versions: [{ version: 'v1', pods: 0, readyPods: 0 }],
        },
      ],
    });
  });
});

describe('foldGraph', () => {
  const node = (id: string): TopologyNode => ({
    id,
    kind: 'service',
    name: id,
    isSubject: id === 'n0',
    versions: [],
  });

  it('keeps the rate, the ends and the bound, whatever the graph', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 40 }),
        fc.integer({ min: 4, max: 30 }),
        fc.array(
          fc.record({
            other: fc.nat(39),
            isCaller: fc.boolean(),
            rate: fc.integer({ min: 1, max: 100 }),
          }),
          { maxLength: 60 },
        ),
        (size, most, calls) => {
          const nodes = Array.from({ length: size }, (_, at) => node(`n${at}`));
          const edges = calls
            .filter(({ other }) => other < size)
            .map(
              ({ other, isCaller, rate }): TopologyEdge => ({
                from: isCaller ? `n${other}` : 'n0',
                to: isCaller ? 'n0' : `n${other}`,
                protocol: 'http',
                requestsPerSecond: rate,
                errorShare: 0.5,
                mtls: 'yes',
              }),
            );
          const folded = foldGraph({ nodes, edges }, most);
          const ids = new Set(folded.nodes.map(({ id }) => id));
          expect(folded.nodes.length).toBeLessThanOrEqual(most);
          expect(ids).toContain('n0');
          for (const { from, to } of folded.edges) {
            expect(ids).toContain(from);
            expect(ids).toContain(to);
          }
          const rate = (all: TopologyEdge[]) =>
            all.reduce((sum, edge) => sum + edge.requestsPerSecond!, 0);
          expect(rate(folded.edges)).toBe(rate(edges));
        },
      ),
    );
  });
});
