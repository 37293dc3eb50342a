import type { KubeObject } from '../kube/KubeObject';
import { argoSources } from './argoSources';
import { fluxRepositoryOf, fluxSource } from './fluxSource';
import { folderOf, SourceRefused } from './ManifestSource';
import { mayPatch, mayReplace } from './mayPatch';
import { spliceResources } from './spliceManifest';

const route = (metadata: object = {}): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'orion', ...metadata },
});

const application = (spec: object, status?: object): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { destination: { namespace: 'orion' }, ...spec },
  status,
});
const SOURCE = { repoURL: 'https://git.example.com/a/b', path: './deploy/' };

describe('argoSources', () => {
  it('names repository, branch and folder', () => {
    const found = {
      repositoryUrl: SOURCE.repoURL,
      branch: undefined,
      folder: 'deploy',
      isRecursive: false,
      namespace: 'orion',
    };
    expect(
      argoSources(
        application({ source: { ...SOURCE, targetRevision: 'HEAD' } }),
      ),
    ).toEqual([found]);
    expect(
      argoSources(
        application({
          sources: [
            {
              ...SOURCE,
              targetRevision: 'release/1',
              directory: { recurse: true },
            },
            {
              ...SOURCE,
              targetRevision: 'refs/heads/main',
              kustomize: { namespace: 'vega', images: ['a'] },
            },
          ],
        }),
      ),
    ).toEqual([
      { ...found, branch: 'release/1', isRecursive: true },
      { ...found, branch: 'main', namespace: 'vega', isNamespaceForced: true },
    ]);
  });

  it.each<[string, object, RegExp, object?]>([
    [
      'a chart',
      { source: { ...SOURCE, chart: 'shop' } },
      /Helm chart: only its values/,
    ],
    ['Helm', { source: { ...SOURCE, helm: { valueFiles: [] } } }, /Helm chart/],
    [
      'Helm, found by Argo CD',
      { source: SOURCE },
      /Helm chart/,
      { sourceType: 'Helm' },
    ],
    ['a plugin', { source: { ...SOURCE, plugin: { name: 'x' } } }, /plugin/],
    [
      'a plugin, found by Argo CD',
      { sources: [SOURCE] },
      /plugin/,
      { sourceTypes: ['Plugin'] },
    ],
    [
      'values from elsewhere',
      { sources: [SOURCE, { ...SOURCE, ref: 'values' }] },
      /second repository/,
    ],
    [
      'a commit',
      { source: { ...SOURCE, targetRevision: 'a1b2c3d' } },
      /pinned to a1b2c3d/,
    ],
    [
      'a tag',
      { source: { ...SOURCE, targetRevision: 'refs/tags/v1' } },
      /pinned/,
    ],
    [
      'a version',
      { source: { ...SOURCE, targetRevision: 'v1.2.3' } },
      /pinned/,
    ],
    [
      'a range',
      { source: { ...SOURCE, targetRevision: '>=1.2 <2' } },
      /pinned/,
    ],
    [
      'patches',
      { source: { ...SOURCE, kustomize: { patches: [] } } },
      /kustomize.patches/,
    ],
    [
      'some files',
      { source: { ...SOURCE, directory: { exclude: 'x' } } },
      /only some files/,
    ],
    ['a hydrator', { sourceHydrator: {} }, /hydrates/],
    ['nothing', {}, /names no repository/],
    [
      'a folder outside',
      { source: { ...SOURCE, path: 'a/../..' } },
      /outside its repository/,
    ],
  ])('refuses %s', (_what, spec, sentence, ...status) => {
    const attempt = () => argoSources(application(spec, ...status));
    expect(attempt).toThrow(SourceRefused);
    expect(attempt).toThrow(sentence);
  });
});

const kustomization = (spec: object): KubeObject => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'apps', namespace: 'flux-system' },
  spec: { sourceRef: { kind: 'GitRepository', name: 'fleet' }, ...spec },
});
const repository = (ref?: object): KubeObject => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'fleet', namespace: 'flux-system' },
  spec: { url: 'ssh://git@git.example.com/a/b', ref },
});

