import type { TraceSpan } from '@meshdeck/plugin-mesh-common';

/** Start and duration are each rounded to a microsecond, so what came one after the other may seem to overlap by a few. */
const ROUNDING_MS = 0.005;

/**
 * The spans that made the trace as long as it was: from the end of the root backwards, always the child that ended last
 * before the point reached. Each span is looked at once for each parent, so time is linear but for the sorting.
 */
export function criticalSpans(spans: readonly TraceSpan[]): Set<string> {
  const children = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    if (span.parentSpanId) {
      const siblings = children.get(span.parentSpanId) ?? [];
      children.set(span.parentSpanId, siblings);
      siblings.push(span);
    }
  }
  const endOf = (span: TraceSpan) => span.startMs + span.durationMs;
  const [root] = spans.filter(span => !span.parentSpanId);
  const critical = new Set<string>();
  const open = root ? [{ span: root, until: endOf(root) }] : [];
  while (open.length) {
    const { span, until } = open.pop()!;
    if (critical.has(span.spanId)) {
      continue;
    }
    critical.add(span.spanId);
    let reached = Math.min(until, endOf(span));
    const lastFirst = [...(children.get(span.spanId) ?? [])].sort(
      (a, b) => endOf(b) - endOf(a),
    );
    for (const child of lastFirst) {
      if (endOf(child) <= reached + ROUNDING_MS) {
        open.push({ span: child, until: reached });
        reached = child.startMs;
      }
    }
  }
  return critical;
}
