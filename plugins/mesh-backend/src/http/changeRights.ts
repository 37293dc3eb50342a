import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  CHANGE_PERMISSIONS,
  type ChangesView,
  type Placement,
} from '@meshdeck/plugin-mesh-common';
import type { EntityAccess } from '../access/EntityAccess';
import { missingPermission } from '../access/refusals';
import { bindingProblem } from '../changes/binding';
import type { ClusterReader } from '../cluster/ClusterReader';

/** Why the reader may not change a service, by the permissions that this would need; of what they may, nothing. */
export async function changeRights(
  services: { access: EntityAccess; clusters: ClusterReader },
  asked: {
    placement: Placement;
    entityRef: string;
    credentials: BackstageCredentials;
  },
): Promise<ChangesView['cannot']> {
  const { access, clusters } = services;
  const { placement, entityRef } = asked;
  const [{ set }, may] = await Promise.all([
    clusters.snapshot(placement.cluster),
    Promise.all(CHANGE_PERMISSIONS.map(one => access.may(one, asked))),
  ]);
  // Of a cluster that cannot be read nobody knows what it names.
  const isKnown = set.get('Service', placement.namespace, placement.service);
  const unbound = isKnown && bindingProblem(set, placement, entityRef);
  return Object.fromEntries(
    CHANGE_PERMISSIONS.flatMap((permission, index) => {
      const why = may[index]
        ? unbound
        : missingPermission(permission, entityRef);
      return why ? [[permission.name, why]] : [];
    }),
  );
}
