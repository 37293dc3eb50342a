/**
 * The same tabs and card for apps on Backstage's old frontend system.
 *
 * @packageDocumentation
 */
export {
  EntityMeshCanaryContent,
  EntityMeshOverviewCard,
  EntityMeshRoutesContent,
  EntityMeshSecurityContent,
  EntityMeshTopologyContent,
  EntityMeshTracesContent,
  MeshFleetPage,
  meshPlugin,
} from './legacyPlugin';
export { meshApiRef } from './api';
export { isMeshAvailable } from './isMeshAvailable';
