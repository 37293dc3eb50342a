import type { ChangePreview } from '@meshdeck/plugin-mesh-common';
import { destinationRule } from './objects';

const { yaml } = destinationRule;

/** A limit gets the name that Istio reads. */
export const mendPreview: ChangePreview = {
  object: destinationRule,
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
