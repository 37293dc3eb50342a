import type { DrawnTrace } from '../jaeger/Traces';
import { TempoSpan } from './TempoSpan';
import type { Value, ValuesOf } from './traceql/matchSpan';

/** A drawn trace as Tempo sees it. */
export class TempoTrace {
  static create(drawn: DrawnTrace): TempoTrace {
    return new TempoTrace(
      drawn.id,
      drawn.spans.map(draft => TempoSpan.create(draft, drawn)),
    );
  }

  private constructor(
    /** 32 hexadecimal digits. */
    readonly id: string,
    readonly spans: readonly TempoSpan[],
  ) {}

  get root(): TempoSpan {
    return this.spans[0];
  }

  get durationNanos(): number {
    const start = this.root.startNanos;
    return Math.max(
      ...this.spans.map(
        span => Number(span.startNanos - start) + span.durationNanos,
      ),
    );
  }

  /** How a query reads one of the spans. */
  valuesOf(span: TempoSpan): ValuesOf {
    return field => {
      if (field.type === 'attribute') {
        const { scope, name } = field;
        const values: Value[] = [];
        if (scope !== 'resource' && Object.hasOwn(span.attributes, name)) {
          values.push(span.attributes[name]);
        }
        if (scope !== 'span' && Object.hasOwn(span.resource, name)) {
          values.push(span.resource[name]);
        }
        return values;
      }
      switch (field.name) {
        case 'name':
          return [span.draft.operation];
        case 'status':
          return [span.status];
        case 'statusMessage':
          return [''];
        case 'kind':
          return [span.draft.kind];
        case 'duration':
          return [span.durationNanos];
        case 'traceDuration':
          return [this.durationNanos];
        case 'rootName':
          return [this.root.draft.operation];
        case 'rootServiceName':
          return [this.root.service];
        case 'trace:id':
          return [this.id];
        default:
          return [span.draft.id];
      }
    };
  }
}
