import type { FleetRow } from '@meshdeck/plugin-mesh-common';
import { toCsv } from './fleetCsv';
import { pageOf } from './fleetOrder';
import type { Series } from '../sources/prometheus/PrometheusSource';
import type { FleetFacts } from './fleetFacts';
import type { KnownNumbers } from './FleetNumbers';
import {
  coverageOf,
  fleetVerdict,
  KnownRow,
  summaryOf,
  toRow,
} from './fleetRows';

function row(service: string, more: Partial<FleetRow> = {}): FleetRow {
  return {
    placement: {
      id: `demo:shop:${service}`,
      cluster: 'demo',
      namespace: 'shop',
      service,
    },
    dataPlane: 'sidecar',
    verdict: { level: 'ok', sentence: 'All right.' },
    findings: { error: 0, warning: 0, info: 0 },
    proxyVersions: [],
    pods: 1,
    readyPods: 1,
    ...more,
  };
}

const known = (service: string, more: Partial<FleetRow> = {}): KnownRow => ({
  row: row(service, more),
  text: service,
});

describe('toCsv', () => {
  it.each([
    ['=cmd|calc!A1', "'=cmd|calc!A1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=1,"2"', `"'=1,""2"""`],
    ['two\nlines', '"two\nlines"'],
    ['plain', 'plain'],
  ])('writes %j so that no spreadsheet runs it', (sentence, cell) => {
    const csv = toCsv([row('a', { verdict: { level: 'ok', sentence } })]);
    expect(csv).toContain(`,ok,${cell},sidecar,`);
  });

  it('leaves numbers alone', () => {
    expect(toCsv([row('a', { requestsPerSecond: 1.5 })])).toContain(
      ',sidecar,1.5,,',
    );
  });
});

describe('pageOf', () => {
  const seen = () => false;

  it.each([true, false])(
    'keeps unknown numbers last, descending: %s',
    descending => {
      const rows = [
        known('a'),
        known('b', { errorShare: 0.1 }),
        known('c', { errorShare: 0.2 }),
      ];
      const page = pageOf(rows, {
        sort: 'errors',
        descending,
        limit: 10,
        seen,
      });
      expect(page.rows.at(-1)?.row.placement.service).toBe('a');
    },
  );

  it('skips and repeats nothing while rows come and go', () => {
    const order = {
      sort: 'service',
      descending: false,
      limit: 2,
      seen,
    } as const;
    const first = pageOf(
      ['b', 'c', 'e', 'f'].map(name => known(name)),
      order,
    );
    // One before the cursor goes, one comes before it and one behind it, and the cursor's own row goes.
    const second = pageOf(
      ['a', 'b', 'd', 'e', 'f'].map(name => known(name)),
      {
        ...order,
        cursor: first.next,
      },
    );
    expect(
      second.rows.map(({ row: { placement } }) => placement.service),
    ).toEqual(['d', 'e']);
    expect(second.offset).toBe(2);
    const back = pageOf(
      ['a', 'b', 'd', 'e', 'f'].map(name => known(name)),
      {
        ...order,
        cursor: second.previous,
      },
    );
    expect(
      back.rows.map(({ row: { placement } }) => placement.service),
    ).toEqual(['a', 'b']);
  });

  it('does not sort by owners that the reader may not see', () => {
    const owned = (service: string, owner: string): KnownRow => ({
      ...known(service),
      entity: { ref: `component:default/${service}`, owner },
    });
    const { rows } = pageOf([owned('a', 'z'), owned('b', 'a')], {
      sort: 'owner',
      descending: false,
      limit: 2,
      seen,
    });
    expect(rows.map(({ row: { placement } }) => placement.service)).toEqual([
      'a',
      'b',
    ]);
  });
});

describe('coverage and summary', () => {
  const rows = [
    row('a', { requestsPerSecond: 90, mtlsShare: 1 }),
    row('b', { requestsPerSecond: 10, mtlsShare: 0 }),
    row('c', {
      dataPlane: 'none',
      verdict: { level: 'warning', sentence: 'Not in the mesh.' },
    }),
  ];

  it('weighs by requests', () => {
    expect(coverageOf(rows)).toEqual([
      {
        cluster: 'demo',
        namespace: 'shop',
        services: 3,
        outsideMesh: 1,
        requestsPerSecond: 100,
        mtlsShare: 0.9,
      },
    ]);
  });

  it.each([
    [
      summaryOf(rows, 0),
      '3 services · 1 needs attention · mTLS 90 % of requests · 1 outside the mesh',
    ],
    [
      summaryOf(rows.slice(0, 1), 1200),
      '1,201 services · none needs attention · mTLS 100 % of requests · 1,200 not looked at yet, they follow by themselves',
    ],
    [
      summaryOf(
        [
          ...rows.slice(0, 1),
          row('d', { verdict: { level: 'unknown', sentence: 'Not known.' } }),
        ],
        0,
      ),
      '2 services · none needs attention · of 1 it is not known how they run · mTLS 100 % of requests',
    ],
    [
      summaryOf([], 1200),
      '1,200 services · not looked at yet, they follow by themselves',
    ],
    [summaryOf([], 0), 'No service is known yet.'],
  ])('says %j as "%s"', (summary, sentence) => {
    expect(fleetVerdict(summary).sentence).toBe(sentence);
  });
});

describe('the fleet as a whole', () => {
  it.each([
    [['ok', 'unknown', 'warning', 'error'], 'error'],
    [['ok', 'unknown', 'warning'], 'warning'],
    [['ok', 'unknown'], 'unknown'],
    [['ok'], 'ok'],
  ] as const)('with rows %j is %s', (levels, level) => {
    const rows = levels.map(each =>
      row(each, { verdict: { level: each, sentence: '' } }),
    );
    expect(fleetVerdict(summaryOf(rows, 0)).level).toBe(level);
  });
});

describe('toRow', () => {
  const facts = {
    namespace: 'shop',
    service: 'cart',
    dataPlane: 'sidecar',
    measured: { behind: ['cart', 'cart-canary'] },
    config: {
      inMesh: true,
      workloads: [{ name: 'cart' }],
      routes: { rules: [] },
      rules: [],
      findings: [],
      openPorts: [],
      takesRequests: true,
    },
  } as unknown as FleetFacts;
  const reports = (
    labels: Record<string, string>,
    requestsPerSecond: number,
  ): Series[] => [
    {
      labels: { reporter: 'destination', ...labels },
      points: [[0, requestsPerSecond]],
    },
  ];
  const rowOf = (numbers: Partial<KnownNumbers>) =>
    toRow(facts, {
      cluster: 'demo',
      kubernetes: { id: 'kubernetes', status: 'ok' },
      numbers: { source: { id: 'prometheus', status: 'ok' }, ...numbers },
    });

  it('adds up the Services that stand behind one', () => {
    const fine = { response_code: '200' };
    const { requestsPerSecond, p99Ms, verdict } = rowOf({
      value: new Map([
        ['shop/cart', { reports: reports(fine, 9), p99Ms: 20 }],
        ['shop/cart-canary', { reports: reports(fine, 1), p99Ms: 80 }],
      ]),
    });
    expect({ requestsPerSecond, p99Ms }).toEqual({
      requestsPerSecond: 10,
      p99Ms: 80,
    });
    expect(verdict.level).toBe('ok');
  });

  it('says of alerts what the pages of the service say', () => {
    const { verdict } = rowOf({
      value: new Map(),
      alerts: [
        {
          name: 'CartSlow',
          state: 'firing',
          labels: { service: 'cart', namespace: 'shop', severity: 'page' },
          annotations: { summary: 'p99 is above 2 s' },
        },
      ],
    });
    expect(verdict).toMatchObject({
      level: 'error',
      sentence: 'The alert CartSlow is firing: p99 is above 2 s.',
    });
  });

  it('knows nothing of requests without Prometheus', () => {
    const { requestsPerSecond, verdict } = rowOf({
      source: { id: 'prometheus', status: 'down' },
    });
    expect(requestsPerSecond).toBeUndefined();
    expect(verdict.level).toBe('unknown');
  });
});
