import {
  fieldsOf,
  isMap,
  itemsOf,
  type KubeObject,
  type MeshObjects,
  refOf,
} from '@meshdeck/istio-config';
import type { Asked } from './Change';
import { refuseForeignServices } from './foreignServices';
import { guardObject } from './guard';

const OF_HOSTS = ['VirtualService', 'DestinationRule'];
const OF_WORKLOADS = ['PeerAuthentication', 'AuthorizationPolicy'];

/**
 * What stands against a change of an object that is also for others: for other services by its hosts, or for all of a namespace.
 *
 * @throws NotAllowedError where one of these does not name the entity.
 */
export function guardReach(
  set: MeshObjects,
  object: KubeObject,
  asked: Asked,
): void {
  const { kind, spec } = object;
  if (OF_HOSTS.includes(kind)) {
    refuseForeignServices(set, refOf(object), asked);
  }
  if (OF_WORKLOADS.includes(kind) && !isForSome(spec)) {
    const name = asked.placement.namespace;
    guardObject(set, asked, { apiVersion: 'v1', kind: 'Namespace', name });
  }
}

/** Whether a policy is for some workloads of its namespace only. */
function isForSome(spec: KubeObject['spec']): boolean {
  return (
    fieldsOf(spec?.selector?.matchLabels).length > 0 ||
    itemsOf(spec?.targetRefs).length > 0 ||
    isMap(spec?.targetRef)
  );
}
