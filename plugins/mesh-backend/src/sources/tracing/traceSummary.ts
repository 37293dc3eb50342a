import type {
  TraceSpan,
  TraceSummary,
  TraceView,
} from '@meshdeck/plugin-mesh-common';

/** One line of a list, as the service sees it: operation and status are those of its own first span. */
export function traceSummary(
  view: TraceView,
  isOwn: (span: TraceSpan) => boolean,
): TraceSummary {
  const own = view.spans.find(isOwn) ?? view.spans[0];
  return {
    traceId: view.traceId,
    start: view.start,
    operation: own.operation,
    durationMs: view.durationMs,
    spans: view.spans.length,
    services: [...new Set(view.spans.map(span => span.service))],
    outcome: view.spans.some(span => span.error) ? 'error' : 'ok',
    status: httpStatusOf(own.tags),
  };
}

/** By the name of Envoy and older OpenTelemetry, else by the newer one. */
export function httpStatusOf(tags: Record<string, string>): number | undefined {
  const status = Number(
    tags['http.status_code'] ?? tags['http.response.status_code'],
  );
  return Number.isFinite(status) && status > 0 ? status : undefined;
}
