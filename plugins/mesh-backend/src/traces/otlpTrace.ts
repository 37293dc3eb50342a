import type { TraceView } from '@meshdeck/plugin-mesh-common';
import { MeasuredSpan, traceView } from './traceView';

/** The JSON of OpenTelemetry's protocol, as far as a trace is read. */
export interface OtlpResourceSpans {
  resource?: { attributes?: OtlpAttribute[] };
  scopeSpans?: { spans?: OtlpSpan[] }[];
  /** Before OpenTelemetry 0.15 scopes had another name, and Tempo kept it for long. */
  instrumentationLibrarySpans?: { spans?: OtlpSpan[] }[];
}

export interface OtlpAttribute {
  key: string;
  value?: Record<string, unknown>;
}

interface OtlpSpan {
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  kind?: string | number;
  startTimeUnixNano?: string | number;
  endTimeUnixNano?: string | number;
  attributes?: OtlpAttribute[];
  status?: { code?: string | number };
}

const KINDS = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

/** Undefined for a trace without spans. */
export function otlpTrace(
  traceId: string,
  resources: readonly OtlpResourceSpans[],
): TraceView | undefined {
  return traceView(traceId, resources.flatMap(spansOf));
}

/** Attributes as text. */
export function tagsOf(
  attributes: readonly OtlpAttribute[] | undefined,
): Record<string, string> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [key, textOf(value)]),
  );
}

function spansOf(resource: OtlpResourceSpans): MeasuredSpan[] {
  const { 'service.name': service = 'unknown', ...shared } = tagsOf(
    resource.resource?.attributes,
  );
  return [
    ...(resource.scopeSpans ?? []),
    ...(resource.instrumentationLibrarySpans ?? []),
  ]
    .flatMap(({ spans }) => spans ?? [])
    .map(span => {
      const startUs = microseconds(span.startTimeUnixNano);
      return {
        spanId: hexId(span.spanId) ?? '',
        parentSpanId: hexId(span.parentSpanId),
        operation: span.name ?? '',
        service,
        startUs,
        durationUs: Math.max(microseconds(span.endTimeUnixNano) - startUs, 0),
        tags: { ...shared, ...tagsOf(span.attributes), ...fieldsOf(span) },
      };
    });
}

/** What is a field of OpenTelemetry's spans and a tag of Jaeger's. */
function fieldsOf({ kind, status }: OtlpSpan): Record<string, string> {
  const name =
    typeof kind === 'number'
      ? KINDS[kind]
      : kind?.replace('SPAN_KIND_', '').toLowerCase();
  const isError = status?.code === 2 || status?.code === 'STATUS_CODE_ERROR';
  return {
    ...(name && name !== 'unspecified' ? { 'span.kind': name } : {}),
    ...(isError ? { error: 'true' } : {}),
  };
}

/** Ids come in hexadecimal digits or, from Tempo 2, in base64; undefined for none. */
function hexId(id: string | undefined): string | undefined {
  if (!id || /^0+$/.test(id)) {
    return undefined;
  }
  return /^[0-9a-f]{16}$/i.test(id)
    ? id.toLowerCase()
    : Buffer.from(id, 'base64').toString('hex');
}

/** Nanoseconds since 1970 are more than a number holds exactly. */
function microseconds(nanos: string | number | undefined): number {
  const text = String(nanos ?? 0);
  if (!/^\d{1,20}$/.test(text)) {
    return 0;
  }
  const whole = BigInt(text);
  return Number(whole / 1000n) + Number(whole % 1000n) / 1000;
}

function textOf(value: Record<string, unknown> | undefined): string {
  const [content] = Object.values(value ?? {});
  return typeof content === 'object' ? JSON.stringify(content) : `${content}`;
}
