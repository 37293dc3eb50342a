import { controlPlaneVerdict } from './controlPlaneVerdict';

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
            of: 'Mesh root CA',
            endsAt: '2026-12-20T12:00:00Z',
            from: 'metrics',
          },
        ],
      },
      'warning',
      /Mesh root CA ends in 30 days/,
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
