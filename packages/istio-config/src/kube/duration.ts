const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a Go duration such as `1m30s` or `0.5s`; undefined where it is none. @public */
export function parseDurationMs(text: unknown): number | undefined {
  if (
    typeof text !== 'string' ||
    !/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)
  ) {
    return undefined;
  }
  let total = 0;
  for (const [, amount, , unit] of text.matchAll(
    /(\d+(\.\d+)?)(ns|us|µs|ms|s|m|h)/g,
  )) {
    total += Number(amount) * UNIT_MS[unit];
  }
  return total;
}

/** `30s`, `1.5s`: as Go reads it, and protobuf, which knows no unit but seconds. @public */
export function formatDuration(ms: number): string {
  return `${Number((ms / 1000).toFixed(6))}s`;
}

/** `10 s`, `250 ms`, `1 min 30 s`: a duration as a person reads it. @public */
export function describeDuration(ms: number): string {
  if (ms < 1000) {
    return `${round(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${round(ms / 1000)} s`;
  }
  if (ms < 3_600_000) {
    const minutes = Math.floor(ms / 60_000);
    const seconds = round((ms % 60_000) / 1000);
    return seconds ? `${minutes} min ${seconds} s` : `${minutes} min`;
  }
  const hours = Math.floor(ms / 3_600_000);
  const minutes = round((ms % 3_600_000) / 60_000);
  return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
