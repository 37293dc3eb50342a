import type {
  KubeObject,
  ManifestSource,
  ObjectEdit,
} from '@meshdeck/istio-config';
import { allManifestChanges, manifestChanges } from './manifestChanges';
import type { RepositorySnapshot } from './atCommit';

/** A repository of files, as a forge tells of it. */
function repository(
  files: Record<string, string>,
  modes: Record<string, string> = {},
): RepositorySnapshot {
  return {
    commit: 'c',
    list: async folder =>
      Object.keys(files)
        .filter(path => folder === '' || path.startsWith(`${folder}/`))
        .map(path => ({ path, id: path, mode: modes[path] ?? '100644' })),
    read: async ({ id }) => files[id],
  };
}

const route = (name = 'reviews', namespace = '  namespace: orion\n') =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: ${name}\n${namespace}spec:\n  hosts: [a]\n`;
const ROUTE: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'orion' },
  spec: { hosts: ['a'] },
};
const EDIT: ObjectEdit = {
  action: 'change',
  before: ROUTE,
  operations: [{ op: 'replace', at: ['spec', 'hosts', 0], value: 'b' }],
};
const SOURCE: ManifestSource = {
  repositoryUrl: 'https://git.example.com/team/shop',
  folder: 'deploy',
  isRecursive: false,
};
const changed = (text: string) => text.replace('[a]', '[b]');

describe('manifestChanges', () => {
  it.each<[string, Record<string, string>, Partial<ManifestSource>, string]>([
    [
      'of a folder',
      { 'deploy/a.yaml': route('a'), 'deploy/b.yml': route() },
      {},
      'deploy/b.yml',
    ],
    [
      'below a folder',
      { 'deploy/x/y/b.yaml': route() },
      { isRecursive: true },
      'deploy/x/y/b.yaml',
    ],
    ['of the root', { 'b.yaml': route() }, { folder: '' }, 'b.yaml'],
    [
      'whose namespace Argo CD gives',
      { 'deploy/b.yaml': route('reviews', '') },
      { namespace: 'orion' },
      'deploy/b.yaml',
    ],
    [
      'that a kustomization lists, in a folder beside',
      {
        'deploy/kustomization.yaml':
          'resources: [../base, https://example.com/x?ref=1]\nnamespace: orion\n',
        'base/kustomization.yml':
          'resources:\n- b.yaml\npatches:\n- target: {kind: Deployment}\n  path: p.yaml\n',
        'base/b.yaml': route('reviews', '  namespace: base\n'),
        'base/not-listed.yaml': route('reviews', '  namespace: base\n'),
      },
      {},
      'base/b.yaml',
    ],
    [
      'of a folder of Flux, which has one with a kustomization',
      {
        'deploy/a.yaml': route('a'),
        'deploy/own/kustomization.yaml': 'resources: [b.yaml]',
        'deploy/own/b.yaml': route(),
        'deploy/own/not-listed.yaml': route(),
      },
      { isRecursive: true },
      'deploy/own/b.yaml',
    ],
  ])('changes the file %s', async (_what, files, source, path) => {
    expect(
      await manifestChanges(
        repository(files),
        [{ ...SOURCE, ...source }],
        EDIT,
      ),
    ).toEqual([{ path, before: files[path], text: changed(files[path]) }]);
  });

  it('finds the file in the second source', async () => {
    const files = { 'deploy/a.yaml': route('a'), 'more/b.yaml': route() };
    const sources = [SOURCE, { ...SOURCE, folder: 'more' }];
    expect(await manifestChanges(repository(files), sources, EDIT)).toEqual([
      expect.objectContaining({ path: 'more/b.yaml' }),
    ]);
  });

  it('lists a new file, and no longer one that is gone', async () => {
    const listing = '# all\nresources:\n  - b.yaml\n  - c.yaml\n';
    const files = {
      'deploy/kustomization.yaml': listing,
      'deploy/b.yaml': route(),
      'deploy/c.yaml': route('c'),
    };
    const object = { ...ROUTE, metadata: { name: 'new', namespace: 'orion' } };
    expect(
      await manifestChanges(repository(files), [SOURCE], {
        action: 'create',
        object,
      }),
    ).toEqual([
      {
        path: 'deploy/new-virtualservice.yaml',
        text: route('new')
          .replace('[a]', '\n  - a')
          .replace('hosts: \n', 'hosts:\n'),
      },
      {
        path: 'deploy/kustomization.yaml',
        before: listing,
        text: `${listing}  - new-virtualservice.yaml\n`,
      },
    ]);
    expect(
      await manifestChanges(repository(files), [SOURCE], {
        action: 'delete',
        before: ROUTE,
      }),
    ).toEqual([
      { path: 'deploy/b.yaml', before: route(), text: undefined },
      {
        path: 'deploy/kustomization.yaml',
        before: listing,
        text: '# all\nresources:\n  - c.yaml\n',
      },
    ]);
  });

  it('changes a file once by several edits, each of which sees the one before', async () => {
    const both = `${route()}---\n${route('other')}`;
    const files = { 'deploy/b.yaml': both, 'deploy/c.yaml': route('c') };
    const named = (name: string) => ({
      ...ROUTE,
      metadata: { name, namespace: 'orion' },
    });
    const edits: ObjectEdit[] = [
      EDIT,
      { ...EDIT, before: named('other') },
      { action: 'create', object: named('new') },
      { ...EDIT, before: named('new') },
      { action: 'delete', before: named('c') },
      { action: 'create', object: named('short') },
      { action: 'delete', before: named('short') },
    ];
    const changes = await allManifestChanges(
      repository(files),
      edits.map(edit => ({ sources: [SOURCE], edit })),
    );
    expect(changes).toEqual([
      {
        path: 'deploy/b.yaml',
        before: both,
        text: both.replace(/\[a\]/g, '[b]'),
      },
      {
        path: 'deploy/new-virtualservice.yaml',
        before: undefined,
        text: route('new').replace('hosts: [a]', 'hosts:\n  - b'),
      },
      { path: 'deploy/c.yaml', before: route('c'), text: undefined },
    ]);
  });

  const kustomized = (more: string, others: Record<string, string> = {}) => ({
    'deploy/kustomization.yaml': `resources: [b.yaml]\n${more}`,
    'deploy/b.yaml': route(),
    ...others,
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'no file that holds it',
      { 'deploy/a.yaml': route('a') },
      'No file in deploy holds VirtualService orion/reviews',
    ],
    ['no folder', { 'a.yaml': route() }, 'has no folder deploy'],
    [
      'two files that hold it',
      { 'deploy/a.yaml': route(), 'deploy/b.yaml': route() },
      'is in deploy/a.yaml and deploy/b.yaml',
    ],
    [
      'a template',
      { 'deploy/a.yaml': `${route()}x: {{ y }}\n` },
      'deploy/a.yaml: The file is a template',
    ],
    [
      'a chart',
      { 'deploy/Chart.yaml': '', 'deploy/templates/a.yaml': route() },
      'is a Helm chart: only its values',
    ],
    [
      'a patch',
      kustomized(
        'patches:\n- patch: |\n    kind: VirtualService\n    metadata: {name: reviews}\n',
      ),
      'changes VirtualService orion/reviews by a patch',
    ],
    [
      'a patch in a file',
      kustomized('patchesStrategicMerge: [p.yaml]', {
        'deploy/p.yaml': route(),
      }),
      'by a patch',
    ],
    [
      'a patch in a file, of new kustomize',
      kustomized('patches: [{path: p.yaml}]', { 'deploy/p.yaml': route() }),
      'by a patch',
    ],
    [
      'a patch with a target',
      kustomized('patches: [{path: p.yaml, target: {kind: VirtualService}}]'),
      'by a patch',
    ],
    [
      'a replacement',
      kustomized(
        'replacements: [{source: {}, targets: [{select: {kind: VirtualService}}]}]',
      ),
      'by a replacement',
    ],
    [
      'a replacement in a file',
      kustomized('replacements: [{path: r.yaml}]'),
      'by a replacement',
    ],
    ['a prefix', kustomized('namePrefix: eu-'), 'gives objects other names'],
    [
      'a transformer',
      kustomized('transformers: [t.yaml]'),
      'runs transformers',
    ],
    [
      'a folder outside',
      kustomized('components: [../../x]'),
      'lies outside its repository',
    ],
    [
      'a kustomization that nobody wrote',
      kustomized(`# ${'x'.repeat(64 * 1024)}`),
      'deploy/kustomization.yaml is larger than 64 KB',
    ],
    [
      'a patch that nobody wrote',
      kustomized('patches: [{path: p.yaml}]', {
        'deploy/p.yaml': 'x'.repeat(65 * 1024),
      }),
      'deploy/p.yaml is larger than 64 KB',
    ],
    [
      'no YAML to list',
      kustomized('x: ['),
      'deploy/kustomization.yaml is no YAML',
    ],
  ])('refuses %s', async (_what, files, sentence) => {
    await expect(
      manifestChanges(repository(files), [SOURCE], EDIT),
    ).rejects.toThrow(sentence);
  });

  it('passes by a patch of another object', async () => {
    const files = kustomized('patchesStrategicMerge: [p.yaml]', {
      'deploy/p.yaml': route('other'),
    });
    expect(
      await manifestChanges(repository(files), [SOURCE], EDIT),
    ).toHaveLength(1);
  });

  it('refuses a link, and what is there already', async () => {
    const files = { 'deploy/b.yaml': route() };
    await expect(
      manifestChanges(
        repository(files, { 'deploy/b.yaml': '120000' }),
        [SOURCE],
        EDIT,
      ),
    ).rejects.toThrow('deploy/b.yaml is a link');
    await expect(
      manifestChanges(repository(files), [SOURCE], {
        action: 'create',
        object: ROUTE,
      }),
    ).rejects.toThrow('is in deploy/b.yaml already');
  });

  it('reads no more than 300 files', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 301 }, (_item, index) => [
        `deploy/${index}.yaml`,
        '',
      ]),
    );
    await expect(
      manifestChanges(repository(files), [SOURCE], EDIT),
    ).rejects.toThrow('more than 300 manifests');
  });

  it('follows no more than 300 kustomizations', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 301 }, (_item, index) => [
        `deploy${'/x'.repeat(index)}/kustomization.yaml`,
        'resources: [x]',
      ]),
    );
    await expect(
      manifestChanges(repository(files), [SOURCE], EDIT),
    ).rejects.toThrow('more than 300 manifests');
  });
});
