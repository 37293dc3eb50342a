import type { Series } from '../sources/prometheus/PrometheusSource';

const KEY = [
  'destination_service_namespace',
  'destination_service_name',
  'destination_canonical_revision',
  'response_code',
  'connection_security_policy',
];

/** What is left of sums over all callers when what some callers are known to have sent is taken out. */
export function withoutNamed(
  sums: readonly Series[],
  named: readonly Series[],
): Series[] {
  const taken = new Map<string, number>();
  for (const series of named) {
    const key = keyOf(series);
    taken.set(key, (taken.get(key) ?? 0) + lastOf(series));
  }
  return sums.map(series => {
    const less = taken.get(keyOf(series));
    return less === undefined
      ? series
      : {
          ...series,
          // Two answers of one moment, each rounded by itself.
          points: [[0, Math.max(0, lastOf(series) - less)]],
        };
  });
}

function keyOf({ labels }: Series): string {
  return KEY.map(name => labels[name] ?? '').join(' ');
}

function lastOf({ points }: Series): number {
  return points.at(-1)?.[1] ?? 0;
}