describe('fluxSource', () => {
  it('names repository, branch and folder', () => {
    expect(fluxRepositoryOf(kustomization({}))).toEqual({
      name: 'fleet',
      namespace: 'flux-system',
    });
    const found = {
      repositoryUrl: 'ssh://git@git.example.com/a/b',
      branch: 'main',
      folder: 'clusters/eu',
      isRecursive: true,
    };
    const source = (spec: object, ref?: object) =>
      fluxSource(kustomization(spec), repository(ref), route());
    expect(source({ path: './clusters/eu' }, { branch: 'main' })).toEqual(
      found,
    );
    expect(
      source(
        { path: 'clusters/eu/', targetNamespace: 'orion' },
        { name: 'refs/heads/main', branch: 'x' },
      ),
    ).toEqual({ ...found, namespace: 'orion', isNamespaceForced: true });
    expect(source({}, undefined)).toEqual({
      ...found,
      branch: 'master',
      folder: '',
    });
  });

  it.each<[string, object, object | undefined, RegExp]>([
    ['a tag', {}, { tag: 'v1' }, /pinned to v1/],
    ['a commit', {}, { branch: 'main', commit: 'abc' }, /pinned to abc/],
    ['a range', {}, { semver: '1.x' }, /pinned/],
    ['another ref', {}, { name: 'refs/pull/1/head' }, /pinned/],
    ['other names', { namePrefix: 'eu-' }, { branch: 'main' }, /namePrefix/],
    [
      'a patch of it',
      { patches: [{ target: { kind: 'VirtualService' }, patch: '' }] },
      {},
      /by a patch of its own/,
    ],
  ])('refuses %s', (_what, spec, ref, sentence) => {
    expect(() =>
      fluxSource(kustomization(spec), repository(ref), route()),
    ).toThrow(sentence);
  });

  it('refuses what is no git repository', () => {
    expect(() =>
      fluxRepositoryOf(kustomization({ sourceRef: { kind: 'OCIRepository' } })),
    ).toThrow('reads a OCIRepository and no git repository');
  });
});

it.each<[string, unknown, boolean]>([
  ['another kind', { target: { kind: 'Gateway' } }, false],
  ['another name', { target: { name: 'ratings' } }, false],
  ['the kind', { target: { kind: 'VirtualService' } }, true],
  ['a pattern of names', { target: { name: 're.*' } }, true],
  [
    'a label, which may be anything',
    { target: { labelSelector: 'a=b' } },
    true,
  ],
  ['nothing that could be read', { path: 'x.yaml' }, true],
  [
    'another object, in its text',
    { patch: 'kind: VirtualService\nmetadata: {name: ratings}' },
    false,
  ],
  [
    'the object, in its text',
    'kind: VirtualService\nmetadata: {name: reviews}',
    true,
  ],
])('a patch may change an object: %s', (_what, patch, expected) => {
  expect(mayPatch(patch, route())).toBe(expected);
});

it.each<[string, unknown, boolean]>([
  ['another kind', { targets: [{ select: { kind: 'Gateway' } }] }, false],
  ['the kind', { targets: [{ select: { kind: 'VirtualService' } }] }, true],
  ['the second', { targets: [{ select: { kind: 'A' } }, {}] }, true],
  ['nothing', { targets: [] }, false],
  ['what a file says', { path: 'x.yaml' }, true],
])('a replacement may change an object: %s', (_what, replacement, expected) => {
  expect(mayReplace(replacement, route())).toBe(expected);
});

it('keeps a folder inside its repository', () => {
  expect(['', './', '/a//b/', 'a/../b', undefined].map(folderOf)).toEqual([
    '',
    '',
    'a/b',
    'b',
    '',
  ]);
});

it('adds to and takes from the resources of a kustomization', () => {
  const file =
    '# all\nresources:\n  - a.yaml # first\n  # second\n  - "b.yaml"\nnamespace: orion\n';
  expect(spliceResources(file, { add: 'c.yaml' }).text).toBe(
    file.replace('"b.yaml"\n', '"b.yaml"\n  - c.yaml\n'),
  );
  expect(spliceResources(file, { remove: 'b.yaml' }).text).toBe(
    file.replace('  - "b.yaml"\n', ''),
  );
  expect(() => spliceResources('a: &x 1\nb: {{ x }}', {})).toThrow('template');
});
