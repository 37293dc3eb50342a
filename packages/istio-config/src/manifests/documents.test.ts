import { loadAll } from 'js-yaml';
import type { ObjectEdit } from '../edits/ChangePlan';
import type { PatchOperation } from '../edits/PatchOperation';
import type { KubeObject } from '../kube/KubeObject';
import { placeOf } from '../kube/place';
import { spliceManifest } from './spliceManifest';

const HEAD = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: orion
`;
const FILE = `${HEAD}spec:
  hosts: [reviews]
  http:
    # the new version
    - route:
        - destination: {host: reviews, subset: v1}
          weight: 90   # most of it
        - destination: {host: reviews, subset: v2}
          weight: 10
      timeout: '5s'
`;

const live = (text: string, index = 0) => {
  const object = loadAll(text)[index] as KubeObject;
  object.metadata.namespace ??= 'orion';
  object.metadata.uid = 'u-1';
  object.status = { observedGeneration: 1 };
  object.metadata.annotations = {
    ...object.metadata.annotations,
    'argocd.argoproj.io/tracking-id':
      'shop:networking.istio.io/VirtualService:orion/reviews',
  };
  return object;
};

const replace = (path: string, value: unknown): PatchOperation => ({
  op: 'replace',
  at: placeOf(path),
  value,
});
const change = (
  before: KubeObject,
  ...operations: PatchOperation[]
): ObjectEdit => ({ action: 'change', before, operations });

describe('spliceManifest', () => {
  it('makes a document more of what is new, as the file is written', () => {
    const created = live(HEAD.replace('reviews', 'ratings'));
    const edit: ObjectEdit = { action: 'create', object: created };
    const written = HEAD.replace('reviews', 'ratings');
    expect(spliceManifest(FILE.trimEnd(), edit).text).toBe(
      `${FILE}---\n${written}`.trimEnd(),
    );
    expect(spliceManifest('', edit).text).toBe(written);
    expect(spliceManifest(`${FILE}---\n`, edit).text).toBe(
      `${FILE}---\n${written}`,
    );
  });

  it.each([
    ['alone: the file goes', FILE, undefined],
    ['alone beside an empty document', `---\n${FILE}---\n# end\n`, undefined],
    ['first', `# all\n${FILE}---\nkind: C\n`, '# all\n---\nkind: C\n'],
    ['last', `kind: C\n---\n# its own\n${FILE}`, 'kind: C\n'],
    ['last without line end', `kind: C\n---\n${FILE.trimEnd()}`, 'kind: C'],
    [
      'between',
      `---\nkind: A\n---\n# its own\n${FILE}---\n# others\nkind: C\n`,
      '---\nkind: A\n---\n# others\nkind: C\n',
    ],
    [
      'before an end mark',
      `---\n${FILE}...\n# others\n---\nkind: C\n`,
      '# others\n---\nkind: C\n',
    ],
  ])('takes a document out that is %s', (_where, file, rest) => {
    expect(
      spliceManifest(file, { action: 'delete', before: live(FILE) }).text,
    ).toBe(rest);
  });

  it('finds an object whose namespace is given from outside only where that is said', () => {
    const file = FILE.replace('  namespace: orion\n', '');
    const edit = change(live(FILE), replace('spec.http[0].timeout', '6s'));
    expect(() => spliceManifest(file, edit)).toThrow('is not in the file');
    expect(() => spliceManifest(file, edit, { namespace: 'vega' })).toThrow(
      'is not in the file',
    );
    expect(spliceManifest(file, edit, { namespace: 'orion' }).text).toBe(
      file.replace('5s', '6s'),
    );
  });

  it('takes what the Gateway API fills in for no difference', () => {
    const file = `apiVersion: gateway.networking.k8s.io/v1beta1
kind: HTTPRoute
metadata: {name: reviews, namespace: orion}
spec:
  rules:
  - backendRefs:
    - name: v1
      port: 80
    - name: v2
      port: 80
      weight: 0
`;
    const ref = { group: '', kind: 'Service', port: 80 };
    const before = live(file);
    before.apiVersion = 'gateway.networking.k8s.io/v1';
    before.spec.rules[0].matches = [
      { path: { type: 'PathPrefix', value: '/' } },
    ];
    before.spec.rules[0].backendRefs = [
      { ...ref, name: 'v1', weight: 1 },
      { ...ref, name: 'v2', weight: 0 },
    ];
    const first = placeOf('spec.rules[0].backendRefs[0].weight');
    const edit = change(
      before,
      { op: 'test', at: first, value: 1 },
      { op: 'replace', at: first, value: 9 },
      replace('spec.rules[0].backendRefs[1].weight', 1),
    );
    expect(spliceManifest(file, edit).text).toBe(
      file
        .replace(
          'v1\n      port: 80\n',
          'v1\n      port: 80\n      weight: 9\n',
        )
        .replace('weight: 0', 'weight: 1'),
    );
  });

  it('refuses to delete what is another thing in the cluster', () => {
    const before = live(FILE);
    before.spec.http[0].timeout = '9s';
    expect(() => spliceManifest(FILE, { action: 'delete', before })).toThrow(
      'The cluster is not what the file says',
    );
  });

  it('refuses to create what is in the file', () => {
    expect(() =>
      spliceManifest(FILE, { action: 'create', object: live(FILE) }),
    ).toThrow('is in the file already');
  });
});
