import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { meshPermissions } from '@meshdeck/plugin-mesh-common';
import {
  MeshClusterAccess,
  meshClusterAccessExtensionPoint,
} from '@meshdeck/plugin-mesh-node';
import { registerMeshActions } from './actions/registerMeshActions';
import { assembleMesh } from './assembleMesh';
import { KubernetesProxyAccess } from './cluster/KubernetesProxyAccess';
import { createMeshRouter } from './http/router';
import { MESH_GROUND } from './meshGround';

/** Shows, explains and changes what the mesh does with the services of catalog entities. @public */
export const meshPlugin = createBackendPlugin({
  pluginId: 'mesh',
  register(env) {
    let ownAccess: MeshClusterAccess | undefined;
    env.registerExtensionPoint(meshClusterAccessExtensionPoint, {
      setClusterAccess(access) {
        if (ownAccess) {
          throw new Error('The way into the clusters is set twice');
        }
        ownAccess = access;
      },
    });
    env.registerInit({
      deps: MESH_GROUND,
      async init(deps) {
        const mesh = assembleMesh({
          ...deps,
          clusterAccess: ownAccess ?? KubernetesProxyAccess.create(deps),
        });
        deps.lifecycle.addStartupHook(() => mesh.start());
        deps.lifecycle.addShutdownHook(() => mesh.stop());
        deps.permissionsRegistry.addPermissions(meshPermissions);
        registerMeshActions({ ...deps, ...mesh.services });
        // For probes: whether the clusters have been read says nothing of what is in them.
        deps.httpRouter.addAuthPolicy({
          path: '/v1/health',
          allow: 'unauthenticated',
        });
        deps.httpRouter.use(createMeshRouter(mesh.services));
      },
    });
  },
});
