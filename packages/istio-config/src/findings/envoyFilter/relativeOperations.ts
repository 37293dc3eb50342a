import { defineFinding } from '../Finding';
import { relativePatches } from './patches';

const SOURCE =
  'istio: pkg/config/analysis/analyzers/envoyfilter/envoyfilter.go';

/** A patch that depends on the order of EnvoyFilters, which nothing fixes. */
export const relativeOperation = defineFinding({
  code: 'IST0151',
  level: 'warning',
  scope: 'mesh',
  inputs: ['EnvoyFilter'],
  source: SOURCE,
  *find({ EnvoyFilter: filters }) {
    for (const { object, patch, afterVersioned } of relativePatches(filters)) {
      if (!afterVersioned) {
        yield {
          resource: object,
          path: `${patch.path}.patch.operation`,
          message:
            'A patch inserts, replaces or removes relative to another filter, and the EnvoyFilter has no priority: it is not applied where the other is not there yet.',
          fix: 'Set spec.priority, or use INSERT_FIRST or ADD.',
        };
      }
    }
  },
});

/** The same, after a patch for the same filter that is bound to a proxy version. */
export const relativeOperationAcrossVersions = defineFinding({
  code: 'IST0155',
  level: 'warning',
  scope: 'mesh',
  inputs: ['EnvoyFilter'],
  source: SOURCE,
  *find({ EnvoyFilter: filters }) {
    for (const { object, patch, afterVersioned } of relativePatches(filters)) {
      if (afterVersioned) {
        yield {
          resource: object,
          path: `${patch.path}.patch.operation`,
          message:
            'A patch is relative to another filter, has no priority, and an earlier patch for the same filter holds for some proxy versions only: during an upgrade it is not applied.',
          fix: 'Set spec.priority, or use INSERT_FIRST or ADD.',
        };
      }
    }
  },
});
