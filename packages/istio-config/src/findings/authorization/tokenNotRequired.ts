import { targetsOf } from '../../authorization/attachment';
import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, textsOf } from '../../kube/reading';
import { selects } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';

/** A RequestAuthentication refuses wrong tokens only; a request without one passes unless a policy asks for it. */
export const tokenNotRequired = defineFinding({
  code: 'MD0117',
  level: 'info',
  inputs: ['RequestAuthentication'],
  source:
    'istio.io: docs/reference/config/security/request_authentication: requests without a token are accepted',
  *find({ RequestAuthentication: readers }, set) {
    for (const reader of readers) {
      if (
        itemsOf(reader.spec?.jwtRules).length > 0 &&
        !policiesNear(set, reader).some(asksForToken)
      ) {
        yield {
          resource: reader,
          path: 'spec.jwtRules',
          message:
            'It refuses invalid tokens only: a request without any token passes, and no AuthorizationPolicy here asks for one.',
          fix: 'Add an AuthorizationPolicy with source.requestPrincipals: ["*"], or a DENY with notRequestPrincipals: ["*"].',
        };
      }
    }
  },
});

/** The policies that can concern the same workloads. */
function policiesNear(set: MeshObjects, reader: KubeObject): KubeObject[] {
  const root = set.meshConfig.rootNamespace;
  const namespace = namespaceOf(reader);
  const labels = reader.spec?.selector?.matchLabels;
  return (
    namespace === root
      ? [...set.all('AuthorizationPolicy')]
      : [root, namespace].flatMap(place =>
          set.inNamespace('AuthorizationPolicy', place),
        )
  ).filter(policy => {
    const other = policy.spec?.selector?.matchLabels;
    return (
      mayMeet(targetsOf(reader), targetsOf(policy)) &&
      (!labels || !other || selects(labels, other) || selects(other, labels))
    );
  });
}

type Target = Record<string, any>;

/** Whether both can be enforced at one place: what names Services only meets neither selectors nor what names other Services. */
function mayMeet(some: readonly Target[], others: readonly Target[]): boolean {
  const isOfServices = (targets: readonly Target[]) =>
    targets.length > 0 &&
    targets.every(({ kind }) => kind === 'Service' || kind === 'ServiceEntry');
  if (isOfServices(some) && isOfServices(others)) {
    return some.some(one =>
      others.some(({ kind, name }) => kind === one.kind && name === one.name),
    );
  }
  return !(
    (isOfServices(some) && others.length === 0) ||
    (isOfServices(others) && some.length === 0)
  );
}

function asksForToken(policy: KubeObject): boolean {
  return itemsOf(policy.spec?.rules).some(
    rule =>
      itemsOf(rule?.from).some(
        item =>
          textsOf(item?.source?.requestPrincipals).length > 0 ||
          textsOf(item?.source?.notRequestPrincipals).length > 0,
      ) ||
      itemsOf(rule?.when).some(condition =>
        String(condition?.key ?? '').startsWith('request.auth.'),
      ),
  );
}
