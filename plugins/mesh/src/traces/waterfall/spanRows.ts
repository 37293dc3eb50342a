import {
  responseFlags,
  spanRequest,
  type TraceSpan,
} from '@meshdeck/plugin-mesh-common';
import { spanWords } from '../requestWords';

/** Fewer of a kind are told apart at a glance. */
const LEAST_REPEATED = 3;

/** Spans side by side that say the same, as one row. */
export interface Repeated {
  spans: TraceSpan[];
  /** Of all of them together. */
  totalMs: number;
}

/** A span, or several that repeat each other, where they stand in the tree. */
export interface SpanRow {
  id: string;
  /** The first, of several. */
  span: TraceSpan;
  repeated?: Repeated;
  /** From 0. */
  depth: number;
  /** How many rows are below it, at any depth. */
  below: number;
  /** How many spans. */
  spansBelow: number;
}

/** A span with its place in the list, before repeated ones are put together. */
interface Placed {
  span: TraceSpan;
  depth: number;
  /** The place behind the last span below it. */
  end: number;
}

/**
 * Gives each span its depth, and repeated siblings a row above them. Spans come in depth-first order, one whose parent is
 * missing starts a tree of its own.
 */
export function spanRows(spans: TraceSpan[], namespace: string): SpanRow[] {
  const placed = placedSpans(spans);
  const repeatedAt = repeatedSiblings(placed, namespace);
  const rows: SpanRow[] = [];
  /** The ends of the groups around a place. */
  const around: number[] = [];
  placed.forEach(({ span, depth }, index) => {
    while (around.length && around[around.length - 1] <= index) around.pop();
    const nothingBelow = { below: 0, spansBelow: 0 };
    const group = repeatedAt.get(index);
    if (group) {
      const { end, repeated } = group;
      rows.push({
        id: groupId(span),
        span,
        repeated,
        depth: depth + around.length,
        ...nothingBelow,
      });
      around.push(end);
    }
    rows.push({
      id: span.spanId,
      span,
      depth: depth + around.length,
      ...nothingBelow,
    });
  });
  return counted(rows);
}

/** Leaves out what is below a folded row. */
export function unfolded(
  rows: SpanRow[],
  isFolded: (row: SpanRow) => boolean,
): SpanRow[] {
  const shown: SpanRow[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    shown.push(row);
    if (isFolded(row)) index += row.below;
  }
  return shown;
}

/** Of the rows of several spans those that would hide, deeper than the spans themselves, something that matters. */
export function hidingRows(
  rows: SpanRow[],
  matters: (span: TraceSpan) => boolean,
): SpanRow[] {
  return rows.filter(
    ({ repeated, depth, below }, index) =>
      repeated &&
      rows
        .slice(index + 1, index + 1 + below)
        .some(row => row.depth > depth + 1 && matters(row.span)),
  );
}

/** The rows above one, the nearest first. */
export function rowsAbove(rows: SpanRow[], row: SpanRow): SpanRow[] {
  const above: SpanRow[] = [];
  let { depth } = row;
  for (let index = rows.indexOf(row) - 1; index >= 0 && depth > 0; index--) {
    if (rows[index].depth < depth) {
      above.push(rows[index]);
      depth = rows[index].depth;
    }
  }
  return above;
}

function groupId({ spanId }: TraceSpan): string {
  return `several ${spanId}`;
}

function placedSpans(spans: TraceSpan[]): Placed[] {
  const depths = new Map<string, number>();
  const open: Placed[] = [];
  const placed = spans.map((span, index) => {
    const parent =
      span.parentSpanId === undefined
        ? undefined
        : depths.get(span.parentSpanId);
    const depth = parent === undefined ? 0 : parent + 1;
    depths.set(span.spanId, depth);
    while (open.length && open[open.length - 1].depth >= depth) {
      open.pop()!.end = index;
    }
    const place = { span, depth, end: spans.length };
    open.push(place);
    return place;
  });
  return placed;
}

/** The runs of siblings that say the same, by the place of the first. */
function repeatedSiblings(placed: Placed[], namespace: string) {
  const found = new Map<number, { end: number; repeated: Repeated }>();
  const isSeen = new Set<number>();
  placed.forEach(({ depth, span }, start) => {
    if (isSeen.has(start)) return;
    const kind = kindOf(span, namespace);
    const spans: TraceSpan[] = [];
    let next = start;
    while (
      placed[next]?.depth === depth &&
      placed[next].span.parentSpanId === span.parentSpanId &&
      kindOf(placed[next].span, namespace) === kind
    ) {
      isSeen.add(next);
      spans.push(placed[next].span);
      next = placed[next].end;
    }
    if (spans.length >= LEAST_REPEATED) {
      const totalMs = spans.reduce((sum, each) => sum + each.durationMs, 0);
      found.set(start, { end: next, repeated: { spans, totalMs } });
    }
  });
  return found;
}

function kindOf(span: TraceSpan, namespace: string): string {
  return JSON.stringify([
    span.service,
    spanWords(span, namespace),
    span.error,
    span.failed,
    spanRequest(span.tags).status,
    responseFlags(span.tags),
  ]);
}

function counted(rows: SpanRow[]): SpanRow[] {
  const open: SpanRow[] = [];
  for (const row of rows) {
    while (open.length && open[open.length - 1].depth >= row.depth) open.pop();
    for (const ancestor of open) {
      ancestor.below += 1;
      ancestor.spansBelow += row.repeated ? 0 : 1;
    }
    open.push(row);
  }
  return rows;
}
