import { itemsOf, textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';

/** A policy names a namespace that is not there. */
export const namespaceNotFound = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['AuthorizationPolicy'],
  needs: ['Namespace'],
  source: 'istio: pkg/config/analysis/analyzers/authz/authorizationpolicies.go',
  *find({ AuthorizationPolicy: policies }, set) {
    const names = set.derive(namespaceNames);
    if (names.length === 0) {
      return;
    }
    for (const policy of policies) {
      for (const [index, rule] of itemsOf(policy.spec?.rules).entries()) {
        for (const [position, item] of itemsOf(rule?.from).entries()) {
          for (const field of ['namespaces', 'notNamespaces']) {
            for (const [place, pattern] of textsOf(
              item?.source?.[field],
            ).entries()) {
              if (names.some(name => fits(name, pattern))) {
                continue;
              }
              yield {
                resource: policy,
                path: `spec.rules[${index}].from[${position}].source.${field}[${place}]`,
                message: `No namespace is called ${pattern}: nobody calls from there.`,
                fix: 'Correct the name, or remove it.',
              };
            }
          }
        }
      }
    }
  },
});

function namespaceNames(set: MeshObjects): string[] {
  return set.all('Namespace').map(({ metadata }) => metadata.name);
}

function fits(name: string, pattern: string): boolean {
  if (pattern === '*') {
    return true;
  }
  if (pattern.startsWith('*')) {
    return name.endsWith(pattern.slice(1));
  }
  return pattern.endsWith('*')
    ? name.startsWith(pattern.slice(0, -1))
    : name.toLowerCase() === pattern.toLowerCase();
}
