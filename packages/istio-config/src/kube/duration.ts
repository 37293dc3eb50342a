const UNIT_NANOS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const NANOS_PER_MS = 1e6;
const AMOUNT = '(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:ns|us|µs|ms|s|m|h)';
const DURATION = new RegExp(`^[+-]?(?:0|(?:${AMOUNT})+)$`);

/**
 * Nanoseconds of a Go duration such as `1m30s`, `-0.5s` or `0`; undefined where it is none.
 * Source: golang time/format.go, ParseDuration. @public
 */
export function parseDurationNanos(text: unknown): number | undefined {
  if (typeof text !== 'string' || !DURATION.test(text)) {
    return undefined;
  }
  const total = [...text.matchAll(new RegExp(AMOUNT, 'g'))].reduce(
    (sum, [part]) => {
      const [unit] = /[a-zµ]+$/.exec(part)!;
      return sum + Number(part.slice(0, -unit.length)) * UNIT_NANOS[unit];
    },
    0,
  );
  return text.startsWith('-') ? -total : total;
}

/** Milliseconds of a Go duration; undefined where it is none, or negative. @public */
export function parseDurationMs(text: unknown): number | undefined {
  const nanos = parseDurationNanos(text);
  return nanos === undefined || nanos < 0 ? undefined : nanos / NANOS_PER_MS;
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
