import { loginTrace } from '../../__fixtures__/traces';
import { longestGap } from './longestGap';

describe('longestGap', () => {
  it('finds the time in a span that none below it explains', () => {
    const spans = loginTrace().spans.filter(({ spanId }) => spanId !== 'e');
    expect(longestGap(spans)).toMatchObject({
      span: { spanId: 'd' },
      startMs: 9,
      durationMs: 101,
    });
  });

  it('does not take overlapping spans, nor spans that outlive their parent, for gaps', () => {
    const [root, child] = loginTrace().spans;
    const below = { ...child, parentSpanId: root.spanId };
    expect(
      longestGap([
        root,
        { ...below, spanId: 'x', startMs: 0, durationMs: 100 },
        { ...below, spanId: 'y', startMs: 50, durationMs: 500 },
      ]),
    ).toBeUndefined();
  });
});
