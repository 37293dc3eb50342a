import type { ChangePreview, ChangesView } from '@meshdeck/plugin-mesh-common';
import { destinationRule } from './objects';

const { yaml } = destinationRule;

/** A limit gets the name that Istio reads. */
export const mendPreview: ChangePreview = {
  object: destinationRule,
  action: 'change',
  first: [],
  resourceVersion: '48300',
  before: yaml,
  after: yaml.replace('consecutiveErrors', 'consecutive5xxErrors'),
  dryRun: { ok: true },
  findingsNew: [],
  findingsFixed: [
    {
      code: 'MD0101',
      level: 'warning',
      object: destinationRule,
      message: 'This limit has no effect: no pod is ever ejected by it.',
      fix: 'Rename consecutiveErrors to consecutive5xxErrors.',
    },
  ],
  takesOverFrom: [],
  sentence:
    'Pods are ejected after 5 errors in a row: consecutiveErrors becomes consecutive5xxErrors.',
};

/** One change that can be taken back. */
export function changesView(): ChangesView {
  return {
    changes: [
      {
        id: '6f4d8a1e-3b1a-4a43-9c1a-2f6f0a7a1b2c',
        at: '2026-02-03T11:50:00Z',
        object: destinationRule,
        action: 'change',
        first: [],
        sentence: 'No more than 10 connections.',
        who: 'user:default/ada',
        why: 'the database is slow',
        state: 'written',
        canUndo: true,
        needs: ['mesh.service.change'],
      },
    ],
    hasMore: false,
    cannot: {},
  };
}
