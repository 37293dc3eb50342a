import type { FleetRow } from '@meshdeck/plugin-mesh-common';
import { component } from '../__testUtils__/startPortal';
import { controlPlaneVerdict } from './controlPlaneVerdict';
import { toCsv } from './fleetCsv';
import { FleetEntities } from './FleetEntities';
import { fleetQueries } from './fleetQueries';
import { pageOf } from './fleetOrder';
import { coverageOf, fleetVerdict, KnownRow, summaryOf } from './fleetRows';
import { LastKnown } from './LastKnown';
import { imageVersion, skewOf } from './proxyVersions';

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

describe('versions', () => {
  it.each([
    ['docker.io/istio/proxyv2:1.29.2', '1.29.2'],
    ['registry:5000/istio/proxyv2:1.29.2-distroless', '1.29.2'],
    ['istio/proxyv2:1.29.2@sha256:abc', '1.29.2'],
    ['registry:5000/istio/proxyv2', undefined],
    ['istio/proxyv2@sha256:abc', undefined],
    [undefined, undefined],
  ])('reads %s as %s', (image, version) => {
    expect(imageVersion(image)).toBe(version);
  });

  it.each([
    ['1.29.2', ['1.29.2'], 'none'],
    ['1.29.0', ['1.29.2'], 'allowed'],
    ['1.28.3', ['1.29.2'], 'allowed'],
    ['1.27.3', ['1.29.2'], 'behind'],
    ['1.30.0', ['1.29.2'], 'ahead'],
    ['1.28.0', ['1.29.2', '1.30.0'], 'allowed'],
    ['latest', ['1.29.2'], 'unknown'],
    ['1.29.2', [], 'unknown'],
  ])('%s beside %j is %s', (version, istiod, skew) => {
    expect(skewOf(version, istiod)).toBe(skew);
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
      summaryOf([], 1200),
      '1,200 services · not looked at yet, they follow by themselves',
    ],
    [summaryOf([], 0), 'No service is known yet.'],
  ])('says %j as "%s"', (summary, sentence) => {
    expect(fleetVerdict(summary).sentence).toBe(sentence);
  });
});

describe('controlPlaneVerdict', () => {
  const well = {
    kubernetes: { id: 'kubernetes', status: 'ok' } as const,
    rootNamespace: 'istio-system',
    nowMs: Date.parse('2026-11-20T12:00:00Z'),
    istiod: [{ name: 'istiod', version: '1.29.2', pods: 1, readyPods: 1 }],
    proxies: [
      {
        component: 'sidecar',
        version: '1.29.2',
        count: 10,
        skew: 'none',
      } as const,
    ],
    connectedProxies: 10,
    pushErrorsPerSecond: 0,
    certificates: [],
  };

  it.each<
    [string, Partial<Parameters<typeof controlPlaneVerdict>[0]>, string, RegExp]
  >([
    ['in sync', {}, 'ok', /^In sync: istiod 1\.29\.2, 10 proxies/],
    [
      'the cluster away',
      { kubernetes: { id: 'kubernetes', status: 'down', message: 'Gone.' } },
      'unknown',
      /^Gone\.$/,
    ],
    [
      'no istiod',
      { istiod: [], connectedProxies: undefined },
      'warning',
      /^No istiod runs in namespace istio-system/,
    ],
    [
      'istiod elsewhere',
      { istiod: [] },
      'ok',
      /^istiod runs outside this cluster; 10 proxies are connected/,
    ],
    [
      'istiod down',
      { istiod: [{ name: 'istiod', pods: 1, readyPods: 0 }] },
      'error',
      /^No pod of istiod is ready/,
    ],
    [
      'one replica down',
      { istiod: [{ name: 'istiod', pods: 2, readyPods: 1 }] },
      'warning',
      /^1 of 2 pods of istiod are ready/,
    ],
    ['rejects', { pushErrorsPerSecond: 0.1 }, 'warning', /^Pushes fail/],
    [
      'a root that ends',
      {
        certificates: [
          {
            of: 'root of the mesh',
            endsAt: '2026-12-20T12:00:00Z',
            from: 'metrics',
          },
        ],
      },
      'warning',
      /root of the mesh ends in 30 days/,
    ],
    [
      'a gateway whose certificate ended',
      {
        certificates: [
          {
            of: 'gateway a/b',
            endsAt: '2026-11-19T12:00:00Z',
            from: 'secret',
          },
        ],
      },
      'error',
      /gateway a\/b has ended/,
    ],
    [
      'proxies out of touch',
      { connectedProxies: 5 },
      'warning',
      /^5 of 10 proxies are not connected/,
    ],
    [
      'old proxies',
      {
        proxies: [
          {
            component: 'sidecar',
            version: '1.26.0',
            count: 10,
            skew: 'behind',
          },
        ],
      },
      'warning',
      /1\.26\.0 is behind\. Restart their pods/,
    ],
    [
      'slow pushes',
      { convergenceP99Ms: 20_000 },
      'warning',
      /^A change takes 20 s/,
    ],
  ])('%s', (_name, more, level, words) => {
    const verdict = controlPlaneVerdict({ ...well, ...more });
    expect(verdict.level).toBe(level);
    expect(verdict.sentence).toMatch(words);
  });
});

