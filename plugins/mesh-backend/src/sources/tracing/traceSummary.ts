import {
  ownTimes,
  spanRequest,
  spanVersion,
  type TracedParty,
  type TraceSpan,
  type TraceSummary,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';

/** One line of a list, as the service sees it: operation and status are those of its own first span. */
export function traceSummary(
  view: TraceView,
  isOwn: (span: TraceSpan) => boolean,
): TraceSummary {
  const own = view.spans.find(isOwn) ?? view.spans[0];
  const atFirst = spanRequest(view.spans[0].tags);
  // What came from outside of the mesh begins with a span that may know nothing of HTTP.
  const { method, path } = atFirst.path ? atFirst : spanRequest(own.tags);
  return {
    traceId: view.traceId,
    start: view.start,
    operation: own.operation,
    durationMs: view.durationMs,
    spans: view.spans.length,
    services: [...new Set(view.spans.map(span => span.service))],
    outcome: view.spans.some(span => span.error) ? 'error' : 'ok',
    status: spanRequest(own.tags).status,
    method,
    path,
    failure: view.failure,
    slowest: slowestBeside(own.service, view.spans),
  };
}

/** The other service that took the most time itself, in the version that took most of that. */
function slowestBeside(
  service: string,
  spans: readonly TraceSpan[],
): TracedParty | undefined {
  const times = ownTimes(spans);
  const parties = new Map<string, { ms: number; slowest: TraceSpan }>();
  const timeOf = (span: TraceSpan) => times.get(span.spanId) ?? 0;
  for (const span of spans) {
    if (span.service !== service) {
      const { ms, slowest } = parties.get(span.service) ?? {
        ms: 0,
        slowest: span,
      };
      parties.set(span.service, {
        ms: ms + timeOf(span),
        slowest: timeOf(span) > timeOf(slowest) ? span : slowest,
      });
    }
  }
  const [most] = [...parties.values()].sort((a, b) => b.ms - a.ms);
  return (
    most && {
      service: most.slowest.service,
      version: spanVersion(most.slowest.tags),
    }
  );
}
