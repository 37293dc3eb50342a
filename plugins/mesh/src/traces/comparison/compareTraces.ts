import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';

/** All spans of one operation of a service in a trace. */
export interface OperationTime {
  spans: number;
  /** Of all of them together; those that ran side by side count twice. */
  totalMs: number;
}

/** One operation in two traces; absent from the one where it did not happen. */
export interface ComparedOperation {
  service: string;
  operation: string;
  first?: OperationTime;
  second?: OperationTime;
  /** Positive where the second trace took longer. */
  differenceMs: number;
}

function timesByOperation(spans: TraceSpan[]) {
  const times = new Map<string, OperationTime>();
  for (const { service, operation, durationMs } of spans) {
    const key = JSON.stringify([service, operation]);
    const { spans: count, totalMs } = times.get(key) ?? {
      spans: 0,
      totalMs: 0,
    };
    times.set(key, { spans: count + 1, totalMs: totalMs + durationMs });
  }
  return times;
}

/** Where the time went in the one trace and not in the other; the largest difference first. */
export function compareTraces(
  one: TraceView,
  other: TraceView,
): ComparedOperation[] {
  const firsts = timesByOperation(one.spans);
  const seconds = timesByOperation(other.spans);
  return [...new Set([...firsts.keys(), ...seconds.keys()])]
    .map(key => {
      const [service, operation]: [string, string] = JSON.parse(key);
      const first = firsts.get(key);
      const second = seconds.get(key);
      return {
        service,
        operation,
        first,
        second,
        differenceMs: (second?.totalMs ?? 0) - (first?.totalMs ?? 0),
      };
    })
    .sort((a, b) => Math.abs(b.differenceMs) - Math.abs(a.differenceMs));
}
