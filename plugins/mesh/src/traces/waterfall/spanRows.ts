import type { TraceSpan } from '@meshdeck/plugin-mesh-common';

/** A span where it stands in the tree. */
export interface SpanRow {
  span: TraceSpan;
  /** From 0. */
  depth: number;
  /** How many spans are below it, at any depth. */
  below: number;
}

/** Gives each span its depth; spans come in depth-first order, one whose parent is missing starts a tree of its own. */
export function spanRows(spans: TraceSpan[]): SpanRow[] {
  const depths = new Map<string, number>();
  const rows = spans.map(span => {
    const parent =
      span.parentSpanId === undefined
        ? undefined
        : depths.get(span.parentSpanId);
    const depth = parent === undefined ? 0 : parent + 1;
    depths.set(span.spanId, depth);
    return { span, depth, below: 0 };
  });
  const open: SpanRow[] = [];
  for (const row of rows) {
    while (open.length && open[open.length - 1].depth >= row.depth) open.pop();
    for (const ancestor of open) ancestor.below += 1;
    open.push(row);
  }
  return rows;
}

/** Leaves out what is below a folded span. */
export function unfolded(rows: SpanRow[], folded: Set<string>): SpanRow[] {
  const shown: SpanRow[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    shown.push(row);
    if (folded.has(row.span.spanId)) index += row.below;
  }
  return shown;
}
