import type { TraceSpan } from '@meshdeck/plugin-mesh-common';

/** A time inside a span in which nothing below it ran. */
export interface Gap {
  span: TraceSpan;
  startMs: number;
  durationMs: number;
}

/** Where the tracing does not tell what the time went by with; spans with nothing below them explain themselves. */
export function longestGap(spans: TraceSpan[]): Gap | undefined {
  const below = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    if (span.parentSpanId !== undefined) {
      const siblings = below.get(span.parentSpanId);
      if (siblings) siblings.push(span);
      else below.set(span.parentSpanId, [span]);
    }
  }
  let longest: Gap | undefined;
  for (const span of spans) {
    const children = below.get(span.spanId);
    if (!children) continue;
    const end = span.startMs + span.durationMs;
    const inOrder = [...children].sort((a, b) => a.startMs - b.startMs);
    let covered = span.startMs;
    const consider = (until: number) => {
      const durationMs = Math.min(until, end) - covered;
      if (durationMs > (longest?.durationMs ?? 0)) {
        longest = { span, startMs: covered, durationMs };
      }
    };
    for (const child of inOrder) {
      consider(child.startMs);
      covered = Math.max(covered, child.startMs + child.durationMs);
    }
    consider(end);
  }
  return longest;
}
