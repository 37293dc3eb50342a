import { SpanDraft, serviceNameOf } from '../jaeger/SpanDraft';
import { isFailed, Requester, requesterOf, spanTags } from '../jaeger/spanTags';
import type { DrawnTrace } from '../jaeger/Traces';
import type { Value } from './traceql/matchSpan';

/** What is no attribute in OpenTelemetry but a field of the span. */
const FIELDS = ['span.kind', 'error'];

/** A span as OpenTelemetry has it. Its attributes are written only when somebody reads them. */
export class TempoSpan {
  static create(draft: SpanDraft, trace: DrawnTrace): TempoSpan {
    return new TempoSpan(draft, trace);
  }

  private requester: Requester | undefined;
  private written: Readonly<Record<string, Value>> | undefined;

  private constructor(
    readonly draft: SpanDraft,
    private readonly trace: DrawnTrace,
  ) {}

  get service(): string {
    return serviceNameOf(this.draft.workload);
  }

  get status(): 'error' | 'unset' {
    return isFailed(this.draft) ? 'error' : 'unset';
  }

  /** Since 1970. */
  get startNanos(): bigint {
    return BigInt(Math.round(this.draft.startUs)) * 1_000n;
  }

  get durationNanos(): number {
    return Math.round(this.draft.durationUs) * 1_000;
  }

  get resource(): Readonly<Record<string, Value>> {
    const { namespace, name, pods } = this.draft.workload;
    return {
      'service.name': this.service,
      'k8s.namespace.name': namespace,
      'k8s.pod.name': pods[0]?.metadata.name ?? name,
    };
  }

  get attributes(): Readonly<Record<string, Value>> {
    const { id, profile, set } = this.trace;
    this.requester ??= requesterOf(id, profile);
    this.written ??= Object.fromEntries(
      spanTags(this.draft, this.requester, set)
        .filter(({ key }) => !FIELDS.includes(key))
        .map(({ key, value }) => [key, value]),
    );
    return this.written;
  }
}
