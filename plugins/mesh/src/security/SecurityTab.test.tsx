import { screen, within } from '@testing-library/react';
import type { SecurityView } from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import {
  NOON,
  noAnnotationView,
  prometheusDown,
  securityView,
  staging,
} from '../__fixtures__/views';
import { authorizationPolicy } from '../__fixtures__/objects';
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
    expect(batch).toHaveTextContent('100 %, 0.2 req/sby the policies');
    expect(rowOf('billing orion')).toHaveTextContent('No rule names it.');
  });

  it('says each denial once, with what can be done about it', async () => {
    const view = securityView();
    const policy = authorizationPolicy;
    view.callers[2] = {
      ...view.callers[2],
      principal: 'cluster.local/ns/orion/sa/billing',
      requestsPerSecond: 2,
      deniedShare: 1,
      decidedBy: [policy],
    };
    const { user } = renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security: jest.fn(async () => view) }),
    });
    await screen.findByRole('table', { name: 'Callers' });
    expect(screen.getAllByText('billing')).toHaveLength(1);
    const billing = rowOf('billing orion');
    expect(billing).toHaveTextContent('100 %, 2 req/s');

    const [show] = within(billing).getAllByRole('button');
    expect(show).toHaveTextContent(`Show ${policy.name}`);
    await user.click(show);
    const drawer = await screen.findByRole('dialog', {
      name: `AuthorizationPolicy orion/${policy.name}`,
    });
    await user.click(within(drawer).getByRole('button', { name: 'Close' }));

    await user.click(
      within(billing).getByRole('button', { name: 'Allow a caller: billing' }),
    );
    expect(
      await screen.findByLabelText(
        'Identity, as cluster.local/ns/shop/sa/cart',
      ),
    ).toHaveValue('cluster.local/ns/orion/sa/billing');
  });

  it('says of a caller without identity that no rule can let it in', async () => {
    renderOnEntityPage(<SecurityTab />);
    await screen.findByRole('table', { name: 'Callers' });
    const batch = rowOf('legacy-batch batch');
    expect(batch).toHaveTextContent('bring it into the mesh first');
    expect(within(batch).queryByRole('button')).not.toBeInTheDocument();
  });

  it('has those whom STRICT would block among the callers, first, each once', async () => {
    const view = securityView();
    view.ifStrict.breaks.push({
      name: 'health probes of auth-service',
      namespace: 'orion',
      kind: 'probe',
      why: 'the kubelet has no certificate',
    });
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security: jest.fn(async () => view) }),
    });
    const callers = await screen.findByRole('table', { name: 'Callers' });
    expect(
      screen.getByText('STRICT would block 2 callers or probes.'),
    ).toBeVisible();
    const heads = within(callers)
      .getAllByRole('rowheader')
      .map(head => head.textContent);
    expect(heads).toEqual([
      'legacy-batchbatch',
      'health probes of auth-serviceorion',
      'gateway-serviceorion',
      'billingorion',
    ]);
    expect(rowOf('legacy-batch batch')).toHaveTextContent(
      /0\.2 req\/s.*STRICT would block it: it has no proxy.*team-batch/,
    );
    expect(screen.getAllByText('legacy-batch')).toHaveLength(1);
  });

  it('asks for a call right below the callers, before anything is changed', async () => {
    renderOnEntityPage(<SecurityTab />);
    await screen.findByRole('table', { name: 'Callers' });
    const headings = screen
      .getAllByRole('heading', { level: 2 })
      .map(({ textContent }) => textContent);
    expect(headings.slice(0, 4)).toEqual([
      'mTLS per port',
      'Callers',
      'Try a call',
      'Change who gets in, and how it runs',
    ]);
  });

  it('says a chain once for all versions that share it', async () => {
    const view = securityView();
    view.ports.push({ ...view.ports[0], workload: 'auth-service-canary' });
    view.ports.push({ ...view.ports[0], workload: 'odd', mode: 'DISABLE' });
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({ security: jest.fn(async () => view) }),
    });
    expect(
      await screen.findByText(
        'on port 8080 (http) of auth-service, auth-service-canary',
        { exact: false },
      ),
    ).toBeVisible();
    expect(
      screen.getAllByRole('list', { name: /^What decided the mode/ }),
    ).toHaveLength(2);
  });

  it.each([
    [{ isStrict: false, isWatched: true, breaks: [] }, /would block nobody/],
    [{ isStrict: true, isWatched: true, breaks: [] }, /STRICT already, and no/],
    [
      { isStrict: false, isWatched: false, breaks: [] },
      /is not known: without/,
    ],
  ])('says of STRICT what %j means', async (ifStrict, words) => {
    renderOnEntityPage(<SecurityTab />, {
      api: mockMeshApi({
        security: jest.fn(async () => ({ ...securityView(), ifStrict })),
      }),
    });
    expect(await screen.findByText(words)).toBeVisible();
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
    const view: SecurityView = {
      ...securityView(),
      ports: [],
      callers: [],
      policies: [],
      ifStrict: { isStrict: false, isWatched: true, breaks: [] },
    };
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
        ? {
            ...securityView(NOON, staging),
            callers: [],
            ifStrict: { isStrict: false, isWatched: true, breaks: [] },
          }
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
    const ifStrict = { isStrict: false, isWatched: true, breaks: [] };
    const { user } = renderOnEntityPage(<SecurityTab />, {
      search: '?open=matrix',
      api: mockMeshApi({
        security: jest.fn(async () => ({ ...view, callers, ifStrict })),
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
});
