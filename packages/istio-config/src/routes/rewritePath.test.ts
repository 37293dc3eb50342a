import { MeshObjects } from '../MeshObjects';
import { filterEffects } from './gatewayApi/filterEffects';
import { rewritePath } from './rewritePath';

describe('rewritePath', () => {
  it.each([
    ['nothing', undefined, undefined, '/a?q=1', '/a?q=1'],
    [
      'a prefix',
      { uri: '/new' },
      { uri: { prefix: '/a' } },
      '/a/b?q=1',
      '/new/b?q=1',
    ],
    ['the slash, where no path is named', { uri: '/new' }, {}, '/a', '/newa'],
    [
      'an exact path',
      { uri: '/new' },
      { uri: { exact: '/a' } },
      '/a?q=1',
      '/new?q=1',
    ],
    [
      'what a regex takes',
      { uri: '/new' },
      { uri: { regex: '/.*' } },
      '/a/b',
      '/new',
    ],
    [
      'what a pattern of its own finds',
      { uri: '/x\\1', replaces: { regex: '/([ab])' } },
      {},
      '/a/b?q=1',
      '/xa/xb?q=1',
    ],
    [
      'the whole path',
      { uri: '/new', replaces: 'path' as const },
      {},
      '/a?q=1',
      '/new?q=1',
    ],
    [
      'segments, down to nothing',
      { uri: '/' },
      { uri: { prefix: '/a', bySegments: true } },
      '/a',
      '/',
    ],
  ])('replaces %s', (_, rewrite, match, path, expected) => {
    expect(rewritePath({ rewrite }, match, path)).toBe(expected);
  });

  it.each([
    ['/new/', '/new'],
    ['/', '/'],
    ['', '/'],
  ])('knows the prefix %s of an HTTPRoute as %s', (written, uri) => {
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'a', namespace: 'b' },
    };
    const path = { type: 'ReplacePrefixMatch', replacePrefixMatch: written };
    expect(
      filterEffects(
        MeshObjects.create([]),
        route,
        { filters: [{ type: 'URLRewrite', urlRewrite: { path } }] },
        { type: 'mesh', namespace: 'b' },
      ),
    ).toMatchObject({ rewrite: { uri } });
  });
});
