import { useDeferredValue, useMemo, useState } from 'react';
import type { SpanRow } from './spanRows';
import { spanWords } from '../requestWords';

/** Which spans have a text in their name, service or tags, and which of them is looked at. */
export function useSpanSearch(options: {
  rows: SpanRow[];
  namespace: string;
  onFound: (row: SpanRow) => void;
}) {
  const { rows, namespace, onFound } = options;
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const wanted = useDeferredValue(text).trim().toLocaleLowerCase();
  const found = useMemo(
    () =>
      wanted
        ? rows.filter(
            row => !row.repeated && textOf(row, namespace).includes(wanted),
          )
        : [],
    [rows, wanted, namespace],
  );
  const matches = useMemo(
    () => new Set(found.map(({ span }) => span)),
    [found],
  );

  const go = (step: 1 | -1) => {
    if (found.length === 0) return;
    const from = at < 0 && step < 0 ? 0 : at;
    const next = (from + step + found.length) % found.length;
    setAt(next);
    onFound(found[next]);
  };
  return {
    text,
    isSearching: wanted !== '',
    count: found.length,
    /** From 1; 0 where none is looked at yet. */
    current: Math.min(at + 1, found.length),
    /** Several of a kind match where one of them does. */
    isMatch: ({ span, repeated }: SpanRow) =>
      repeated
        ? repeated.spans.some(each => matches.has(each))
        : matches.has(span),
    search: (next: string) => {
      setText(next);
      setAt(-1);
    },
    go,
  };
}

function textOf({ span }: SpanRow, namespace: string): string {
  return [
    span.service,
    span.operation,
    spanWords(span, namespace),
    ...Object.values(span.tags),
  ]
    .join('\n')
    .toLocaleLowerCase();
}