describe('FleetEntities', () => {
  const entities = FleetEntities.of([
    component('auth', {
      'backstage.io/kubernetes-id': 'auth',
      'backstage.io/kubernetes-namespace': 'orion',
      'backstage.io/kubernetes-cluster': 'demo',
    }),
    component('deal', { 'meshdeck.io/services': 'autolytiq/deal' }),
  ]);
  const facts = {
    namespace: 'orion',
    service: 'auth',
    entityRefs: [],
    kubernetesIds: ['auth'],
  };

  it.each([
    ['the label', 'demo', facts, 'component:default/auth'],
    ['the label in another cluster', 'moon', facts, undefined],
    [
      'the label in another namespace',
      'demo',
      { ...facts, namespace: 'shop' },
      undefined,
    ],
    [
      'the entity that names the Service',
      'demo',
      {
        namespace: 'autolytiq',
        service: 'deal',
        entityRefs: [],
        kubernetesIds: [],
      },
      'component:default/deal',
    ],
    [
      'the Service that names the entity',
      'demo',
      { ...facts, entityRefs: ['component:default/deal'] },
      'component:default/deal',
    ],
    [
      'an entity that is not there',
      'demo',
      { ...facts, entityRefs: ['component:default/gone'] },
      undefined,
    ],
    [
      'the first that is there',
      'demo',
      {
        ...facts,
        entityRefs: ['component:default/gone', 'component:default/deal'],
      },
      'component:default/deal',
    ],
  ])('goes by %s', (_name, cluster, own, ref) => {
    expect(entities.find(cluster, own)?.ref).toBe(ref);
  });
});

describe('LastKnown', () => {
  it('shows the old while it asks for the new, once for all', async () => {
    let now = 0;
    let asked = 0;
    const kept = LastKnown.create({
      now: () => now,
      renew: async () => {
        asked += 1;
        return asked;
      },
    });
    const get = () =>
      kept.get({
        isFresh: (_value, ageMs) => ageMs < 10,
        isUsable: (_value, ageMs) => ageMs < 100,
      });
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
    now = 20;
    expect(await get()).toBe(1);
    await new Promise(setImmediate);
    expect(await get()).toBe(2);
    now = 500;
    expect(await get()).toBe(3);
  });

  it('lets nobody wait longer than their patience', async () => {
    const kept = LastKnown.create<number>({
      renew: () => new Promise(() => {}),
    });
    expect(
      await kept.get({
        isFresh: () => true,
        isUsable: () => true,
        patienceMs: 5,
      }),
    ).toBeUndefined();
  });
});

describe('fleetQueries', () => {
  it('sums on the server, and leaves out what is nothing', () => {
    expect(fleetQueries.arrived('1m')).toBe(
      'sum(rate(istio_requests_total{reporter=~"destination|waypoint"}[1m])) by (destination_service_namespace,destination_service_name,response_code,connection_security_policy) > 0',
    );
  });
});
