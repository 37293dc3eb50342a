import type { Figure } from '@meshdeck/plugin-mesh-common';

/** More than any chart can show. */
const DIGITS = 6;

/** A time series with its last value as that of now. */
export function figure(points: readonly [number, number][]): Figure {
  const short = points.map(([at, value]): [number, number] => [
    at,
    Number(value.toPrecision(DIGITS)),
  ]);
  return { value: short.at(-1)?.[1], points: short };
}
