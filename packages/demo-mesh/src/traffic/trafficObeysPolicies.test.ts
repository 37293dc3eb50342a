import {
  after,
  branches,
  LOGIN,
  ME,
  metricNames,
  outcomes,
} from './__fixtures__/orionTraffic';

describe('traffic obeys mTLS and authorization', () => {
  it('refuses a caller without a proxy where mTLS is STRICT: no request, a closed connection', () => {
    const traffic = after(() => {});
    const toAuth = { ...LOGIN, from: 'legacy-batch' };
    expect(outcomes(traffic, toAuth).atServer(/./)).toBe(0);
    expect(outcomes(traffic, toAuth).atCaller(/ 0 UC$/)).toBeCloseTo(1, 6);
    const counted = metricNames(traffic, 'legacy-batch', 'auth-service');
    expect(counted).toEqual(['tcp']);
  });

  it('serves it once the policy is PERMISSIVE, in plaintext', () => {
    const traffic = after(cluster => {
      cluster.edit('PeerAuthentication', 'orion', 'orion-mtls', object => {
        object.spec.mtls.mode = 'PERMISSIVE';
      });
      cluster.remove('AuthorizationPolicy', 'orion', 'auth-service-policy');
    });
    const login = { ...LOGIN, from: 'legacy-batch' };
    expect(outcomes(traffic, login).atServer(/ 200 -$/)).toBeGreaterThan(0.98);
    expect(branches(traffic, login).map(({ security }) => security)).toEqual([
      'none',
      'none',
    ]);
  });

  it('denies whom the AuthorizationPolicy does not name', () => {
    const call = { ...ME, from: 'billing' };
    expect(
      outcomes(
        after(() => {}),
        call,
      ).atServer(/ 403 -$/),
    ).toBeCloseTo(1, 6);
    const opened = after(cluster =>
      cluster.remove('AuthorizationPolicy', 'orion', 'auth-service-policy'),
    );
    expect(outcomes(opened, call).atServer(/ 403 -$/)).toBe(0);
  });

  it('breaks off where the caller’s proxy sends plaintext to a STRICT port: 503 UC', () => {
    const traffic = after(cluster =>
      cluster.edit('DestinationRule', 'orion', 'auth-service', object => {
        object.spec.trafficPolicy.tls = { mode: 'DISABLE' };
      }),
    );
    const result = outcomes(traffic, ME);
    expect(result.atCaller(/ 503 UC$/)).toBeCloseTo(1, 6);
    expect(result.atServer(/./)).toBe(0);
  });

  it('names a caller without a proxy only where proxies look addresses up', () => {
    const sourcesOf = (traffic: ReturnType<typeof after>) =>
      [...traffic.meters()]
        .filter(
          ({ labels, kind }) =>
            kind === 'http' &&
            labels.destination_service_name === 'user-service' &&
            labels.connection_security_policy === 'none',
        )
        .map(({ labels }) => [labels.source_workload, labels.source_principal]);
    expect(sourcesOf(after(() => {}))).not.toContainEqual([
      'unknown',
      'unknown',
    ]);
    expect(sourcesOf(after(() => {}))).toContainEqual([
      'legacy-batch',
      'unknown',
    ]);
    const without = after(cluster =>
      cluster.edit('ConfigMap', 'istio-system', 'istio', object => {
        object.data.mesh = 'rootNamespace: istio-system';
      }),
    );
    expect(sourcesOf(without)).toContainEqual(['unknown', 'unknown']);
  });

  it('encrypts the calls of an ambient caller, and lets its ztunnel report connections', () => {
    const traffic = after(cluster =>
      cluster.edit('Deployment', 'orion-batch', 'legacy-batch', object => {
        object.spec.template.metadata.annotations = {
          'ambient.istio.io/redirection': 'enabled',
        };
      }),
    );
    const call = {
      from: 'legacy-batch',
      to: 'orion/user-service',
      path: '/api/users/export',
    };
    expect(branches(traffic, call)).toMatchObject([
      {
        security: 'mutual_tls',
        seen: { bySource: 'tcp', byDestination: 'requests' },
      },
    ]);
    const reporters = [...traffic.meters()]
      .filter(({ labels }) => labels.app === 'ztunnel')
      .map(({ labels }) => [labels.reporter, labels.source_workload]);
    expect(reporters).toContainEqual(['source', 'legacy-batch']);
  });
});
