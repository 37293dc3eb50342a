import { defineFinding } from '../Finding';
import { isIgnoredOnRoutes, patchesOf, replacesWrongly } from './patches';

const SOURCE =
  'istio: pkg/config/analysis/analyzers/envoyfilter/envoyfilter.go';

/** REPLACE where Istio does not do it. */
export const wrongReplace = defineFinding({
  code: 'IST0152',
  level: 'error',
  inputs: ['EnvoyFilter'],
  source: SOURCE,
  *find({ EnvoyFilter: filters }) {
    for (const filter of filters) {
      const patch = patchesOf(filter).find(replacesWrongly);
      if (patch) {
        yield {
          resource: filter,
          path: `${patch.path}.patch.operation`,
          message:
            'REPLACE works for HTTP_FILTER, NETWORK_FILTER and VIRTUAL_HOST only: this patch is not applied.',
          fix: 'Use MERGE, or REMOVE and ADD.',
        };
      }
    }
  },
});

/** ADD to a route configuration or route is ignored. */
export const ignoredAdd = defineFinding({
  code: 'IST0153',
  level: 'error',
  inputs: ['EnvoyFilter'],
  source: SOURCE,
  *find({ EnvoyFilter: filters }) {
    for (const filter of filters) {
      const patch = patchesOf(filter).find(candidate =>
        isIgnoredOnRoutes(candidate, 'ADD'),
      );
      if (patch) {
        yield {
          resource: filter,
          path: `${patch.path}.patch.operation`,
          message:
            'ADD is ignored for ROUTE_CONFIGURATION and HTTP_ROUTE: this patch does nothing.',
          fix: 'Use INSERT_FIRST, INSERT_BEFORE or MERGE.',
        };
      }
    }
  },
});

/** REMOVE of a route configuration or route is ignored. */
export const ignoredRemove = defineFinding({
  code: 'IST0154',
  level: 'error',
  inputs: ['EnvoyFilter'],
  source: SOURCE,
  *find({ EnvoyFilter: filters }) {
    for (const filter of filters) {
      const patch = patchesOf(filter).find(candidate =>
        isIgnoredOnRoutes(candidate, 'REMOVE'),
      );
      if (patch) {
        yield {
          resource: filter,
          path: `${patch.path}.patch.operation`,
          message:
            'REMOVE is ignored for ROUTE_CONFIGURATION and HTTP_ROUTE: this patch does nothing.',
          fix: 'Change the VirtualService that the route comes from.',
        };
      }
    }
  },
});
