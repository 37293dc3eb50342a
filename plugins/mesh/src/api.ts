import { createApiRef } from '@backstage/frontend-plugin-api';
import type { MeshApi } from '@meshdeck/plugin-mesh-common';

/** The mesh backend, as the tabs and the card ask it. @public */
export const meshApiRef = createApiRef<MeshApi>().with({
  id: 'plugin.mesh.client',
  pluginId: 'mesh',
});
