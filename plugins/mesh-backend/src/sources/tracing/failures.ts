import {
  responseFlags,
  spanDestination,
  spanRequest,
  spanVersion,
  type TraceFailure,
  type TraceSpan,
} from '@meshdeck/plugin-mesh-common';

/** Envoy's flags of a caller that went away before it had its answer. */
const GIVEN_UP = ['DC', 'DR'];

export interface Failures {
  /** How each span failed that did, by its id. */
  failed: Map<string, 'first' | 'because'>;
  failure?: TraceFailure;
}

/**
 * Tells the spans that failed first from those that failed only because of them, and what the request failed of. Each span is
 * looked at a few times, so time is linear.
 * @param spans parents before their children
 */
export function failuresOf(spans: readonly TraceSpan[]): Failures {
  const byId = new Map(spans.map(span => [span.spanId, span]));
  const parentOf = (span: TraceSpan) => byId.get(span.parentSpanId ?? '');
  const fellBelow = causedBelow(spans, parentOf);
  const hasCause = spans.some(span => isCause(span));
  const failed: Failures['failed'] = new Map();
  const first: TraceSpan[] = [];
  for (const span of spans.filter(({ error }) => error)) {
    // Where callers only went away, and nothing says why, that is all there is to say.
    const isFirst = !fellBelow.has(span) && (isCause(span) || !hasCause);
    failed.set(span.spanId, isFirst ? 'first' : 'because');
    if (isFirst) first.push(span);
  }
  const decisive = first.filter(reachesTop(spans, parentOf));
  const [earliest] = (decisive.length ? decisive : first).sort(
    (a, b) => a.startMs - b.startMs,
  );
  if (!earliest) {
    return { failed };
  }
  const failure = failureOf(earliest, parentOf(earliest));
  const kind = kindOf(failure);
  return {
    failed,
    failure: {
      ...failure,
      spanId: earliest.spanId,
      times: first.filter(
        span => kindOf(failureOf(span, parentOf(span))) === kind,
      ).length,
    },
  };
}

/** What one span says of its failure: whom it did not reach, or whose it is. */
export function failureOf(span: TraceSpan, parent?: TraceSpan): TraceFailure {
  const { tags } = span;
  const destination = spanDestination(tags);
  const { status } = spanRequest(tags);
  const said = { status, flags: responseFlags(tags), times: 1 };
  if (destination) {
    const { host, subset } = destination;
    return { service: host, version: subset, caller: span.service, ...said };
  }
  // The application's own spans say nothing of its version; its proxy's, around them, do.
  const own = parent?.service === span.service ? parent : undefined;
  return {
    service: span.service,
    version: spanVersion(tags) ?? (own && spanVersion(own.tags)),
    ...said,
  };
}

/** Failures of one kind are those of one place that look alike. */
export function kindOf(failure: TraceFailure): string {
  const { service, version, status, flags } = failure;
  return JSON.stringify([service, version, status, flags]);
}

function isCause(span: TraceSpan): boolean {
  return (
    span.error &&
    !responseFlags(span.tags).some(flag => GIVEN_UP.includes(flag))
  );
}

/** The spans below which something failed that nobody made good. */
function causedBelow(
  spans: readonly TraceSpan[],
  parentOf: (span: TraceSpan) => TraceSpan | undefined,
): Set<TraceSpan> {
  const caused = new Set<TraceSpan>();
  for (const span of [...spans].reverse()) {
    const parent = parentOf(span);
    if (parent && passesOn(span) && (isCause(span) || caused.has(span))) {
      caused.add(parent);
    }
  }
  return caused;
}

/** The spans from which on up to the top all failed, or did not say. */
function reachesTop(
  spans: readonly TraceSpan[],
  parentOf: (span: TraceSpan) => TraceSpan | undefined,
): (span: TraceSpan) => boolean {
  const reaching = new Set<TraceSpan>();
  for (const span of spans) {
    const parent = parentOf(span);
    if (passesOn(span) && (!parent || reaching.has(parent))) {
      reaching.add(span);
    }
  }
  return span => reaching.has(span);
}

/** A span with a good answer made good what failed below it. */
function passesOn({ error, tags }: TraceSpan): boolean {
  return error || spanRequest(tags).status === undefined;
}
