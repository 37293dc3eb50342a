import type { KubeObject } from '@meshdeck/istio-config';
import { alterations } from './alterations';

const OBJECT: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'a',
    labels: { team: 'a' },
    resourceVersion: '7',
    generation: 3,
    managedFields: [],
  },
  spec: { hosts: ['a'], http: [{ route: [{ weight: 5 }] }] },
};

describe('alterations', () => {
  it('are none of what the server counts and notes by itself', () => {
    const stored: KubeObject = {
      status: { observedGeneration: 4 },
      spec: OBJECT.spec,
      kind: OBJECT.kind,
      apiVersion: OBJECT.apiVersion,
      metadata: {
        ...OBJECT.metadata,
        resourceVersion: '8',
        generation: 4,
        managedFields: [{ manager: 'meshdeck' }],
      },
    };
    expect(alterations(OBJECT, stored)).toBeUndefined();
  });

  it.each<[Partial<KubeObject>, string]>([
    [
      { spec: { ...OBJECT.spec, http: [{ route: [{ weight: 6 }] }] } },
      'spec.http[0].route[0].weight is 6, not 5',
    ],
    [
      { spec: { ...OBJECT.spec, exportTo: ['.'] } },
      'spec.exportTo is ["."], not absent',
    ],
    [{ spec: { http: OBJECT.spec.http } }, 'spec.hosts is absent, not ["a"]'],
    [
      { spec: { ...OBJECT.spec, hosts: ['a', 'b'] } },
      'spec.hosts is ["a","b"], not ["a"]',
    ],
    [
      { metadata: { ...OBJECT.metadata, labels: { team: 'b' } } },
      'metadata.labels.team is "b", not "a"',
    ],
    [
      {
        spec: {
          ...OBJECT.spec,
          http: undefined,
          b: 1,
          c: 2,
          d: 'x'.repeat(99),
        },
      },
      'spec.http is absent, not [{"route":[{"weight":5}]}]; spec.b is 1, not absent; spec.c is 2, not absent; and 1 more',
    ],
  ])('are named by place, found and meant: %j', (changed, words) => {
    expect(alterations(OBJECT, { ...OBJECT, ...changed })).toBe(words);
  });
});
