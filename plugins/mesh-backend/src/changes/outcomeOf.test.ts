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
    const edit = { action: 'change' as const, before, operations: [] };
    expect(outcomeOf({ edit, after: object(50) }, current)).toBe(outcome);
  });

  it.each<[string, KubeObject | undefined, Outcome]>([
    ['nothing is there', undefined, 'not-yet'],
    [
      'it is there by our hand',
      object(50, at('2026-01-01T00:00:00Z')),
      'written',
    ],
    ['it is there by another’s', object(50), 'not-written'],
    [
      'ours became another',
      object(70, at('2026-01-01T00:00:00Z')),
      'not-written',
    ],
  ])('of what was to be made, where %s', (_name, current, outcome) => {
    const made = object(50);
    expect(
      outcomeOf(
        { edit: { action: 'create', object: made }, after: made },
        current,
      ),
    ).toBe(outcome);
  });

  it.each<[string, KubeObject | undefined, Outcome]>([
    ['nothing is there', undefined, 'written'],
    ['another one of the name is', object(90, { uid: 'v' }), 'written'],
    [
      'it is on its way out',
      object(90, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      'written',
    ],
    ['it is the one that was seen', object(90), 'not-yet'],
    ['somebody changed it', object(90, later(4)), 'not-written'],
  ])('of what was to be deleted, where %s', (_name, current, outcome) => {
    const edit = { action: 'delete' as const, before: object(90) };
    expect(outcomeOf({ edit, after: undefined }, current)).toBe(outcome);
  });

  const noted = (
    annotations: Record<string, string>,
    more: Partial<KubeObject['metadata']> = {},
  ) => object(90, { annotations, labels: { team: 'a' }, ...more });

  it.each<[string, KubeObject, Outcome]>([
    [
      'they are as they were meant, beside what others wrote',
      noted({ ours: 'new', other: 'x' }, later(3)),
      'written',
    ],
    [
      'others wrote beside them',
      noted({ ours: 'old', other: 'x' }, later(3)),
      'not-written',
    ],
    [
      'they are as before, and something was written from here',
      noted({ ours: 'old' }, later(3, at('2026-01-02T00:00:00Z'))),
      'unknown',
    ],
    ['they are something else', noted({ ours: 'third' }, later(3)), 'unknown'],
    [
      'the spec changed, too',
      { ...noted({ ours: 'new' }, later(4)), spec: {} },
      'written',
    ],
  ])('of notes beside the spec, where %s', (_name, current, outcome) => {
    const edit = {
      action: 'change' as const,
      before: noted({ ours: 'old' }),
      operations: [],
    };
    const after = noted({ ours: 'new' });
    expect(outcomeOf({ edit, after }, current)).toBe(outcome);
  });

  it('of labels of what has no generation, where they are as they were meant', () => {
    const labelled = (value: string, resourceVersion: string) => ({
      ...object(90, { generation: undefined, resourceVersion }),
      metadata: {
        ...object(90).metadata,
        generation: undefined,
        resourceVersion,
        labels: { 'istio-injection': value },
      },
    });
    const edit = {
      action: 'change' as const,
      before: labelled('disabled', '7'),
      operations: [],
    };
    const after = labelled('enabled', '7');
    expect(outcomeOf({ edit, after }, labelled('enabled', '9'))).toBe(
      'written',
    );
    expect(outcomeOf({ edit, after }, labelled('other', '9'))).toBe('unknown');
  });
});
