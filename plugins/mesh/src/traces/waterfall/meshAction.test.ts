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
    ['an inbound span', { upstream_cluster: 'inbound|8080||' }],
    ['the application’s own', { 'http.method': 'GET' }],
  ])('has nothing to say of %s', (_, tags) => {
    expect(meshAction(tags as Record<string, string>)).toBeUndefined();
  });
});
