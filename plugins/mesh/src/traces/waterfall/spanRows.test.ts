import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { hidingRows, rowsAbove, spanRows, unfolded } from './spanRows';

const rowsOf = (spans: TraceSpan[]) => spanRows(spans, 'orion');

function span(
  spanId: string,
  parentSpanId?: string,
  more: Partial<TraceSpan> = {},
): TraceSpan {
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
    ...more,
  };
}

describe('spanRows', () => {
  it('knows how deep a span is and how many are below it', () => {
    const rows = rowsOf([
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
    const folded = ['b', 'lost'];
    const shown = unfolded(rows, ({ id }) => folded.includes(id));
    expect(shown.map(row => row.span.spanId)).toEqual(['a', 'b', 'd', 'lost']);
  });

  it('puts siblings that repeat each other below a row of their own, with what is below them', () => {
    const query = { operation: 'query' };
    const rows = rowsOf([
      span('root'),
      span('q1', 'root', query),
      span('below q1', 'q1'),
      span('q2', 'root', query),
      span('q3', 'root', query),
      span('other', 'root'),
      span('q4', 'root', query),
    ]);
    expect(
      rows.map(({ id, depth, below, spansBelow, repeated }) => [
        repeated ? `×${repeated.spans.length}, ${repeated.totalMs} ms` : id,
        depth,
        below,
        spansBelow,
      ]),
    ).toEqual([
      ['root', 0, 7, 6],
      ['×3, 3 ms', 1, 4, 4],
      ['q1', 2, 1, 1],
      ['below q1', 3, 0, 0],
      ['q2', 2, 0, 0],
      ['q3', 2, 0, 0],
      ['other', 1, 0, 0],
      ['q4', 1, 0, 0],
    ]);
    const hiding = (spanId: string) =>
      hidingRows(rows, each => each.spanId === spanId).map(
        ({ depth }) => depth,
      );
    expect(hiding('below q1')).toEqual([1]);
    // The row of all of them stands for each.
    expect(hiding('q1')).toEqual([]);
    expect(rowsAbove(rows, rows[3]).map(({ depth }) => depth)).toEqual([
      2, 1, 0,
    ]);
  });

  it('does not put together what ended differently', () => {
    const rows = rowsOf([
      span('root'),
      ...['500', '503', '503'].map((status, index) =>
        span(`q${index}`, 'root', {
          operation: 'query',
          tags: { 'http.status_code': status },
        }),
      ),
    ]);
    expect(rows.some(({ repeated }) => repeated)).toBe(false);
  });

  it('takes ten thousand siblings and a chain as long', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      span(`m${index}`, 'root', { operation: 'same' }),
    );
    const began = performance.now();
    expect(rowsOf([span('root'), ...many])[1].spansBelow).toBe(10_000);
    const chain = many.map((each, index) => ({
      ...each,
      parentSpanId: index ? `m${index - 1}` : undefined,
    }));
    expect(rowsOf(chain)).toHaveLength(10_000);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});
