import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { MeshClient } from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from './api';

const fleetRouteRef = createRouteRef({ id: 'mesh-fleet' });
const routesRouteRef = createRouteRef({ id: 'mesh-routes' });
const securityRouteRef = createRouteRef({ id: 'mesh-security' });
const tracesRouteRef = createRouteRef({ id: 'mesh-traces' });
const canaryRouteRef = createRouteRef({ id: 'mesh-canary' });
const topologyRouteRef = createRouteRef({ id: 'mesh-topology' });

/** For apps on Backstage's old frontend system. @public */
export const meshPlugin = createPlugin({
  id: 'mesh',
  apis: [
    createApiFactory({
      api: meshApiRef,
      deps: { discovery: discoveryApiRef, fetchApi: fetchApiRef },
      factory: ({ discovery, fetchApi }) =>
        MeshClient.create({
          baseUrl: () => discovery.getBaseUrl('mesh'),
          fetch: fetchApi.fetch,
        }),
    }),
  ],
  routes: {
    fleet: fleetRouteRef,
    routes: routesRouteRef,
    security: securityRouteRef,
    traces: tracesRouteRef,
    canary: canaryRouteRef,
    topology: topologyRouteRef,
  },
});

/** All services of the mesh, for platform engineers; mounted at `/mesh`. @public */
export const MeshFleetPage = meshPlugin.provide(
  createRoutableExtension({
    name: 'MeshFleetPage',
    component: () =>
      import('./fleet/LegacyFleetPage').then(m => m.LegacyFleetPage),
    mountPoint: fleetRouteRef,
  }),
);

/** What happens to a request. @public */
export const EntityMeshRoutesContent = meshPlugin.provide(
  createRoutableExtension({
    name: 'EntityMeshRoutesContent',
    component: () => import('./routes/RoutesTab').then(m => m.RoutesTab),
    mountPoint: routesRouteRef,
  }),
);

/** Who may talk to the service, and how. @public */
export const EntityMeshSecurityContent = meshPlugin.provide(
  createRoutableExtension({
    name: 'EntityMeshSecurityContent',
    component: () => import('./security/SecurityTab').then(m => m.SecurityTab),
    mountPoint: securityRouteRef,
  }),
);

/** What single requests went through. @public */
export const EntityMeshTracesContent = meshPlugin.provide(
  createRoutableExtension({
    name: 'EntityMeshTracesContent',
    component: () => import('./traces/TracesTab').then(m => m.TracesTab),
    mountPoint: tracesRouteRef,
  }),
);

/** The versions side by side, and their weights. @public */
export const EntityMeshCanaryContent = meshPlugin.provide(
  createRoutableExtension({
    name: 'EntityMeshCanaryContent',
    component: () => import('./canary/CanaryTab').then(m => m.CanaryTab),
    mountPoint: canaryRouteRef,
  }),
);

/** Who calls the service, and whom it calls. @public */
export const EntityMeshTopologyContent = meshPlugin.provide(
  createRoutableExtension({
    name: 'EntityMeshTopologyContent',
    component: () => import('./topology/TopologyTab').then(m => m.TopologyTab),
    mountPoint: topologyRouteRef,
  }),
);

/** Is it all right? @public */
export const EntityMeshOverviewCard = meshPlugin.provide(
  createComponentExtension({
    name: 'EntityMeshOverviewCard',
    component: {
      lazy: () =>
        import('./overview/MeshOverviewCard').then(m => m.MeshOverviewCard),
    },
  }),
);
