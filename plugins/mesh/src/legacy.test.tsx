import { screen } from '@testing-library/react';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { Route, Routes } from 'react-router-dom';
import { authService } from './__fixtures__/entity';
import { mockMeshApi } from './__testUtils__/renderOnEntityPage';
import {
  EntityMeshCanaryContent,
  EntityMeshOverviewCard,
  EntityMeshRoutesContent,
  EntityMeshSecurityContent,
  EntityMeshTopologyContent,
  EntityMeshTracesContent,
  isMeshAvailable,
  meshApiRef,
  meshPlugin,
} from './legacy';

jest.mock('./plugin', () => {
  throw new Error('The legacy entry must not load the new wiring.');
});

describe('the plugin of the old frontend system', () => {
  it.each([
    [
      'EntityMeshRoutesContent',
      EntityMeshRoutesContent,
      'What happens to a request',
    ],
    ['EntityMeshSecurityContent', EntityMeshSecurityContent, 'mTLS per port'],
    ['EntityMeshTracesContent', EntityMeshTracesContent, 'Traces'],
    [
      'EntityMeshCanaryContent',
      EntityMeshCanaryContent,
      'Versions side by side',
    ],
    ['EntityMeshTopologyContent', EntityMeshTopologyContent, 'Who calls whom'],
    ['EntityMeshOverviewCard', EntityMeshOverviewCard, 'Mesh'],
  ])('has %s', async (_, Content, heading) => {
    await renderInTestApp(
      <TestApiProvider apis={[[meshApiRef, mockMeshApi()]]}>
        <EntityProvider entity={authService}>
          <Routes>
            <Route path="/" element={<Content />} />
          </Routes>
        </EntityProvider>
      </TestApiProvider>,
      { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
    );
    expect(
      await screen.findByRole('heading', { name: heading }),
    ).toBeInTheDocument();
  });

  it('provides the client of the backend', () => {
    const [api] = [...meshPlugin.getApis()];
    expect(api.api.id).toBe(meshApiRef.id);
    expect(meshPlugin.getId()).toBe('mesh');
    expect(isMeshAvailable(authService)).toBe(true);
  });
});
