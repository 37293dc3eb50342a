import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { MeshClusterAccess } from './MeshClusterAccess';

/** @public */
export interface MeshClusterAccessExtensionPoint {
  /** Replaces the way through the kubernetes backend's proxy. One module may set it. */
  setClusterAccess(access: MeshClusterAccess): void;
}

/** @public */
export const meshClusterAccessExtensionPoint =
  createExtensionPoint<MeshClusterAccessExtensionPoint>({
    id: 'mesh.cluster-access',
  });
