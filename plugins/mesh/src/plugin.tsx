import {
  ApiBlueprint,
  PageBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { MeshClient } from '@meshdeck/plugin-mesh-common';
import { RiRouteLine } from '@remixicon/react';
import { meshApiRef } from './api';
import { fleetRouteRef } from './fleet/fleetRouteRef';
import { isMeshAvailable } from './isMeshAvailable';
import { MESH_TABS } from './tabs';

const meshApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: meshApiRef,
      deps: { discovery: discoveryApiRef, fetchApi: fetchApiRef },
      factory: ({ discovery, fetchApi }) =>
        MeshClient.create({
          baseUrl: () => discovery.getBaseUrl('mesh'),
          fetch: fetchApi.fetch,
        }),
    }),
});

const routesContent = EntityContentBlueprint.make({
  name: 'routes',
  params: {
    ...MESH_TABS.routes,
    filter: isMeshAvailable,
    loader: () =>
      import('./routes/RoutesTab').then(({ RoutesTab }) => <RoutesTab />),
  },
});

const securityContent = EntityContentBlueprint.make({
  name: 'security',
  params: {
    ...MESH_TABS.security,
    filter: isMeshAvailable,
    loader: () =>
      import('./security/SecurityTab').then(({ SecurityTab }) => (
        <SecurityTab />
      )),
  },
});

const tracesContent = EntityContentBlueprint.make({
  name: 'traces',
  params: {
    ...MESH_TABS.traces,
    filter: isMeshAvailable,
    loader: () =>
      import('./traces/TracesTab').then(({ TracesTab }) => <TracesTab />),
  },
});

const canaryContent = EntityContentBlueprint.make({
  name: 'canary',
  params: {
    ...MESH_TABS.canary,
    filter: isMeshAvailable,
    loader: () =>
      import('./canary/CanaryTab').then(({ CanaryTab }) => <CanaryTab />),
  },
});

const topologyContent = EntityContentBlueprint.make({
  name: 'topology',
  params: {
    ...MESH_TABS.topology,
    filter: isMeshAvailable,
    loader: () =>
      import('./topology/TopologyTab').then(({ TopologyTab }) => (
        <TopologyTab />
      )),
  },
});

const overviewCard = EntityCardBlueprint.make({
  name: 'overview',
  params: {
    type: 'content',
    filter: isMeshAvailable,
    loader: () =>
      import('./overview/MeshOverviewCard').then(({ MeshOverviewCard }) => (
        <MeshOverviewCard />
      )),
  },
});

const fleetPage = PageBlueprint.make({
  params: {
    path: '/mesh',
    title: 'Mesh',
    icon: <RiRouteLine />,
    routeRef: fleetRouteRef,
    loader: () =>
      import('./fleet/FleetPage').then(({ FleetPage }) => <FleetPage />),
  },
});

/** Shows, explains and safely changes what the mesh does with the service of an entity. @public */
export const meshPlugin = createFrontendPlugin({
  pluginId: 'mesh',
  title: 'Mesh',
  icon: <RiRouteLine />,
  info: { packageJson: () => import('../package.json') },
  routes: { fleet: fleetRouteRef },
  extensions: [
    meshApi,
    fleetPage,
    routesContent,
    securityContent,
    tracesContent,
    canaryContent,
    topologyContent,
    overviewCard,
  ],
});
