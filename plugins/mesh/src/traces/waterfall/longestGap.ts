import type { TraceSpan } from '@meshdeck/plugin-mesh-common';

/** A time inside a span in which nothing below it ran. */
export interface Gap {
  span: TraceSpan;
  startMs: number;
  durationMs: number;
}

/** The times in a span that are covered by none of its children. */
function gapsIn(span: TraceSpan, children: TraceSpan[]): Gap[] {
  const end = span.startMs + span.durationMs;
  const gaps: Gap[] = [];
  let covered = span.startMs;
  for (const child of [...children].sort((a, b) => a.startMs - b.startMs)) {
    const durationMs = Math.min(child.startMs, end) - covered;
    gaps.push({ span, startMs: covered, durationMs });
    covered = Math.max(covered, child.startMs + child.durationMs);
  }
  gaps.push({ span, startMs: covered, durationMs: end - covered });
  return gaps.filter(({ durationMs }) => durationMs > 0);
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
    for (const gap of children ? gapsIn(span, children) : []) {
      if (gap.durationMs > (longest?.durationMs ?? 0)) longest = gap;
    }
  }
  return longest;
}
