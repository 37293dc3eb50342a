import { madeUpRule } from '../__testUtils__/ruleNames';
import { MeshObjects, workloads } from '@meshdeck/istio-config';
import type { CanaryVersion } from '@meshdeck/plugin-mesh-common';
import fc from 'fast-check';
import { trimObject } from '../cluster/trimObject';
import { podUseQuery } from '../sources/prometheus/podQueries';
import { selecting } from '../sources/prometheus/promql';
import { measuredPods } from './measuredPods';
import { saturationOf } from './saturation';
import { handVerdict } from './splitVerdict';

type Resources = Record<string, Record<string, unknown>>;

function pod(
  name: string,
  resources: Record<string, Resources | undefined>,
  more: object = {},
) {
  return trimObject({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'a' },
    spec: {
      containers: Object.entries(resources).map(([container, own]) => ({
        name: container,
        resources: own,
      })),
      ...more,
    },
  });
}

const pods = (...objects: ReturnType<typeof pod>[]) =>
  workloads(MeshObjects.create(objects));

const steady = (amount: number): [number, number][] => [
  [0, amount / 2],
  [60, amount],
];

const LIMITED = {
  requests: { cpu: '100m', memory: '64Mi' },
  limits: { cpu: '500m', memory: '128Mi' },
};

describe('saturationOf', () => {
  const [measured] = measuredPods([pods(pod('x', { app: LIMITED }))]);

  it('is what the fullest container uses of its limit, of CPU and memory the fuller', () => {
    const both = measuredPods([
      pods(
        pod('x', {
          app: LIMITED,
          'istio-proxy': { limits: { cpu: '2', memory: '1Gi' } },
        }),
      ),
    ])[0];
    const { share, uses } = saturationOf(both, {
      cpu: new Map([
        ['app', steady(0.3)],
        ['istio-proxy', steady(0.2)],
      ]),
      memory: new Map([
        ['app', steady(64 * 2 ** 20)],
        ['istio-proxy', steady(100 * 2 ** 20)],
      ]),
    });
    expect(uses).toMatchObject([
      { resource: 'cpu', container: 'app', of: 'limit', share: 0.6 },
      { resource: 'memory', container: 'app', of: 'limit', share: 0.5 },
    ]);
    expect(share).toEqual({
      value: 0.6,
      points: [
        [0, 0.3],
        [60, 0.6],
      ],
    });
  });

  it.each([
    [
      'CPU of the request where there is no limit',
      { requests: { cpu: '100m' }, limits: { memory: '128Mi' } },
      {
        resource: 'cpu',
        state: 'known',
        of: 'request',
        share: 1.5,
        nearlyFull: false,
      },
    ],
    [
      'no memory of a request, which nothing enforces',
      { requests: { cpu: '1', memory: '64Mi' } },
      { resource: 'memory', state: 'unlimited', unlimited: ['app'] },
    ],
    [
      'nothing where the quantity is none',
      { limits: { cpu: 'much', memory: '0' } },
      { resource: 'cpu', state: 'unlimited', unlimited: ['app'] },
    ],
  ])('%s', (_name, resources, expected) => {
    const [own] = measuredPods([pods(pod('x', { app: resources }))]);
    const { uses } = saturationOf(own, {
      cpu: new Map([['app', steady(0.15)]]),
      memory: new Map([['app', steady(2 ** 20)]]),
    });
    expect(uses).toContainEqual(expect.objectContaining(expected));
  });

  it('names containers without a limit beside one with', () => {
    const [own] = measuredPods([
      pods(pod('x', { app: undefined, 'istio-proxy': LIMITED })),
    ]);
    const { uses } = saturationOf(own, {
      cpu: new Map([['istio-proxy', steady(0.1)]]),
      memory: new Map(),
    });
    expect(uses).toMatchObject([
      { resource: 'cpu', container: 'istio-proxy', unlimited: ['app'] },
      { resource: 'memory', state: 'unmeasured', unlimited: ['app'] },
    ]);
  });

  it('tells no series from no answer and from no pods', () => {
    const empty = { cpu: new Map(), memory: new Map() };
    const states = (found: ReturnType<typeof saturationOf>) =>
      found.uses.map(({ state }) => state);
    expect(states(saturationOf(measured, empty))).toEqual([
      'unmeasured',
      'unmeasured',
    ]);
    expect(states(saturationOf(measured, undefined))).toEqual([
      'unknown',
      'unknown',
    ]);
    expect(states(saturationOf(measuredPods([[]])[0], empty))).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  it('is in the first sentence where a limit is near', () => {
    const saturation = saturationOf(measured, {
      cpu: new Map([['app', steady(0.1)]]),
      memory: new Map([['app', steady(120 * 2 ** 20)]]),
    });
    const version = (subset: string, weight: number, more: object = {}) =>
      ({
        subset,
        weight,
        pods: 1,
        readyPods: 1,
        errorShare: { points: [], value: 0 },
        saturation: { share: { points: [] }, uses: [] },
        ...more,
      } as unknown as CanaryVersion);
    expect(
      handVerdict(
        { id: 'kubernetes', status: 'ok' },
        [version('stable', 90), version('canary', 10, { saturation })],
        {
          object: madeUpRule().object,
          rules: [
            {
              rule: madeUpRule(),
              number: 1,
              requests: ['everything'],
              weights: { stable: 90, canary: 10 },
            },
          ],
        },
      ),
    ).toMatchObject({
      level: 'warning',
      sentence:
        'canary gets 10 % beside stable; canary is nearly full: 93.8 % of the memory limit of app. Raise the limit or add pods before it gets more requests.',
    });
  });
});

describe('measuredPods', () => {
  it('counts a native sidecar and no container that has ended', () => {
    const [{ group, bounds }] = measuredPods([
      pods(
        pod(
          'x',
          { app: LIMITED },
          {
            initContainers: [
              { name: 'istio-init', resources: LIMITED },
              {
                name: 'istio-proxy',
                restartPolicy: 'Always',
                resources: LIMITED,
              },
            ],
          },
        ),
      ),
    ]);
    expect(group.containers).toEqual(['app', 'istio-proxy']);
    expect(bounds.cpu.get('istio-proxy')).toEqual({ amount: 0.5, of: 'limit' });
  });

  it('keeps the query short, however many pods and versions there are', () => {
    const many = pods(
      ...Array.from({ length: 500 }, (_, index) =>
        pod(`p-${index}-${'x'.repeat(240)}`, { app: LIMITED }),
      ),
    );
    for (const versions of [1, 2, 50]) {
      const measured = measuredPods(Array(versions).fill(many));
      const asked = measured.reduce(
        (sum, { group }) => sum + group.pods.length,
        0,
      );
      expect(asked).toBe(60);
      const query = podUseQuery(
        measured
          .map(({ group }) => group)
          .filter(({ pods: named }) => named.length > 0),
        '2m',
        selecting(),
      );
      expect(query.length).toBeLessThan(40_000);
    }
  });

  it('takes every name literally', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
        (podName, container) => {
          const query = podUseQuery(
            [{ namespace: 'a', pods: [podName], containers: [container] }],
            '2m',
            selecting(),
          );
          const outside = query.replace(/"(?:[^"\\]|\\.)*"/g, '""');
          expect(outside).toBe(
            'label_replace(avg(sum(rate(container_cpu_usage_seconds_total{namespace="",pod=~"",container=~""}[2m])) by (pod,container)) by (container),"","","","") or ' +
              'label_replace(avg(sum(container_memory_working_set_bytes{namespace="",pod=~"",container=~""}) by (pod,container)) by (container),"","","","")',
          );
        },
      ),
    );
  });
});

describe('a pod in the store', () => {
  it('keeps CPU and memory of its containers, shared with the other pods of its template', () => {
    const [a, b] = ['a', 'b'].map(name =>
      pod(name, {
        app: {
          requests: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '9Gi' },
          claims: { x: 1 },
        },
      }),
    );
    expect(a.spec.containers[0].resources).toEqual({
      requests: { cpu: '1', memory: '1Gi' },
    });
    expect(b.spec.containers[0].resources).toBe(a.spec.containers[0].resources);
    expect(
      pod('c', { app: { limits: { cpu: 'x'.repeat(1000) } } }).spec
        .containers[0].resources,
    ).toBeUndefined();
  });
});
