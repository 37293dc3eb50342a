import { screen, waitFor, within } from '@testing-library/react';
import { controlPlanes, fleetCoverage } from '../__fixtures__/fleet';
import {
  mockMeshApi,
  renderOnEntityPage,
} from '../__testUtils__/renderOnEntityPage';
import { MeshFleet } from './MeshFleet';

const DAY_MS = 86_400_000;

describe('the other parts of the fleet page', () => {
  it('shows versions, skew and pushes of the control plane', async () => {
    const { user, addressHas } = renderOnEntityPage(<MeshFleet />, {
      api: mockMeshApi({
        controlPlanes: async () => controlPlanes(Date.now()),
      }),
    });
    await user.click(await screen.findByRole('tab', { name: 'Control plane' }));
    await addressHas('section=control-plane');
    const versions = await screen.findByRole('table', {
      name: 'Versions in production',
    });
    expect(versions).toHaveTextContent('istiod1.29.22 of 2 pods ready');
    expect(
      within(versions).getByRole('row', { name: /1\.26\.1/ }),
    ).toHaveTextContent('restart the pods');
    expect(screen.getByText('Push errors').parentElement).toHaveTextContent(
      'none',
    );
    expect(
      screen.getByText(/A change arrives within/).parentElement,
    ).toHaveTextContent('480 ms');
  });

  it('tells what was changed of all services, and where to take it back', async () => {
    const { user, api, addressHas } = renderOnEntityPage(<MeshFleet />);
    await user.click(await screen.findByRole('tab', { name: 'Changes' }));
    await addressHas('section=changes');
    const changes = await screen.findByRole('table', { name: 'Changes' });
    const [, first, second] = within(changes).getAllByRole('row');
    expect(first).toHaveTextContent(/auth-serviceorion · production/);
    expect(first).toHaveTextContent('No more than 10 connections.');
    const back = within(first).getByRole('link', {
      name: 'To undo on the page of auth-service: No more than 10 connections.',
    });
    expect(back).toHaveAttribute(
      'href',
      '/catalog/default/component/auth-service/mesh-routes?placement=production%3Aorion%3Aauth-service',
    );
    expect(second).toHaveTextContent('the portal');
    expect(within(second).queryByRole('link', { name: /^To undo/ })).toBeNull();

    expect(screen.getByRole('button', { name: 'Newest' })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Older' }));
    await addressHas('changesAfter=1770119400000.');
    await waitFor(() =>
      expect(api.fleetChanges).toHaveBeenLastCalledWith({
        cursor: '1770119400000.6f4d8a1e-3b1a-4a43-9c1a-2f6f0a7a1b2c',
      }),
    );
    expect(screen.getByRole('button', { name: 'Newest' })).toBeEnabled();
  });

  it('says so where nothing was changed yet', async () => {
    renderOnEntityPage(<MeshFleet />, {
      search: '?section=changes',
      api: mockMeshApi({ fleetChanges: async () => ({ changes: [] }) }),
    });
    expect(
      await screen.findByText('Nothing was changed from this portal yet.'),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Older' })).toBeNull();
  });

  it('holds each namespace against the line, in numbers and words', async () => {
    renderOnEntityPage(<MeshFleet />, { search: '?section=mtls' });
    const table = await screen.findByRole('table', {
      name: 'mTLS by namespace',
    });
    const line = (name: RegExp) => within(table).getByRole('row', { name });
    expect(line(/billing/)).toHaveTextContent('62 %');
    expect(line(/billing/)).toHaveTextContent('below 95 %');
    expect(line(/orion/)).toHaveTextContent('at least 95 %');
    expect(line(/batch/)).toHaveTextContent('outside the mesh');
    expect(
      screen.getByText('1 namespace below the line of 95 %'),
    ).toBeVisible();
  });

  it('shows the first namespaces, and all on demand', async () => {
    const namespaces = Array.from({ length: 60 }, (_, index) => ({
      ...fleetCoverage().namespaces[1],
      namespace: `ns-${index}`,
    }));
    const { user } = renderOnEntityPage(<MeshFleet />, {
      search: '?section=mtls',
      api: mockMeshApi({
        fleetCoverage: async () => ({ namespaces, sources: [] }),
      }),
    });
    expect(await screen.findAllByRole('row')).toHaveLength(51);
    await user.click(
      screen.getByRole('button', { name: 'Show all 60 namespaces' }),
    );
    expect(screen.getAllByRole('row')).toHaveLength(61);
  });

  it('puts the certificate that ends next first', async () => {
    const planes = controlPlanes(Date.now());
    planes.clusters[0].certificates.push(
      {
        of: 'gateway old/gateway',
        endsAt: new Date(Date.now() - DAY_MS).toISOString(),
        from: 'secret',
      },
      { of: 'gateway shut/gateway', from: 'secret', message: 'No right.' },
    );
    renderOnEntityPage(<MeshFleet />, {
      search: '?section=certificates',
      api: mockMeshApi({ controlPlanes: async () => planes }),
    });
    const table = await screen.findByRole('table', { name: 'Certificates' });
    expect(
      within(table)
        .getAllByRole('row')
        .slice(1)
        .map(row => within(row).getByRole('rowheader').textContent),
    ).toEqual([
      'gateway old/gateway',
      'gateway orion/orion-gatewayauth.orion.example.com',
      'Mesh root CA',
      'gateway shut/gateway',
    ]);
    expect(table).toHaveTextContent('has ended');
    expect(table).toHaveTextContent('ends in 4 days');
    expect(table).toHaveTextContent('not knownNo right.');
  });

  it('diagnoses each source', async () => {
    const { api } = renderOnEntityPage(<MeshFleet />, {
      search: '?section=sources',
    });
    const table = await screen.findByRole('table', { name: 'Sources' });
    expect(
      within(table).getByRole('row', { name: /Prometheus/ }),
    ).toHaveTextContent(/does not answer.*Check mesh\.prometheus\.url/);
    expect(within(table).getByRole('row', { name: /Kiali/ })).toHaveTextContent(
      'not configured',
    );
    expect(
      within(table).getByRole('row', { name: /Kubernetes/ }),
    ).toHaveTextContent('v1.34.0');
    expect(api.fleetCoverage).not.toHaveBeenCalled();
  });
});
