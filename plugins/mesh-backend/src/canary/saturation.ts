import type { ResourceUse, Saturation } from '@meshdeck/plugin-mesh-common';
import { figure } from '../metrics/figure';
import type { PodUse } from '../metrics/MetricsService';
import type { MeasuredPods } from './measuredPods';

/** From this share of a limit on a version is nearly full. */
const NEARLY_FULL = 0.9;

const RESOURCES = ['cpu', 'memory'] as const;

type Points = readonly [number, number][];

/** How full the pods of a version are; `use` is absent where Prometheus did not say. */
export function saturationOf(
  measured: MeasuredPods,
  use: PodUse | undefined,
): Saturation {
  const found = RESOURCES.map(resource => readUse(resource, measured, use));
  return {
    share: figure(highest(found.flatMap(({ trends }) => trends))),
    uses: found
      .map(({ said }) => said)
      .sort((a, b) => (b.share ?? -1) - (a.share ?? -1)),
    podsAsked: measured.group.pods.length,
  };
}

function readUse(
  resource: ResourceUse['resource'],
  { group, bounds }: MeasuredPods,
  use: PodUse | undefined,
): { said: ResourceUse; trends: Points[] } {
  const all = [...bounds[resource]];
  const unlimited = all.flatMap(([name, bound]) => (bound ? [] : [name]));
  const say = (
    said: Pick<ResourceUse, 'state' | 'share' | 'container' | 'of'>,
  ) => ({
    resource,
    unlimited,
    nearlyFull: said.of === 'limit' && (said.share ?? 0) >= NEARLY_FULL,
    ...said,
  });
  if (group.pods.length === 0) {
    return { said: say({ state: 'unknown' }), trends: [] };
  }
  if (unlimited.length === all.length) {
    return { said: say({ state: 'unlimited' }), trends: [] };
  }
  if (!use) {
    return { said: say({ state: 'unknown' }), trends: [] };
  }
  const shares = all.flatMap(([container, bound]) => {
    const used = use[resource].get(container) ?? [];
    return bound && used.length > 0
      ? [
          {
            container,
            of: bound.of,
            trend: used.map(([at, amount]): [number, number] => [
              at,
              amount / bound.amount,
            ]),
          },
        ]
      : [];
  });
  const trends = shares.map(({ trend }) => trend);
  const [fullest] = shares
    .map(({ container, of, trend }) => ({
      container,
      of,
      share: figure(trend).value ?? 0,
    }))
    .sort((a, b) => b.share - a.share);
  return {
    said: say(
      fullest ? { state: 'known', ...fullest } : { state: 'unmeasured' },
    ),
    trends,
  };
}

/** At each time the highest of some time series. */
function highest(trends: readonly Points[]): Points {
  const most = new Map<number, number>();
  for (const [at, value] of trends.flat()) {
    most.set(at, Math.max(most.get(at) ?? value, value));
  }
  return [...most].sort(([a], [b]) => a - b);
}
