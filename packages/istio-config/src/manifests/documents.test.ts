import {
  changing,
  liveFrom,
  replacing,
  REVIEWS,
  REVIEWS_HEAD,
} from '../__testUtils__/reviewsManifest';
import type { ObjectEdit } from '../edits/ChangePlan';
import { placeOf } from '../kube/place';
import { spliceManifest } from './spliceManifest';

describe('spliceManifest', () => {
  it('makes a document more of what is new, as the file is written', () => {
    const created = liveFrom(REVIEWS_HEAD.replace('reviews', 'ratings'));
    const edit: ObjectEdit = { action: 'create', object: created };
    const written = REVIEWS_HEAD.replace('reviews', 'ratings');
    expect(spliceManifest(REVIEWS.trimEnd(), edit).text).toBe(
      `${REVIEWS}---\n${written}`.trimEnd(),
    );
    expect(spliceManifest('', edit).text).toBe(written);
    expect(spliceManifest(`${REVIEWS}---\n`, edit).text).toBe(
      `${REVIEWS}---\n${written}`,
    );
  });

  it.each([
    ['alone: the file goes', REVIEWS, undefined],
    [
      'alone beside an empty document',
      `---\n${REVIEWS}---\n# end\n`,
      undefined,
    ],
    ['first', `# all\n${REVIEWS}---\nkind: C\n`, '# all\n---\nkind: C\n'],
    ['last', `kind: C\n---\n# its own\n${REVIEWS}`, 'kind: C\n'],
    ['last without line end', `kind: C\n---\n${REVIEWS.trimEnd()}`, 'kind: C'],
    [
      'between',
      `---\nkind: A\n---\n# its own\n${REVIEWS}---\n# others\nkind: C\n`,
      '---\nkind: A\n---\n# others\nkind: C\n',
    ],
    [
      'before an end mark',
      `---\n${REVIEWS}...\n# others\n---\nkind: C\n`,
      '# others\n---\nkind: C\n',
    ],
  ])('takes a document out that is %s', (_where, file, rest) => {
    expect(
      spliceManifest(file, { action: 'delete', before: liveFrom(REVIEWS) })
        .text,
    ).toBe(rest);
  });

  it('finds an object whose namespace is given from outside only where that is said', () => {
    const file = REVIEWS.replace('  namespace: orion\n', '');
    const edit = changing(
      liveFrom(REVIEWS),
      replacing('spec.http[0].timeout', '6s'),
    );
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
    const before = liveFrom(file);
    before.apiVersion = 'gateway.networking.k8s.io/v1';
    before.spec.rules[0].matches = [
      { path: { type: 'PathPrefix', value: '/' } },
    ];
    before.spec.rules[0].backendRefs = [
      { ...ref, name: 'v1', weight: 1 },
      { ...ref, name: 'v2', weight: 0 },
    ];
    const first = placeOf('spec.rules[0].backendRefs[0].weight');
    const edit = changing(
      before,
      { op: 'test', at: first, value: 1 },
      { op: 'replace', at: first, value: 9 },
      replacing('spec.rules[0].backendRefs[1].weight', 1),
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
    const before = liveFrom(REVIEWS);
    before.spec.http[0].timeout = '9s';
    expect(() => spliceManifest(REVIEWS, { action: 'delete', before })).toThrow(
      'The cluster is not what the file says',
    );
  });

  it('refuses to create what is in the file', () => {
    expect(() =>
      spliceManifest(REVIEWS, { action: 'create', object: liveFrom(REVIEWS) }),
    ).toThrow('is in the file already');
  });
});
