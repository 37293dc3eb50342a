import { fireEvent, screen, within } from '@testing-library/react';
import {
  type CanaryView,
  type ResourceUse,
  type Saturation,
} from '@meshdeck/plugin-mesh-common';
import {
  mockMeshApi,
  renderOnEntityPage,
  responseError,
} from '../__testUtils__/renderOnEntityPage';
import {
  canaryView,
  NOON,
  noAnnotationView,
  prometheusDown,
} from '../__fixtures__/views';
import { CanaryTab } from './CanaryTab';

describe('CanaryTab', () => {
  it('puts the versions side by side, with the same numbers for charts', async () => {
    renderOnEntityPage(<CanaryTab />);
    const table = await screen.findByRole('table', { name: 'Versions' });
    const cells = (row: string) =>
      within(within(table).getByRole('row', { name: new RegExp(`^${row}`) }))
        .getAllByRole('cell')
        .map(cell => cell.textContent);
    expect(cells('Weight')).toEqual(['90 % (now 89.7 %)', '10 % (now 10.3 %)']);
    expect(cells('Pods')).toEqual(['3 ready', '1 ready']);
    expect(cells('Requests')).toEqual(['108 req/s', '12 req/s']);
    expect(cells('Errors')).toEqual(['0.3 %', '2.1 %']);
    expect(cells('p50')).toEqual(['21 ms', '24 ms']);
    expect(cells('p99')).toEqual(['84 ms', '91 ms']);
    expect(cells('Saturation')).toEqual([
      'CPU 49 %CPU: 49 % of the request of auth-service, no limit setMemory: 41 % of the limit of auth-service',
      'CPU 32 %CPU: 32 % of the request of auth-service, no limit setMemory: 31 % of the limit of auth-service',
    ]);
    expect(
      screen.getByRole('list', { name: 'Errors: stable 0.3 %, canary 2.1 %' }),
    ).toBeVisible();
    for (const legend of [
      'p50: stable 21 ms, canary 24 ms',
      'p99: stable 84 ms, canary 91 ms',
      'Saturation: stable 49 %, canary 32 %',
    ]) {
      expect(screen.getByRole('list', { name: legend })).toBeVisible();
    }
    expect(screen.queryByText(/cAdvisor|were looked at/)).toBeNull();
    // Which is higher in the table is higher in each chart: less of y.
    const heights = ['stable', 'canary'].map(version =>
      [...document.querySelectorAll(`[data-version=${version}] > *`)].map(
        line => Number(line.getAttribute('points')!.split(/[ ,]/).pop()),
      ),
    );
    expect(heights.map(({ length }) => length)).toEqual([5, 5]);
    const [stable, canary] = heights;
    expect(stable.map((y, index) => y < canary[index])).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('shows in every chart what was at the moment that is pointed at in one', async () => {
    renderOnEntityPage(<CanaryTab />);
    await screen.findByRole('table', { name: 'Versions' });
    const charts = [...document.querySelectorAll('[aria-hidden] > div > svg')];
    expect(charts).toHaveLength(5);
    const readouts = () =>
      screen.queryAllByText(/^\d\d:\d\d:\d\d$/).map(time => time.parentElement);

    fireEvent.pointerMove(charts[3], { clientX: 10_000 });
    expect(readouts()).toHaveLength(5);
    expect(readouts()[1]).toHaveTextContent(/stable: 0\.2 %canary: 1\.3 %$/);
    expect(readouts()[3]).toHaveTextContent(/stable: \d+ mscanary: \d+ ms$/);
    const last = readouts()[3]!.textContent;

    fireEvent.pointerMove(charts[3], { clientX: 0 });
    expect(readouts()[3]!.textContent).not.toBe(last);
    fireEvent.pointerLeave(charts[3]);
    expect(readouts()).toEqual([]);
  });

  it('draws no line over what is not known', async () => {
    const view = canaryView();
    const [stable] = view.versions;
    const { points } = stable.p99Ms;
    stable.p99Ms = {
      ...stable.p99Ms,
      points: [...points.slice(0, 10), points[17], ...points.slice(24)],
    };
    renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({ canary: jest.fn(async () => view) }),
    });
    await screen.findByRole('table', { name: 'Versions' });
    const drawn = document.querySelectorAll('[data-version=stable]')[3];
    expect([...drawn.children].map(({ tagName }) => tagName)).toEqual([
      'polyline',
      'circle',
      'polyline',
    ]);
  });

  /** The canary with other facts about how full it is. */
  function withSaturation(
    uses: Partial<ResourceUse>[],
    more: Partial<Saturation> = {},
  ) {
    const view = canaryView();
    view.versions = view.versions.map(version => ({
      ...version,
      pods: 80,
      readyPods: 80,
      saturation: {
        ...version.saturation,
        podsAsked: 80,
        uses: version.saturation.uses.map((use, index) => ({
          ...use,
          ...uses[index],
        })),
        ...more,
      },
    }));
    renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({ canary: jest.fn(async () => view) }),
    });
  }

  it('says which numbers Prometheus does not have, and shows the others', async () => {
    withSaturation([{ state: 'unmeasured' }]);
    expect(
      await screen.findByText(
        /^No CPU numbers: Prometheus does not scrape cAdvisor \(container_cpu_usage_seconds_total\)/,
      ),
    ).toBeVisible();
    expect(screen.queryByText(/^No memory numbers/)).toBeNull();
    expect(screen.getAllByText('CPU: no numbers')).toHaveLength(2);
    expect(
      screen.getByText('Memory: 41 % of the limit of auth-service'),
    ).toBeVisible();
  });

  it('says where no limit is set', async () => {
    withSaturation([
      { state: 'unlimited', unlimited: ['auth-service'] },
      { unlimited: ['logs'], container: 'istio-proxy' },
    ]);
    expect(await screen.findAllByText('CPU: no limit set')).toHaveLength(2);
    expect(
      screen.getByText(
        'Memory: 41 % of the limit of istio-proxy; none set for logs',
      ),
    ).toBeVisible();
  });

  it('says that a version is nearly full, in words', async () => {
    withSaturation([{}, { share: 0.93, nearlyFull: true }]);
    expect(
      await screen.findAllByText(
        'Memory: 93 % of the limit of auth-service; nearly full',
      ),
    ).toHaveLength(2);
  });

  it('says that only some of many pods were looked at', async () => {
    withSaturation([], { podsAsked: 30 });
    expect(
      await screen.findByText(
        'Saturation of stable: 30 of its 80 pods were looked at.',
      ),
    ).toBeVisible();
  });

  it('draws no empty chart where no saturation is known', async () => {
    withSaturation([{ state: 'unknown' }, { state: 'unknown' }], {
      share: { points: [] },
    });
    expect(
      await screen.findByText(
        'Nothing to draw. The table of versions says why.',
      ),
    ).toBeVisible();
    expect(screen.queryByRole('list', { name: /^Saturation/ })).toBeNull();
  });

  it('says that requests to a version without pods fail', async () => {
    const view = canaryView();
    view.versions[1] = { ...view.versions[1], pods: 0, readyPods: 0 };
    renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({ canary: jest.fn(async () => view) }),
    });
    expect(await screen.findByText(/none: its requests fail/)).toBeVisible();
  });

  it('says what is missing where nothing splits traffic', async () => {
    renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({
        canary: jest.fn(async () => ({
          ...canaryView(),
          provider: 'none' as const,
          object: undefined,
          versions: [],
          rules: [],
          verdict: {
            level: 'unknown' as const,
            sentence: 'No VirtualService splits traffic between versions.',
          },
        })),
      }),
    });
    expect(
      await screen.findByText(/No VirtualService splits traffic/),
    ).toBeVisible();
    expect(screen.getByText(/A canary needs a DestinationRule/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Preview change' })).toBeNull();
  });

  it('keeps versions and weights while Prometheus is down', async () => {
    const view = { ...canaryView(), sources: prometheusDown(NOON) };
    renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({ canary: jest.fn(async () => view) }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('Prometheus');
    expect(screen.getByRole('table', { name: 'Versions' })).toBeVisible();
  });

  it('recovers from an error', async () => {
    const canary = jest
      .fn<Promise<CanaryView>, []>()
      .mockRejectedValueOnce(responseError(500, 'boom'))
      .mockResolvedValue(canaryView());
    const page = renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({ canary }),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent('boom');
    await page.refresh();
    expect(
      await screen.findByRole('table', { name: 'Versions' }),
    ).toBeVisible();
  });

  it('says which lines an entity without annotation lacks', async () => {
    renderOnEntityPage(<CanaryTab />, {
      api: mockMeshApi({ placements: jest.fn(async () => noAnnotationView) }),
    });
    expect(
      await screen.findByRole('button', { name: 'Copy these lines' }),
    ).toBeVisible();
  });
});
