import type { CanaryVersion } from '@meshdeck/plugin-mesh-common';

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
