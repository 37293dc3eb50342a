import { screen } from '@testing-library/react';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { authService } from './__fixtures__/entity';
import { mockMeshApi } from './__testUtils__/renderOnEntityPage';
import meshPlugin, { isMeshAvailable, meshApiRef } from './index';

jest.mock('./legacyPlugin', () => {
  throw new Error('The main entry must not load the old wiring.');
});

type ExtensionId = Parameters<typeof meshPlugin.getExtension>[0];

function renderExtension(id: ExtensionId) {
  renderTestApp({
    extensions: [
      createTestEntityPage({ entity: authService }),
      meshPlugin.getExtension(id),
    ],
    apis: [[meshApiRef, mockMeshApi()]],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
  });
}

describe('the plugin of the new frontend system', () => {
  it.each([
    ['entity-content:mesh/routes', 'What happens to a request'],
    ['entity-content:mesh/security', 'mTLS per port'],
    ['entity-content:mesh/traces', 'Traces'],
    ['entity-content:mesh/canary', 'Versions side by side'],
    ['entity-content:mesh/topology', 'Who calls whom'],
    ['entity-card:mesh/overview', 'Mesh'],
  ] as const)('has %s', async (id, heading) => {
    renderExtension(id);
    expect(
      await screen.findByRole('heading', { name: heading }),
    ).toBeInTheDocument();
  });

  it('provides the client of the backend', () => {
    expect(meshPlugin.getExtension('api:mesh')).toBeDefined();
    expect(meshApiRef.id).toBe('plugin.mesh.client');
  });
});

describe('isMeshAvailable', () => {
  const component = (more: object) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'a' },
    ...more,
  });

  it.each([
    [
      'a service without annotation',
      component({ spec: { type: 'service' } }),
      true,
    ],
    ['a library', component({ spec: { type: 'library' } }), false],
    [
      'a website with a label selector',
      component({
        spec: { type: 'website' },
        metadata: {
          name: 'a',
          annotations: { 'backstage.io/kubernetes-label-selector': 'a=b' },
        },
      }),
      true,
    ],
    [
      'an API with an annotation',
      component({
        kind: 'API',
        metadata: { name: 'a', annotations: { 'meshdeck.io/services': 'a/b' } },
      }),
      false,
    ],
  ])('of %s', (_, entity, available) => {
    expect(isMeshAvailable(entity)).toBe(available);
  });
});
