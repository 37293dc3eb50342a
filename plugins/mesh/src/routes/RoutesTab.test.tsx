import { screen, waitFor, within } from '@testing-library/react';
import type { RoutesView } from '@meshdeck/plugin-mesh-common';
import {
  deferred,
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import {
  NOON,
  noAnnotationView,
  placementsView,
  production,
  prometheusDown,
  routesView,
  staging,
} from '../__fixtures__/views';
import { RoutesTab } from './RoutesTab';

describe('RoutesTab', () => {
  it('shows the protection at work, the way in and the place in words', async () => {
    renderOnEntityPage(<RoutesTab />);
    expect(await screen.findByText('1 pod ejected now')).toBeVisible();
    expect(screen.getByText(/0\.4 req\/s turned away/)).toBeVisible();
    expect(screen.getByText(/terminates TLS \(SIMPLE\)/)).toBeVisible();
    expect(screen.getByText(/stay in the caller’s zone/)).toBeVisible();
  });

  it.each([
    ['not told by the proxies', {}, /do not expose envoy_cluster_/],
    [
      'at rest',
      { ejectedPods: 0, overflowsPerSecond: 0 },
      /no pod ejected now.*no request turned away/,
    ],
  ])('says of protection that is %s what it is', async (_, counters, words) => {
    const view = { ...routesView(), counters };
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes: jest.fn(async () => view) }),
    });
    const term = await screen.findByText('Protection');
    expect(term.nextElementSibling).toHaveTextContent(words);
  });

  it('says which backend is refused, and that callers do not know the service', async () => {
    const view = routesView();
    view.outOfScope = 'Sidecar orion/default does not import this service.';
    view.rules[2].destinations[0].refused = {
      status: 500,
      why: 'no ReferenceGrant lets HTTPRoute orion/a refer to it',
    };
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes: jest.fn(async () => view) }),
    });
    expect(
      await screen.findByText(/Answered 500: no ReferenceGrant/),
    ).toBeVisible();
    expect(screen.getByText(view.outOfScope)).toBeVisible();
  });

  it('answers first, then shows the rules in their order with shares in words', async () => {
    renderOnEntityPage(<RoutesTab />);
    expect(
      await screen.findByText(/2\.1 % of requests to the canary fail/),
    ).toBeVisible();
    expect(screen.getByText(/Needs attention/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'See Canary' })).toHaveAttribute(
      'href',
      '/catalog/default/component/auth-service/mesh-canary',
    );

    const rules = within(
      screen.getByRole('list', { name: 'Rules' }),
    ).getAllByRole('listitem', { name: /^Rule/ });
    expect(rules.map(rule => rule.getAttribute('aria-label'))).toEqual([
      'Rule 1: login',
      'Rule 2: testers',
      'Rule 3',
    ]);
    expect(rules[0]).toHaveTextContent('POST /api/auth/login*');
    expect(rules[0]).toHaveTextContent('retries 2×, 5 s each');
    expect(rules[0]).toHaveTextContent('90 % (now 89.7 %)');
    expect(rules[0]).toHaveTextContent('10 % (now 10.3 %)');
    expect(rules[0]).toHaveTextContent('canary of auth-service, port 8080');
    expect(rules[0]).toHaveTextContent('2.1 % errors');
    expect(rules[1]).toHaveTextContent('1 pod');
    // Without a split there is nothing to hold the live share against.
    expect(rules[1]).not.toHaveTextContent('now');
    expect(screen.getByText('at most 1,000 requests at once')).toBeVisible();
    expect(
      screen.getByText(/auth\.orion\.example\.com, terminates TLS/),
    ).toBeVisible();
    expect(
      screen.getByText('2 callers seen: gateway-service, legacy-batch'),
    ).toBeVisible();
  });

  it.each([
    ['no-pods', 'No pod is behind this: these requests fail with 503.'],
    ['no-such-subset', /No DestinationRule defines this subset/],
    ['no-such-service', /There is no such service/],
  ] as const)('says what %s means', async (state, words) => {
    const view = routesView();
    view.rules[1].destinations[0] = {
      ...view.rules[1].destinations[0],
      state,
      pods: 0,
      readyPods: 0,
    };
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes: jest.fn(async () => view) }),
    });
    expect(await screen.findByText(words)).toBeVisible();
  });

  it('says what happens without any rule, gateway, caller or protection', async () => {
    const view = {
      ...routesView(),
      rules: [],
      waysIn: [],
      callers: [],
      protection: [],
      counters: {},
    };
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes: jest.fn(async () => view) }),
    });
    expect(await screen.findByText(/No rule applies/)).toBeVisible();
    expect(screen.getByText(/No gateway leads here/)).toBeVisible();
    expect(screen.getByText(/None seen/)).toBeVisible();
    const term = screen.getByText('Protection');
    expect(term.nextElementSibling).toHaveTextContent(
      /^None: no limit on connections, and failing pods are not ejected\.$/,
    );
  });

  it('opens a rule with its lines marked and the findings of its object', async () => {
    const { user } = renderOnEntityPage(<RoutesTab />);
    await user.click(
      await screen.findByRole('button', { name: 'Show YAML of rule 2' }),
    );
    const drawer = await screen.findByRole('dialog', {
      name: 'Rule 2: testers',
    });
    expect(drawer).toHaveTextContent('spec.http[1], lines 33 to 41');
    const marked = drawer.querySelectorAll('mark');
    expect(marked[0]).toHaveTextContent('- name: testers');
    expect(marked).toHaveLength(9);
    await user.click(within(drawer).getByRole('button', { name: 'Close' }));
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );

    await user.click(screen.getByRole('button', { name: /outlierDetection/ }));
    const second = await screen.findByRole('dialog', {
      name: 'DestinationRule orion/auth-service',
    });
    expect(second).toHaveTextContent('Rename consecutiveErrors');
    expect(second.querySelector('mark')).toHaveTextContent(
      'consecutiveErrors: 5',
    );
  });

  it('tries a request: marks the rule that takes it and why others do not', async () => {
    const { user, api } = renderOnEntityPage(<RoutesTab />);
    const path = await screen.findByLabelText('Path');
    await user.clear(path);
    await user.type(path, '/api/auth/me');
    await user.type(screen.getByLabelText('Headers'), 'x-a=1, x-b=2=3');
    await user.click(screen.getByRole('button', { name: 'Which rule?' }));

    expect(
      await screen.findByText(/Rule 3\. It takes everything/),
    ).toBeVisible();
    expect(api.tryRoute).toHaveBeenCalledWith(
      { entityRef: 'component:default/auth-service', placement: production.id },
      {
        method: 'GET',
        path: '/api/auth/me',
        headers: { 'x-a': '1', 'x-b': '2=3' },
        fromNamespace: 'orion',
      },
    );
    const rule = (name: string) => screen.getByRole('listitem', { name });
    expect(rule('Rule 3')).toHaveTextContent('takes your request');
    expect(rule('Rule 1: login')).toHaveTextContent(
      'skipped: the method is not POST',
    );
    expect(rule('Rule 2: testers')).toHaveTextContent(
      'skipped: header x-canary is absent',
    );
  });

  it('marks no rule of the page where a caller elsewhere meets other rules', async () => {
    const { user } = renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({
        tryRoute: async () => ({
          rule: { id: 'only for billing', number: 1 },
          sentence: 'Rule 1, because it takes everything.',
          skipped: [],
          destinations: [],
        }),
      }),
    });
    await screen.findByLabelText('Path');
    await user.click(screen.getByRole('button', { name: 'Which rule?' }));
    expect(
      await screen.findByText('Rule 1, because it takes everything.'),
    ).toBeVisible();
    const rules = screen.getByRole('list', { name: 'Rules' });
    expect(rules).not.toHaveTextContent(/takes your request|not reached/);
  });

  it('does not send a request it cannot read', async () => {
    const { user, api } = renderOnEntityPage(<RoutesTab />);
    await user.type(await screen.findByLabelText('Headers'), 'x-canary');
    expect(
      await screen.findByText('"x-canary" is not of the form name=value.'),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Which rule?' })).toBeDisabled();
    expect(api.tryRoute).not.toHaveBeenCalled();
  });

  it('names a source that is down, since when and what is missing, and keeps the rest', async () => {
    const view = { ...routesView(), sources: prometheusDown(NOON) };
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes: jest.fn(async () => view) }),
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(/Prometheus does not answer since \d/);
    expect(alert).toHaveTextContent('It refuses connections.');
    expect(alert).toHaveTextContent('Rates, shares and latencies are missing.');
    expect(screen.getByRole('list', { name: 'Rules' })).toBeVisible();
  });

  it('shows an error with a remedy and recovers from it', async () => {
    const routes = jest
      .fn<Promise<RoutesView>, []>()
      .mockRejectedValueOnce(responseError(503, 'upstream is restarting'))
      .mockResolvedValue(routesView());
    const page = renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes }),
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The mesh backend is not available');
    expect(alert).toHaveTextContent('upstream is restarting');

    await page.refresh();
    expect(await screen.findByRole('list', { name: 'Rules' })).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keeps the last good state with its age when a refresh fails', async () => {
    const routes = jest
      .fn<Promise<RoutesView>, []>()
      .mockResolvedValueOnce(routesView())
      .mockRejectedValue(new TypeError('Failed to fetch'));
    const page = renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes }),
    });
    await screen.findByRole('list', { name: 'Rules' });
    await page.refresh();
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(/does not answer.*last known state, \d+ s/);
    expect(screen.getByRole('list', { name: 'Rules' })).toBeInTheDocument();
  });

  it('says which permission is missing', async () => {
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({
        routes: jest.fn(async () => {
          throw responseError(403, 'Unauthorized');
        }),
      }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'mesh.service.read',
    );
  });

  it('says which lines an entity without annotation lacks', async () => {
    const { api } = renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ placements: jest.fn(async () => noAnnotationView) }),
    });
    expect(
      await screen.findByRole('heading', {
        name: 'This entity does not say which Kubernetes Service it is',
      }),
    ).toBeVisible();
    expect(
      screen.getByRole('region', { name: 'Lines to add' }),
    ).toHaveTextContent('backstage.io/kubernetes-id: auth-service');
    expect(
      screen.getByRole('button', { name: 'Copy these lines' }),
    ).toBeVisible();
    expect(api.routes).not.toHaveBeenCalled();
  });

  it('shows the placements it has and says why others are missing', async () => {
    renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({
        placements: jest.fn(async () => ({
          ...placementsView,
          problems: [
            {
              code: 'cluster-unreachable' as const,
              message: 'Cluster dr does not answer.',
              fix: 'Ask its team.',
            },
          ],
        })),
      }),
    });
    expect(await screen.findByText(/Cluster dr does not answer/)).toBeVisible();
    expect(await screen.findByRole('list', { name: 'Rules' })).toBeVisible();
  });

  it('switches the placement and never shows the one left behind', async () => {
    const late = deferred<RoutesView>();
    const routes = jest.fn(async ({ placement }: { placement: string }) =>
      placement === production.id
        ? late.promise
        : { ...routesView(NOON, staging), host: 'staging-host', rules: [] },
    );
    const page = renderOnEntityPage(<RoutesTab />, {
      api: mockMeshApi({ routes }),
    });
    await waitFor(() => expect(routes).toHaveBeenCalledTimes(1));
    await page.choose(/Placement/, 'staging · orion · auth-service');
    expect(await screen.findByText(/for staging-host/)).toBeVisible();
    await page.addressHas('placement=staging%3Aorion%3Aauth-service');

    late.resolve({ ...routesView(), host: 'production-host' });
    await page.refresh();
    await waitFor(() => expect(routes).toHaveBeenCalledTimes(3));
    expect(screen.getByText(/for staging-host/)).toBeVisible();
    expect(screen.queryByText(/production-host/)).not.toBeInTheDocument();
  });

  it('reads placement and time window from the address', async () => {
    const { api, choose, addressHas } = renderOnEntityPage(<RoutesTab />, {
      search: `?placement=${staging.id}&window=1h`,
    });
    await waitFor(() =>
      expect(api.routes).toHaveBeenCalledWith(
        expect.objectContaining({ placement: staging.id }),
        { window: '1h' },
      ),
    );
    await choose(/Time window/, 'Last 5 min');
    await addressHas('window=5m');
    await waitFor(() =>
      expect(api.routes).toHaveBeenLastCalledWith(
        expect.objectContaining({ placement: staging.id }),
        { window: '5m' },
      ),
    );
  });

  it('says so where the address names a placement that is gone', async () => {
    renderOnEntityPage(<RoutesTab />, { search: '?placement=old:orion:auth' });
    expect(
      await screen.findByText(/no placement old:orion:auth any more/),
    ).toBeVisible();
    expect(await screen.findByRole('list', { name: 'Rules' })).toBeVisible();
  });
});
