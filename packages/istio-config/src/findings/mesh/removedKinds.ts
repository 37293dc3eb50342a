import { defineFinding } from '../Finding';

const REMOVED = [
  'ClusterRbacConfig',
  'RbacConfig',
  'ServiceRole',
  'ServiceRoleBinding',
];

/** Kinds of `rbac.istio.io`, which Istio no longer reads. */
export const removedKinds = defineFinding({
  code: 'IST0002',
  level: 'warning',
  inputs: ['CustomResourceDefinition', ...REMOVED],
  source: 'istio: pkg/config/analysis/analyzers/deprecation/deprecation.go',
  *find({ CustomResourceDefinition: definitions, ...objects }) {
    const gone = [
      ...definitions.filter(
        ({ spec }) =>
          spec?.group === 'rbac.istio.io' && REMOVED.includes(spec.names?.kind),
      ),
      ...Object.values(objects)
        .flat()
        .filter(({ apiVersion }) => apiVersion.startsWith('rbac.istio.io/')),
    ];
    for (const resource of gone) {
      yield {
        resource,
        message: `${
          resource.spec?.names?.kind ?? resource.kind
        } of rbac.istio.io was removed: Istio does not read it.`,
        fix: 'Write AuthorizationPolicies instead, and delete it.',
      };
    }
  },
});
