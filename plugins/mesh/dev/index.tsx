import '@backstage/cli/asset-types';
import ReactDOM from 'react-dom/client';
import { Link, Route, Routes, useLocation } from 'react-router-dom';
import { createApp } from '@backstage/frontend-defaults';
import {
  ApiBlueprint,
  PageBlueprint,
  createFrontendPlugin,
} from '@backstage/frontend-plugin-api';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { Container, Flex, Text } from '@backstage/ui';
import { authService } from '../src/__fixtures__/entity';
import { meshApiRef } from '../src/api';
import { CanaryTab } from '../src/canary/CanaryTab';
import { MeshFleet } from '../src/fleet/MeshFleet';
import { MeshOverviewCard } from '../src/overview/MeshOverviewCard';
import { RoutesTab } from '../src/routes/RoutesTab';
import { SecurityTab } from '../src/security/SecurityTab';
import { MESH_TABS } from '../src/tabs';
import { TracesTab } from '../src/traces/TracesTab';
import { FakeMeshApi, MOODS, type Mood } from './FakeMeshApi';

function moodOfAddress(): Mood {
  const asked = new URLSearchParams(window.location.search).get('mood');
  return MOODS.find(mood => mood === asked) ?? 'well';
}

const ENTITY_PATH = '/catalog/default/component/auth-service';

function TabBar() {
  const { search } = useLocation();
  return (
    <Flex gap="4" mb="4" style={{ flexWrap: 'wrap' }}>
      <Link to={`${ENTITY_PATH}${search}`}>Overview</Link>
      {Object.values(MESH_TABS).map(({ path, title }) => (
        <Link key={path} to={`${ENTITY_PATH}${path}${search}`}>
          {title}
        </Link>
      ))}
    </Flex>
  );
}

function EntityPage() {
  return (
    <EntityProvider entity={authService}>
      <Container>
        <Text as="h1" variant="title-medium">
          auth-service
        </Text>
        <TabBar />
        <Routes>
          <Route path="/" element={<MeshOverviewCard />} />
          <Route path={MESH_TABS.routes.path} element={<RoutesTab />} />
          <Route path={MESH_TABS.security.path} element={<SecurityTab />} />
          <Route path={MESH_TABS.traces.path} element={<TracesTab />} />
          <Route path={MESH_TABS.canary.path} element={<CanaryTab />} />
        </Routes>
      </Container>
    </EntityProvider>
  );
}

const catalogPages = createFrontendPlugin({
  pluginId: 'catalog',
  routes: { catalogEntity: entityRouteRef },
  extensions: [
    PageBlueprint.make({
      name: 'entity',
      params: {
        path: '/catalog/:namespace/:kind/:name',
        routeRef: entityRouteRef,
        loader: async () => <EntityPage />,
      },
    }),
  ],
});

const meshOfOneService = createFrontendPlugin({
  pluginId: 'mesh',
  extensions: [
    PageBlueprint.make({
      params: {
        path: '/mesh',
        title: 'Mesh',
        loader: async () => <MeshFleet />,
      },
    }),
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: meshApiRef,
          deps: {},
          factory: () => FakeMeshApi.create({ mood: moodOfAddress() }),
        }),
    }),
  ],
});

const app = createApp({
  features: [catalogPages, meshOfOneService],
});

// This package is free of side effects, so that a plain import of a style sheet would be dropped.
const styled = import('./styles.css');

styled.then(() =>
  ReactDOM.createRoot(document.getElementById('root')!).render(
    app.createRoot(),
  ),
);
