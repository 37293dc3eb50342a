import { defineFinding } from '../Finding';

const REMOVED = [
  'ClusterRbacConfig',
  'RbacConfig',
  'ServiceRole',
  'ServiceRoleBinding',
];
const SOURCE =
  'istio: pkg/config/analysis/analyzers/deprecation/deprecation.go';

/** Definitions of the kinds of `rbac.istio.io`, which Istio no longer reads. */
export const removedKinds = defineFinding({
  code: 'IST0002',
  level: 'warning',
  inputs: ['CustomResourceDefinition'],
  source: SOURCE,
  *find({ CustomResourceDefinition: definitions }) {
    for (const resource of definitions) {
      const { group, names } = resource.spec ?? {};
      if (group === 'rbac.istio.io' && REMOVED.includes(names?.kind)) {
        yield {
          resource,
          message: `${names.kind} of rbac.istio.io was removed: Istio does not read it.`,
          fix: 'Write AuthorizationPolicies instead, and delete it.',
        };
      }
    }
  },
});

/** Objects of those kinds: they protect nothing. */
export const removedObjects = defineFinding({
  code: 'MD0113',
  level: 'error',
  inputs: REMOVED,
  source: SOURCE,
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      if (resource.apiVersion.startsWith('rbac.istio.io/')) {
        yield {
          resource,
          message: `${resource.kind} of rbac.istio.io was removed in Istio 1.6: it protects nothing.`,
          fix: 'Write an AuthorizationPolicy instead.',
        };
      }
    }
  },
});
