import { MeasuredSpan, ReadTrace, traceView } from './traceView';

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

export function otlpTrace(
  traceId: string,
  resources: readonly OtlpResourceSpans[],
): ReadTrace {
  return traceView(traceId, listOf(resources).flatMap(spansOf));
}

/** Attributes as text. */
export function tagsOf(
  attributes: readonly OtlpAttribute[] | undefined,
): Record<string, string> {
  return Object.fromEntries(
    listOf(attributes)
      .filter(attribute => typeof attribute?.key === 'string')
      .map(({ key, value }) => [key, textOf(value)]),
  );
}

function spansOf(resource: OtlpResourceSpans): (MeasuredSpan | undefined)[] {
  const { 'service.name': service = 'unknown', ...shared } = tagsOf(
    resource?.resource?.attributes,
  );
  return [
    ...listOf(resource?.scopeSpans),
    ...listOf(resource?.instrumentationLibrarySpans),
  ]
    .flatMap(scope => listOf(scope?.spans))
    .map(span => measuredSpan(span, { service, shared }));
}

function measuredSpan(
  span: OtlpSpan | undefined,
  { service, shared }: { service: string; shared: Record<string, string> },
): MeasuredSpan | undefined {
  if (!span) {
    return undefined;
  }
  const startUs = microsecondsOf(span.startTimeUnixNano);
  const endUs = isUnset(span.endTimeUnixNano)
    ? startUs
    : microsecondsOf(span.endTimeUnixNano);
  return {
    spanId: hexId(span.spanId) ?? '',
    parentSpanId: hexId(span.parentSpanId),
    operation: String(span.name ?? ''),
    service,
    startUs,
    durationUs: endUs - startUs,
    tags: { ...shared, ...tagsOf(span.attributes), ...fieldsOf(span) },
  };
}

/** What should be a list may be anything. */
export function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

/** What is a field of OpenTelemetry's spans and a tag of Jaeger's. */
function fieldsOf({ kind, status }: OtlpSpan): Record<string, string> {
  const name =
    typeof kind === 'number'
      ? KINDS[kind]
      : String(kind ?? '')
          .replace('SPAN_KIND_', '')
          .toLowerCase();
  const isError = status?.code === 2 || status?.code === 'STATUS_CODE_ERROR';
  return {
    ...(name && name !== 'unspecified' ? { 'span.kind': name } : {}),
    ...(isError ? { error: 'true' } : {}),
  };
}

/** Ids come in hexadecimal digits or, from Tempo 2, in base64; undefined for none. */
function hexId(id: string | undefined): string | undefined {
  if (typeof id !== 'string' || /^0*$/.test(id)) {
    return undefined;
  }
  return /^[0-9a-f]{16}$/i.test(id)
    ? id.toLowerCase()
    : Buffer.from(id, 'base64').toString('hex');
}

/** Nanoseconds since 1970 are more than a number holds exactly. NaN for what is none. */
export function microsecondsOf(nanos: string | number | undefined): number {
  const text = String(nanos);
  if (!/^\d{1,20}$/.test(text)) {
    return NaN;
  }
  const whole = BigInt(text);
  return Number(whole / 1000n) + Number(whole % 1000n) / 1000;
}

/** A span that never ended says 0, or nothing. */
function isUnset(nanos: string | number | undefined): boolean {
  return Number(nanos ?? 0) === 0;
}

function textOf(value: Record<string, unknown> | undefined): string {
  const [content] = Object.values(value ?? {});
  return typeof content === 'object' ? JSON.stringify(content) : `${content}`;
}
