import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type { FleetRow, MeshTab } from '@meshdeck/plugin-mesh-common';
import { MESH_TABS } from '../../tabs';
import { ERRORS_ONLY } from '../../view/address/useTabLink';

/** Leads to the page of an entity, or to a tab of it at one of its placements. */
export function useEntityLink() {
  const entityRoute = useRouteRef(entityRouteRef);
  const pageOf = (entityRef: string) => {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    return entityRoute({
      kind: kind.toLocaleLowerCase('en-US'),
      namespace: namespace.toLocaleLowerCase('en-US'),
      name,
    });
  };
  return {
    pageOf,
    tabOf: (
      { entityRef, placement }: Pick<FleetRow, 'entityRef' | 'placement'>,
      tab: MeshTab,
    ) => {
      const path = tab === 'overview' ? '' : MESH_TABS[tab].path;
      const search = new URLSearchParams({
        placement: placement.id,
        // A verdict leads to the traces only where requests fail.
        ...(tab === 'traces' && ERRORS_ONLY),
      });
      return entityRef && `${pageOf(entityRef)}${path}?${search}`;
    },
  };
}
