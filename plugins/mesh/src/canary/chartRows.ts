import type { CanaryVersion, Figure } from '@meshdeck/plugin-mesh-common';

/** One moment with the value of each version that has one. */
export interface ChartRow {
  /** Epoch seconds. */
  time: number;
  values: Record<string, number>;
}

/** Lays the courses of one figure of all versions over each other. */
export function chartRows(
  versions: CanaryVersion[],
  figureOf: (version: CanaryVersion) => Figure,
): ChartRow[] {
  const rows = new Map<number, ChartRow>();
  for (const version of versions) {
    for (const [time, value] of figureOf(version).points) {
      const row = rows.get(time) ?? { time, values: {} };
      row.values[version.subset] = value;
      rows.set(time, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.time - b.time);
}

/** From the first to the last moment that any chart shows, so that all have the same axis. */
export function timeSpan(
  versions: CanaryVersion[],
): [number, number] | undefined {
  const times = versions.flatMap(({ errorShare, p99Ms, saturation }) =>
    [errorShare, p99Ms, saturation.share].flatMap(({ points }) =>
      points.map(([time]) => time),
    ),
  );
  return times.length ? [Math.min(...times), Math.max(...times)] : undefined;
}
