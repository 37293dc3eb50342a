import {
  ownTimes,
  type TraceSpan,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';
import { spanWords } from '../requestWords';

/** All spans of one operation of a service in a trace. */
export interface OperationTime {
  spans: number;
  /** In which they were at work themselves, all of them together; those that ran side by side count twice. */
  ownMs: number;
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

function timesByOperation(spans: TraceSpan[], namespace: string) {
  const own = ownTimes(spans);
  const times = new Map<string, OperationTime>();
  for (const span of spans) {
    const key = JSON.stringify([span.service, spanWords(span, namespace)]);
    const { spans: count, ownMs } = times.get(key) ?? { spans: 0, ownMs: 0 };
    times.set(key, {
      spans: count + 1,
      ownMs: ownMs + (own.get(span.spanId) ?? 0),
    });
  }
  return times;
}

/**
 * Where the time went in the one trace and not in the other; the largest difference first. Whoever only waited for another
 * is not to blame.
 */
export function compareTraces(
  one: TraceView,
  other: TraceView,
  namespace: string,
): ComparedOperation[] {
  const firsts = timesByOperation(one.spans, namespace);
  const seconds = timesByOperation(other.spans, namespace);
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
        differenceMs: (second?.ownMs ?? 0) - (first?.ownMs ?? 0),
      };
    })
    .sort((a, b) => Math.abs(b.differenceMs) - Math.abs(a.differenceMs));
}
