import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, ownField, textsOf } from '../../kube/reading';
import { selects } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';

/** A rule of an ALLOW policy that no caller can fulfil. */
export const unsatisfiableRule = defineFinding({
  code: 'MD0107',
  level: 'warning',
  inputs: ['AuthorizationPolicy'],
  source:
    'istio: pilot/pkg/security/authz/model: fields of one source are all required',
  *find({ AuthorizationPolicy: policies }, set) {
    for (const policy of policies) {
      if ((policy.spec?.action ?? 'ALLOW') !== 'ALLOW') {
        continue;
      }
      for (const [index, rule] of itemsOf(policy.spec?.rules).entries()) {
        const sources = itemsOf(rule?.from).map(item => item?.source ?? {});
        const reasons = sources.map(source =>
          reasonAgainst(set, policy, source),
        );
        if (reasons.length > 0 && reasons.every(reason => reason)) {
          yield {
            resource: policy,
            path: `spec.rules[${index}].from`,
            message: `Nobody can fulfil rule ${index + 1}: ${[
              ...new Set(reasons),
            ].join('; ')}.`,
            fix: 'Correct what contradicts, or remove the rule.',
          };
        }
      }
    }
  },
});

function reasonAgainst(
  set: MeshObjects,
  policy: KubeObject,
  source: any,
): string | undefined {
  const principals = textsOf(source.principals);
  const namespaces = textsOf(source.namespaces);
  const prefixed = principals.filter(principal =>
    principal.startsWith('spiffe://'),
  );
  if (principals.length > 0 && prefixed.length === principals.length) {
    return `Istio puts spiffe:// before ${prefixed[0]} once more, so no caller fits; write it without`;
  }
  const malformed = principals.filter(
    principal =>
      !principal.includes('*') &&
      !/^[^/]+\/ns\/[^/]+\/sa\/[^/]+$/.test(principal),
  );
  if (principals.length > 0 && malformed.length === principals.length) {
    return `${malformed[0]} is no identity; one reads trust-domain/ns/NAMESPACE/sa/ACCOUNT`;
  }
  const exact = principals.filter(principal => !principal.includes('*'));
  if (
    exact.length > 0 &&
    exact.length === principals.length &&
    namespaces.length > 0 &&
    exact.every(principal => {
      const own = /\/ns\/([^/]+)\//.exec(principal)?.[1] ?? '';
      return !namespaces.some(pattern => fits(own, pattern));
    })
  ) {
    return `no identity of ${exact.join(
      ', ',
    )} is in the namespace ${namespaces.join(', ')}`;
  }
  if (
    textsOf(source.requestPrincipals).length > 0 &&
    !readsTokens(set, policy)
  ) {
    return 'it asks for a verified token, but no RequestAuthentication reads tokens there';
  }
  return undefined;
}

function fits(name: string, pattern: string): boolean {
  if (pattern.startsWith('*')) {
    return name.endsWith(pattern.slice(1));
  }
  return pattern.endsWith('*')
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern;
}

/** Whether any RequestAuthentication can concern the workloads of a policy. */
function readsTokens(set: MeshObjects, policy: KubeObject): boolean {
  const root = set.meshConfig.rootNamespace;
  const namespace = namespaceOf(policy);
  if (namespace === root) {
    return set.all('RequestAuthentication').length > 0;
  }
  const own = policy.spec?.selector?.matchLabels;
  return [
    ...set.inNamespace('RequestAuthentication', root),
    ...set.inNamespace('RequestAuthentication', namespace),
  ].some(reader => {
    const { selector, targetRef, targetRefs } = reader.spec ?? {};
    const labels = selector?.matchLabels;
    return (
      Boolean(targetRef ?? itemsOf(targetRefs)[0]) ||
      selects(labels, own) ||
      selects(own, labels) ||
      Object.keys(labels ?? {}).every(key => ownField(own, key) === undefined)
    );
  });
}
