import type { KubeObject } from '@meshdeck/istio-config';
import { type Outcome, outcomeOf } from './outcomeOf';

const OURS = { manager: 'meshdeck', operation: 'Update' };

function object(
  weight: number,
  metadata: Partial<KubeObject['metadata']> = {},
): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'a',
      uid: 'u',
      resourceVersion: '7',
      generation: 3,
      ...metadata,
    },
    spec: { http: [{ route: [{ weight }] }] },
  };
}

const later = (generation: number, more = {}) => ({
  resourceVersion: '9',
  generation,
  ...more,
});
const at = (time: string) => ({
  managedFields: [{ ...OURS, time }, { manager: 'istiod' }],
});

describe('outcomeOf', () => {
  it.each<[string, KubeObject | undefined, Outcome]>([
    ['nothing is there', undefined, 'gone'],
    ['another one of the name is', object(50, { uid: 'v' }), 'gone'],
    ['it is the one that was seen', object(90), 'not-yet'],
    ['it is as it was meant', object(50, later(4)), 'written'],
    ['it is so after more changes', object(50, later(6)), 'written'],
    ['only labels changed', object(90, later(3)), 'not-written'],
    ['somebody changed it once', object(70, later(4)), 'not-written'],
    ['it was changed twice', object(70, later(5)), 'unknown'],
    ['it was changed and changed back', object(90, later(5)), 'unknown'],
    [
      'the one change was made from here',
      object(70, later(4, at('2026-01-02T00:00:00Z'))),
      'unknown',
    ],
    [
      'the one change was not, though one before was',
      object(70, later(4, at('2026-01-01T00:00:00Z'))),
      'not-written',
    ],
    [
      'nobody counts',
      object(70, { resourceVersion: '9', generation: undefined }),
      'unknown',
    ],
  ])('where %s', (_name, current, outcome) => {
    const isKnown = current?.metadata.managedFields !== undefined;
    const before = object(90, isKnown ? at('2026-01-01T00:00:00Z') : {});
    expect(outcomeOf({ before, after: object(50) }, current)).toBe(outcome);
  });
});
