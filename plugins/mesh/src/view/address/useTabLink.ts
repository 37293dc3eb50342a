import { getCompoundEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef, useEntity } from '@backstage/plugin-catalog-react';
import { useLocation } from 'react-router-dom';
import type { MeshTab } from '@meshdeck/plugin-mesh-common';
import { MESH_TABS } from '../../tabs';

/** What the Traces tab has in its address where it shows failed traces only. */
export const ERRORS_ONLY = { errors: 'true' };

/** Leads to another tab of the same entity, at the same placement and time. */
export function useTabLink(): (
  tab: MeshTab,
  filters?: Record<string, string>,
) => string {
  const entityRoute = useRouteRef(entityRouteRef);
  const { entity } = useEntity();
  const { search } = useLocation();

  return (tab, filters = {}) => {
    const { kind, namespace, name } = getCompoundEntityRef(entity);
    const kept = new URLSearchParams([
      ...[...new URLSearchParams(search)].filter(
        ([key]) => key === 'placement' || key === 'window',
      ),
      ...Object.entries(filters),
    ]).toString();
    const path = tab === 'overview' ? '' : MESH_TABS[tab].path;
    const page = entityRoute({
      kind: kind.toLocaleLowerCase('en-US'),
      namespace: namespace.toLocaleLowerCase('en-US'),
      name,
    });
    return `${page}${path}${kept && `?${kept}`}`;
  };
}
