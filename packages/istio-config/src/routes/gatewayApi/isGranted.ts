import { itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { GATEWAY_API, ObjectReference } from './references';

/**
 * Whether a ReferenceGrant in the target's namespace lets routes or Gateways of a namespace name it.
 * Source: istio pilot/pkg/config/kube/gatewaycommon/references.go, BackendAllowed and SecretAllowed.
 *
 * @public
 */
export function isGranted(
  set: MeshObjects,
  from: { kind: string; namespace: string },
  to: ObjectReference,
): boolean {
  return set
    .inNamespace('ReferenceGrant', to.namespace)
    .some(
      ({ spec }) =>
        itemsOf(spec?.from).some(
          entry =>
            entry?.group === GATEWAY_API &&
            entry.kind === from.kind &&
            entry.namespace === from.namespace,
        ) &&
        itemsOf(spec.to).some(
          entry =>
            (entry?.group === to.group || entry?.group === 'core') &&
            entry.kind === to.kind &&
            (entry.name ?? to.name) === to.name,
        ),
    );
}
