import type { SyntaxNode } from '@lezer/common';
import { QueryError } from './QueryError';

/** An error at a place in the query, as Prometheus words it. */
export function parseError(
  text: string,
  at: number,
  message: string,
): QueryError {
  const before = text.slice(0, at).split('\n');
  const column = before[before.length - 1].length + 1;
  return QueryError.badData(
    `invalid parameter "query": ${before.length}:${column}: parse error: ${message}`,
  );
}

/** Refuses a tree with gaps: the parser itself accepts anything. */
export function refuseErrors(root: SyntaxNode, text: string): void {
  const cursor = root.cursor();
  do {
    if (cursor.type.isError) {
      const rest = text.slice(cursor.from).trim();
      throw parseError(
        text,
        cursor.from,
        rest === '' ? 'unexpected end of input' : `unexpected "${rest[0]}"`,
      );
    }
  } while (cursor.next());
}
