const VALUE_STEPS = [1, 2, 5, 10];
const TIME_STEPS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600];
const MOST_STEPS = 5;

/**
 * From zero in even steps to the highest value or just above it.
 *
 * @param finest - the smallest step whose ends read differently
 */
export function valueTicks(highest: number, finest: number): number[] {
  const rough = Math.max(highest / MOST_STEPS, finest);
  const decade = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const step =
    VALUE_STEPS.map(each => each * decade).find(
      each => each >= rough * (1 - 1e-9),
    ) ?? 10 * decade;
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** Round times between two moments, in epoch seconds. */
export function timeTicks([from, to]: [number, number]): number[] {
  const step =
    TIME_STEPS.find(each => (to - from) / each <= MOST_STEPS) ??
    TIME_STEPS[TIME_STEPS.length - 1];
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}
