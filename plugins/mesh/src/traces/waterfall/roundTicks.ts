const STEPS = [1, 2, 5, 10];
const MOST_STEPS = 6;

/** 0, 100, 200 …: round times up to the end of an axis, at most seven of them. */
export function roundTicks(durationMs: number): number[] {
  const least = durationMs / MOST_STEPS;
  const decade = 10 ** Math.floor(Math.log10(least));
  // A hair more than the least is that, too: 0.6 / 6 is not quite 0.1.
  const step =
    decade * (STEPS.find(each => each * decade >= least * 0.999) ?? 10);
  const count = Math.floor(durationMs / step + 0.001);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
