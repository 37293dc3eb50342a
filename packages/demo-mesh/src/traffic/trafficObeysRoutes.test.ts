import type { InMemoryCluster } from './__fixtures__/InMemoryCluster';
import {
  after,
  branches,
  editRoute,
  LOGIN,
  ME,
  metricNames,
  NOON,
  outcomes,
  slowShare,
} from './__fixtures__/orionTraffic';

describe('traffic obeys the routes', () => {
  it('splits by weight, and follows a change of the weights', () => {
    const before = outcomes(
      after(() => {}),
      LOGIN,
    );
    expect(before.atCaller(/^auth-service-canary /)).toBeCloseTo(0.1, 6);
    const traffic = after(cluster =>
      editRoute(cluster, http => {
        http[0].route[0].weight = 40;
        http[0].route[1].weight = 60;
      }),
    );
    expect(
      outcomes(traffic, LOGIN).atCaller(/^auth-service-canary /),
    ).toBeCloseTo(0.6, 6);
    expect(
      outcomes(traffic, LOGIN, NOON - 120_000).atCaller(
        /^auth-service-canary /,
      ),
    ).toBeCloseTo(0.1, 6);
  });

  it('sends requests with the header to the canary, and no others', () => {
    const traffic = after(() => {});
    const testers = outcomes(traffic, { ...ME, headers: 'x-canary' });
    const others = outcomes(traffic, { ...ME, headers: '' });
    expect(testers.atCaller(/^auth-service-canary /)).toBeCloseTo(1, 6);
    expect(others.atCaller(/^auth-service /)).toBeCloseTo(1, 6);
  });

  it('gives each version its own errors, at the server', () => {
    const login = outcomes(
      after(() => {}),
      LOGIN,
    );
    const errors = (workload: string) =>
      login.atServer(new RegExp(`^${workload} 5`)) /
      login.atServer(new RegExp(`^${workload} `));
    expect(errors('auth-service')).toBeCloseTo(0.003, 4);
    expect(errors('auth-service-canary')).toBeCloseTo(0.021, 4);
  });

  it('aborts the share that the fault says, before the server sees it', () => {
    const traffic = after(cluster =>
      editRoute(cluster, http => {
        http[2].fault = {
          abort: { percentage: { value: 25 }, httpStatus: 418 },
        };
      }),
    );
    const result = outcomes(traffic, { ...ME, headers: '' });
    expect(result.atCaller(/^nobody 418 FI$/)).toBeCloseTo(0.25, 6);
    expect(result.atServer(/./)).toBeCloseTo(0.75, 6);
  });

  it('delays the share that the fault says, and the callers behind wait too', () => {
    const traffic = after(cluster =>
      editRoute(cluster, http => {
        http[2].fault = {
          delay: { percentage: { value: 50 }, fixedDelay: '3s' },
        };
      }),
    );
    const result = outcomes(traffic, { ...ME, headers: '' });
    expect(result.atCaller(/ DI$/)).toBeCloseTo(0.5, 2);
    expect(result.atServer(/ DI$/)).toBe(0);
    const slowAtGateway = slowShare(traffic, 2_900);
    expect(slowAtGateway).toBeCloseTo(0.25, 2);
  });

  it('cuts what takes longer than the timeout: 504 UT here, a hang-up there', () => {
    const traffic = after(cluster =>
      editRoute(cluster, http => {
        http[2].timeout = '0.018s';
      }),
    );
    const result = outcomes(traffic, { ...ME, headers: '' });
    expect(result.atCaller(/ 504 UT$/)).toBeCloseTo(0.5, 1);
    expect(result.atServer(/ 0 DC$/)).toBeCloseTo(0.5, 1);
  });

  it('retries what the rule names, so fewer callers fail and more arrives', () => {
    const traffic = after(cluster => {
      cluster.edit('Deployment', 'orion', 'auth-service', object => {
        object.spec.template.metadata.annotations = {
          'demo.meshdeck.io/error-rate': '0.5',
        };
      });
      editRoute(cluster, http => {
        http[2].retries = { attempts: 3, retryOn: '5xx' };
      });
    });
    const result = outcomes(traffic, { ...ME, headers: '' });
    expect(result.atCaller(/ 5\d\d URX$/)).toBeCloseTo(0.5 ** 4, 3);
    expect(result.atServer(/./)).toBeCloseTo(1 + 0.5 + 0.25 + 0.125, 2);
  });

  it.each([
    {
      name: 'a subset without pods',
      flag: 'UH',
      change: (cluster: InMemoryCluster) =>
        cluster.remove('Deployment', 'orion', 'auth-service-canary'),
    },
    {
      name: 'a subset nobody defines',
      flag: 'NC',
      change: (cluster: InMemoryCluster) =>
        cluster.edit('DestinationRule', 'orion', 'auth-service', object => {
          object.spec.subsets.pop();
        }),
    },
  ])('answers 503 $flag for $name', ({ flag, change }) => {
    const result = outcomes(after(change), LOGIN);
    expect(result.atCaller(new RegExp(`^nobody 503 ${flag}$`))).toBeCloseTo(
      0.1,
      6,
    );
    expect(result.atServer(/canary/)).toBe(0);
  });

  it('copies the share that the mirror says, and nobody waits for the copy', () => {
    const traffic = after(cluster =>
      editRoute(cluster, http => {
        http[2].mirror = { host: 'auth-service', subset: 'canary' };
        http[2].mirrorPercentage = { value: 30 };
      }),
    );
    const copies = branches(traffic, { ...ME, headers: '' }).filter(
      ({ mirrored }) => mirrored,
    );
    expect(
      copies.map(({ destination, share }) => [destination?.name, share]),
    ).toEqual([['auth-service-canary', 0.3]]);
    const paths = branches(traffic, {
      from: 'istio-ingressgateway',
      to: 'orion/gateway-service',
      path: '/users/me',
      headers: '',
    });
    expect(paths[0].outcomes[0].share).toBeGreaterThan(0.99);
  });

  it.each([
    {
      what: 'the VirtualService is gone',
      change: (cluster: InMemoryCluster) =>
        cluster.remove('VirtualService', 'orion', 'gateway-service'),
    },
    {
      what: 'no VirtualService has the host that is asked for',
      change: (cluster: InMemoryCluster) =>
        cluster.edit('VirtualService', 'orion', 'gateway-service', object => {
          object.spec.hosts = ['elsewhere.example.com'];
        }),
    },
    {
      what: 'no server of the gateway takes the host',
      change: (cluster: InMemoryCluster) =>
        cluster.edit('Gateway', 'orion', 'orion-gateway', object => {
          object.spec.servers[0].hosts = ['elsewhere.example.com'];
        }),
    },
    {
      what: 'there is no such gateway',
      change: (cluster: InMemoryCluster) =>
        cluster.remove('Gateway', 'orion', 'orion-gateway'),
    },
  ])('answers 404 NR at a gateway where $what', ({ change }) => {
    const traffic = after(change);
    const result = outcomes(traffic, {
      from: 'istio-ingressgateway',
      to: 'orion/gateway-service',
      path: '/login',
    });
    expect(result.atCaller(/^nobody 404 NR$/)).toBeCloseTo(1, 6);
    expect(outcomes(traffic, LOGIN).offered).toBe(0);
  });

  it('counts connections, not requests, on a port that Istio takes for TCP', () => {
    const traffic = after(cluster =>
      cluster.edit('Service', 'orion', 'billing', object => {
        object.spec.ports[0].name = 'tcp-billing';
      }),
    );
    expect(metricNames(traffic, 'gateway-service', 'billing')).toContain('tcp');
    const [shape] = branches(traffic, {
      from: 'gateway-service',
      to: 'orion/billing',
      path: '/api/invoices',
    });
    expect(shape.seen).toEqual({ bySource: 'tcp', byDestination: 'tcp' });
  });

  it('tries out a service that no profile names', () => {
    const traffic = after(cluster => {
      const { metadata, spec } = cluster.get('Service', 'orion', 'billing');
      const deployment = cluster.get('Deployment', 'orion', 'billing');
      const labels = { app: 'search', version: 'stable' };
      cluster.put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...metadata, name: 'search' },
        spec: { ...spec, selector: { app: 'search' } },
      });
      cluster.put({
        ...deployment,
        metadata: { ...deployment.metadata, name: 'search' },
        spec: {
          ...deployment.spec,
          template: { ...deployment.spec.template, metadata: { labels } },
        },
      });
    });
    const search = { from: 'gateway-service', to: 'orion/search' };
    expect(
      outcomes(traffic, { ...search, path: '/api/search' }).offered,
    ).toBeCloseTo(3, 6);
    expect(
      outcomes(traffic, { ...search, path: '/health' }).atServer(/ 200 -$/),
    ).toBeCloseTo(1, 6);
  });
});
