import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  MeshApi,
  MeshViewName,
  MeshViewsApi,
} from '@meshdeck/plugin-mesh-common';

/** The mesh backend, as the pages ask it: for a view by its name, for the rest by a method of its own. @public */
export type MeshPagesApi = Omit<MeshApi, MeshViewName> & MeshViewsApi;

/** The mesh backend, as the tabs and the card ask it. @public */
export const meshApiRef = createApiRef<MeshPagesApi>().with({
  id: 'plugin.mesh.client',
  pluginId: 'mesh',
});
