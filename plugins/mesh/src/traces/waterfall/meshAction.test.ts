import { meshAction } from './meshAction';

describe('meshAction', () => {
  const host = 'auth-service.orion.svc.cluster.local';
  it.each([
    [
      'a subset',
      { upstream_cluster: `outbound|8080|canary|${host}`, response_flags: '-' },
      { host, subset: 'canary', flags: [], tab: 'routes' },
    ],
    [
      'a full pool',
      { 'upstream_cluster.name': `outbound|80||${host}`, response_flags: 'UO' },
      { host, subset: undefined, flags: ['UO'], tab: 'routes' },
    ],
    [
      'a route that nobody has',
      { response_flags: 'NR' },
      { host: undefined, flags: ['NR'], tab: 'routes' },
    ],
    [
      'a policy',
      { response_code_details: 'rbac_access_denied_matched_policy[none]' },
      { isRefused: true, refusedBy: 'none', tab: 'security' },
    ],
  ])('reads %s', (_, tags, expected) => {
    expect(meshAction(tags as Record<string, string>)).toMatchObject(expected);
  });

  it.each([
    [
      'a span before the application',
      { upstream_cluster: 'inbound|8080||', response_flags: '-' },
      { inboundPort: '8080', flags: [], tab: 'security' },
    ],
    [
      'a span of a request that no rule knew',
      { component: 'proxy', upstream_cluster: 'PassthroughCluster' },
      { isPassedThrough: true, tab: 'routes' },
    ],
    ['a span with nothing else', { component: 'proxy' }, { flags: [] }],
  ])(
    'has something to say of each that a proxy wrote: %s',
    (_, tags, expected) => {
      expect(meshAction(tags as Record<string, string>)).toMatchObject(
        expected,
      );
    },
  );

  it('has nothing to say of the application’s own', () => {
    expect(meshAction({ 'http.method': 'GET' })).toBeUndefined();
  });
});
