const UNITS_US: Record<string, number> = {
  ns: 0.001,
  us: 1,
  µs: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** A duration as Go reads it, such as `1.5s` or `1m30s`, in microseconds; undefined where it is none. */
export function goDurationUs(text: string): number | undefined {
  if (!/^([0-9.]+(ns|us|µs|ms|s|m|h))+$/.test(text)) {
    return undefined;
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(
    /([0-9.]+)(ns|us|µs|ms|s|m|h)/g,
  )) {
    total += Number(amount) * UNITS_US[unit];
  }
  return Number.isFinite(total) ? total : undefined;
}
