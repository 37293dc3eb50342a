import { screen, within } from '@testing-library/react';
import type { SecurityView } from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import {
  certificatesView,
  NOON,
  noAnnotationView,
  production,
  prometheusDown,
  securityView,
  staging,
} from '../__fixtures__/views';
import { SecurityTab } from './SecurityTab';

function rowOf(caller: string) {
  return within(screen.getByRole('table', { name: 'Callers' }))
    .getByRole('rowheader', { name: caller })
    .closest('tr')!;
}

describe('SecurityTab', () => {
  it('answers first, then shows each mode with what decided it', async () => {
    renderOnEntityPage(<SecurityTab />);
    expect(
      await screen.findByText(/legacy-batch calls without encryption/),
    ).toBeVisible();
    expect(screen.getByText('99.8 % of requests come encrypted')).toBeVisible();
    const chain = screen.getByRole('list', {
      name: 'What decided the mode of port 8080 (http) of auth-service',
    });
    const links = within(chain)
      .getAllByRole('listitem')
      .map(link => link.textContent);
    expect(links).toEqual([
      'mesh PERMISSIVE',
      'namespace STRICTorion-mtlsdecides',
      'workload –',
      'port –',
    ]);
  });

  it('says why a port takes plaintext whatever the policies demand', async () => {
    const note = 'the sidecar of auth-service does not capture port 8080';
    const view: SecurityView = {
      ...securityView(),
      ports: securityView().ports.map(port => ({
        ...port,
        mode: 'DISABLE',
        note,
      })),
    };
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security: jest.fn(async () => view) }),
    });
    expect(await screen.findByText(`${note}.`)).toBeVisible();
  });

  it('shows who calls, how, and why they may or may not', async () => {
    renderOnEntityPage(<SecurityTab />);
    await screen.findByRole('table', { name: 'Callers' });
    const gateway = rowOf('gateway-service orion');
    expect(gateway).toHaveTextContent('84 req/s');
    expect(gateway).toHaveTextContent('POST /api/auth/login');
    expect(gateway).toHaveTextContent('auth-service-policy, rule 1');
    expect(
      within(gateway).getByRole('link', { name: /gateway-service/ }),
    ).toHaveAttribute('href', '/catalog/default/component/gateway-service');
    expect(
      within(gateway).getByRole('link', { name: /team-edge/ }),
    ).toHaveAttribute('href', '/catalog/default/group/team-edge');

    const batch = rowOf('legacy-batch batch');
    expect(batch).toHaveTextContent('NO');
    expect(batch).toHaveTextContent('100 % refused');
    expect(rowOf('billing orion')).toHaveTextContent('No rule names it.');
  });

  it('says who may do what, who would be cut off, and who is denied', async () => {
    renderOnEntityPage(<SecurityTab />);
    const matrix = await screen.findByRole('table', { name: 'Who may call' });
    const lines = within(matrix)
      .getAllByRole('row')
      .map(row => [...row.children].map(cell => cell.textContent).join(' | '));
    expect(lines).toEqual([
      'Caller | POST /api/auth/login | everything else',
      'gateway-serviceorion | allowed | denied',
      'legacy-batchbatch | denied | denied',
      'billingorion | denied | denied',
    ]);
    expect(
      screen.getByText('1 caller or probe would be cut off.'),
    ).toBeVisible();
    expect(
      screen.getByRole('table', { name: 'Cut off by STRICT' }),
    ).toHaveTextContent(
      /legacy-batch.*0\.2 req\/s.*it has no proxy.*team-batch/,
    );
    expect(screen.getByRole('table', { name: 'Denials' })).toHaveTextContent(
      /legacy-batch.*0\.2 req\/s.*100 %.*the policies/,
    );
    expect(
      screen.getByRole('table', { name: 'Token issuers' }),
    ).toHaveTextContent(
      /login\.example\.com.*orion.*header Authorization after Bearer/,
    );
  });

  it.each([
    [{ isStrict: false, isWatched: true, breaks: [] }, /Nobody would be cut/],
    [{ isStrict: true, isWatched: true, breaks: [] }, /STRICT already, and no/],
    [{ isStrict: false, isWatched: false, breaks: [] }, /Nobody can tell/],
  ])('says of STRICT what %j means', async (ifStrict, words) => {
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        security: jest.fn(async () => ({ ...securityView(), ifStrict })),
      }),
    });
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('tries a call with a token, once the token has an issuer', async () => {
    const { user, api } = renderOnEntityPage(<SecurityTab />);
    await user.type(await screen.findByLabelText('Token claims'), 'role=admin');
    const ask = screen.getByRole('button', { name: 'What does it get?' });
    expect(ask).toBeDisabled();
    await user.type(screen.getByLabelText('Token issuer'), 'https://idp');
    await user.type(screen.getByLabelText('Token subject'), 'jo');
    await user.click(ask);
    expect(api.tryCall).toHaveBeenLastCalledWith(
      expect.anything(),
      expect.objectContaining({
        jwt: {
          issuer: 'https://idp',
          subject: 'jo',
          claims: { role: 'admin' },
        },
      }),
    );
  });

  it('says that everything is allowed where no operation is named', async () => {
    const view = securityView();
    view.callers[0] = {
      ...view.callers[0],
      allowed: 'yes',
      allowedOperations: [],
    };
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security: jest.fn(async () => view) }),
    });
    await screen.findByRole('table', { name: 'Callers' });
    expect(rowOf('gateway-service orion')).toHaveTextContent('yes: everything');
  });

  it('tries a call from inside and from outside the mesh', async () => {
    const { user, api, choose } = renderOnEntityPage(<SecurityTab />);
    await choose(/From/, 'orion/billing');
    await user.clear(screen.getByLabelText('Path'));
    await user.type(screen.getByLabelText('Path'), '/api/auth/me');
    await user.click(screen.getByRole('button', { name: 'What does it get?' }));
    expect(
      await screen.findByText(/Denied with 403\. auth-service-policy allows/),
    ).toBeVisible();
    const address = {
      entityRef: 'component:default/auth-service',
      placement: production.id,
    };
    expect(api.tryCall).toHaveBeenLastCalledWith(address, {
      from: 'orion/billing',
      method: 'GET',
      path: '/api/auth/me',
      port: 8080,
    });

    await choose(/From/, 'a caller outside the mesh');
    await user.click(screen.getByRole('button', { name: 'What does it get?' }));
    expect(api.tryCall).toHaveBeenLastCalledWith(
      address,
      expect.objectContaining({ from: undefined }),
    );
  });

  it('says why a call could not be tried', async () => {
    const { user } = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        tryCall: jest.fn(async () => {
          throw responseError(400, 'port 1 is not of this service');
        }),
      }),
    });
    await user.click(
      await screen.findByRole('button', { name: 'What does it get?' }),
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('No answer to this call');
    expect(alert).toHaveTextContent('port 1 is not of this service');
  });

  it('opens a policy from the chain and from the list', async () => {
    const { user } = renderOnEntityPage(<SecurityTab />);
    const [inChain] = await screen.findAllByRole('button', {
      name: 'PeerAuthentication orion/orion-mtls',
    });
    await user.click(inChain);
    const drawer = await screen.findByRole('dialog', {
      name: 'PeerAuthentication orion/orion-mtls',
    });
    expect(drawer).toHaveTextContent('mode: STRICT');
  });

  it('says what it means that there is nothing', async () => {
    const view = { ...securityView(), ports: [], callers: [], policies: [] };
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security: jest.fn(async () => view) }),
    });
    expect(await screen.findByText(/No port is known/)).toBeVisible();
    expect(screen.getByText(/Nobody was seen calling/)).toBeVisible();
    expect(screen.getByText(/every caller may do everything/)).toBeVisible();
  });

  it('keeps the policies while Prometheus is down', async () => {
    const view = { ...securityView(), sources: prometheusDown(NOON) };
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security: jest.fn(async () => view) }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Prometheus');
    expect(screen.getByRole('table', { name: 'Callers' })).toBeVisible();
  });

  it('recovers from an error', async () => {
    const security = jest
      .fn<Promise<SecurityView>, []>()
      .mockRejectedValueOnce(responseError(500, 'boom'))
      .mockResolvedValue(securityView());
    const page = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('boom');
    await page.refresh();
    expect(await screen.findByRole('table', { name: 'Callers' })).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('says which lines an entity without annotation lacks', async () => {
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ placements: jest.fn(async () => noAnnotationView) }),
    });
    expect(
      await screen.findByRole('button', { name: 'Copy these lines' }),
    ).toBeVisible();
  });

  it('switches the placement', async () => {
    const security = jest.fn(async ({ placement }: { placement: string }) =>
      placement === staging.id
        ? { ...securityView(NOON, staging), callers: [] }
        : securityView(),
    );
    const page = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security }),
    });
    await screen.findByRole('table', { name: 'Callers' });
    await page.choose(/Placement/, /staging/);
    expect(await screen.findByText(/Nobody was seen calling/)).toBeVisible();
  });

  it('draws the first of thousands of callers, and all when asked', async () => {
    const view = securityView();
    const callers = Array.from({ length: 2_000 }, (_, index) => ({
      ...view.callers[0],
      name: `caller-${index}`,
    }));
    const { user } = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        security: jest.fn(async () => ({ ...view, callers })),
      }),
    });
    const table = await screen.findByRole('table', { name: 'Callers' });
    expect(table.querySelectorAll('tbody tr')).toHaveLength(200);
    const matrix = screen.getByRole('table', { name: 'Who may call' });
    await user.click(screen.getAllByText('Show all 2000')[1]);
    expect(
      [table, matrix].map(each => each.querySelectorAll('tbody tr').length),
    ).toEqual(expect.arrayContaining([200, 2_000]));
  });

  it('says when the certificates behind the calls end', async () => {
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        certificates: async () => certificatesView(Date.now()),
      }),
    });
    const table = await screen.findByRole('table', { name: 'Certificates' });
    expect(table).toHaveTextContent('proxies of auth-service');
    expect(table).toHaveTextContent('They renew themselves.');
    expect(table).toHaveTextContent(/orion-gateway.*CN=Example CA/);
    // Less than a day is nothing to worry about where it renews itself.
    const end = within(table).getByText('ends within a day');
    expect(end.parentElement).toHaveClass('ok');
  });
});
