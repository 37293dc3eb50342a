import type {
  TraceDependencies,
  TraceNeighbour,
  TraceSpan,
  TraceView,
} from '@meshdeck/plugin-mesh-common';

/** Who calls a service and whom it calls, counted in some traces; the busiest first. */
export function dependenciesOf(
  traces: readonly TraceView[],
  isOwn: (span: TraceSpan) => boolean,
): TraceDependencies {
  const callers = new Map<string, TraceNeighbour>();
  const callees = new Map<string, TraceNeighbour>();
  for (const { spans } of traces) {
    const byId = new Map(spans.map(span => [span.spanId, span]));
    for (const span of spans) {
      const parent = byId.get(span.parentSpanId ?? '');
      if (parent && parent.service !== span.service) {
        if (isOwn(span)) {
          count(callers, parent.service, span.error);
        }
        if (isOwn(parent)) {
          count(callees, span.service, span.error);
        }
      }
    }
  }
  return {
    traces: traces.length,
    callers: busiestFirst(callers),
    callees: busiestFirst(callees),
  };
}

function count(
  neighbours: Map<string, TraceNeighbour>,
  service: string,
  isError: boolean,
): void {
  const known = neighbours.get(service) ?? { service, calls: 0, errors: 0 };
  neighbours.set(service, {
    service,
    calls: known.calls + 1,
    errors: known.errors + Number(isError),
  });
}

function busiestFirst(neighbours: Map<string, TraceNeighbour>) {
  return [...neighbours.values()].sort(
    (a, b) => b.calls - a.calls || a.service.localeCompare(b.service),
  );
}
