import type { MeshTab } from '@meshdeck/plugin-mesh-common';

/** The tabs of an entity's page: title and path below the entity. */
export const MESH_TABS: Record<
  Exclude<MeshTab, 'overview'>,
  { title: string; path: string }
> = {
  routes: { title: 'Routes', path: '/mesh-routes' },
  security: { title: 'mTLS', path: '/mesh-security' },
  traces: { title: 'Traces', path: '/mesh-traces' },
  canary: { title: 'Canary', path: '/mesh-canary' },
  topology: { title: 'Topology', path: '/mesh-topology' },
};
