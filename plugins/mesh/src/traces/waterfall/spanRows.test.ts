import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { spanRows, unfolded } from './spanRows';

function span(spanId: string, parentSpanId?: string): TraceSpan {
  return {
    spanId,
    parentSpanId,
    operation: spanId,
    service: 's',
    startMs: 0,
    durationMs: 1,
    error: false,
    critical: false,
    tags: {},
  };
}

describe('spanRows', () => {
  it('knows how deep a span is and how many are below it', () => {
    const rows = spanRows([
      span('a'),
      span('b', 'a'),
      span('c', 'b'),
      span('d', 'a'),
      span('lost', 'never came'),
      span('e', 'lost'),
    ]);
    expect(rows.map(({ depth, below }) => [depth, below])).toEqual([
      [0, 3],
      [1, 1],
      [2, 0],
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    const shown = unfolded(rows, new Set(['b', 'lost']));
    expect(shown.map(row => row.span.spanId)).toEqual(['a', 'b', 'd', 'lost']);
  });
});
