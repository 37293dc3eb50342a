import type { TempoSpan } from './TempoSpan';
import type { TempoTrace } from './TempoTrace';
import type { Value } from './traceql/matchSpan';

/** How ids are written: Tempo 2 has base64, later ones hexadecimal digits. */
export type IdFormat = 'base64' | 'hex';

const KINDS = {
  client: 'SPAN_KIND_CLIENT',
  server: 'SPAN_KIND_SERVER',
  internal: 'SPAN_KIND_INTERNAL',
};

/** A trace's spans by resource, in the JSON of OpenTelemetry's protocol. */
export function writeResourceSpans(trace: TempoTrace, ids: IdFormat): object[] {
  const byResource = new Map<string, TempoSpan[]>();
  for (const span of trace.spans) {
    const key = JSON.stringify(span.resource);
    byResource.set(key, [...(byResource.get(key) ?? []), span]);
  }
  const write = (hex: string) =>
    ids === 'hex' ? hex : Buffer.from(hex, 'hex').toString('base64');
  return [...byResource.values()].map(spans => ({
    resource: { attributes: keyValues(spans[0].resource) },
    scopeSpans: [
      {
        scope: {},
        spans: spans.map(span => writeSpan(trace, span, write)),
      },
    ],
  }));
}

function writeSpan(
  { id }: TempoTrace,
  span: TempoSpan,
  write: (hex: string) => string,
): object {
  const { draft, startNanos, durationNanos, attributes, status } = span;
  return {
    traceId: write(id),
    spanId: write(draft.id),
    ...(draft.parentId === undefined
      ? {}
      : { parentSpanId: write(draft.parentId) }),
    name: draft.operation,
    kind: KINDS[draft.kind],
    startTimeUnixNano: String(startNanos),
    endTimeUnixNano: String(startNanos + BigInt(durationNanos)),
    attributes: keyValues(attributes),
    status: status === 'error' ? { code: 'STATUS_CODE_ERROR' } : {},
  };
}

export function keyValues(values: Readonly<Record<string, Value>>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: anyValue(value),
  }));
}

export function anyValue(value: Value): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    default:
      return Number.isInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: value };
  }
}
