import { fullNameOf, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';

/** A VirtualService without hosts is a delegate; one that nobody delegates to does nothing. */
export const orphanDelegate = defineFinding({
  code: 'MD0114',
  level: 'warning',
  inputs: ['VirtualService'],
  source:
    'istio: pilot/pkg/model/virtualservice.go, mergeVirtualServicesIfNeeded: no hosts means delegate',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      if (
        textsOf(service.spec?.hosts).length === 0 &&
        itemsOf(service.spec?.http).length > 0 &&
        !set.derive(delegates).includes(fullNameOf(service))
      ) {
        yield {
          resource: service,
          path: 'spec',
          message:
            'It names no hosts, so it is only a part for others to delegate to, and none does: it has no effect.',
          fix: 'Set spec.hosts to the host that the routes are for.',
        };
      }
    }
  },
});

/** The names of all VirtualServices that rules of others delegate to: a list, so that one like it counts as the same. */
function delegates(set: MeshObjects): readonly string[] {
  const names = set.all('VirtualService').flatMap(service =>
    itemsOf(service.spec?.http)
      .filter(rule => rule?.delegate)
      .map(rule => nameOf(service, rule.delegate)),
  );
  return [...new Set(names)].sort();
}

function nameOf(service: KubeObject, delegate: any): string {
  const namespace: unknown = delegate?.namespace ?? namespaceOf(service);
  return namespace ? `${namespace}/${delegate?.name}` : `${delegate?.name}`;
}
