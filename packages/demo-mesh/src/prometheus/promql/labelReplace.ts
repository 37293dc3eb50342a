import { anchored } from './parseSelector';
import { QueryError } from './QueryError';
import { labelOf, Row } from './values';

/** `label_replace`: sets a label from a pattern over another; rows that do not match stay as they are. */
export function labelReplace(
  rows: readonly Row[],
  change: {
    target: string;
    replacement: string;
    source: string;
    pattern: string;
  },
): Row[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(change.target)) {
    throw QueryError.execution(
      `invalid destination label name in label_replace(): ${change.target}`,
    );
  }
  const pattern = anchored(change.pattern);
  return rows.map(row => {
    const found = pattern.exec(labelOf(row.labels, change.source));
    if (!found) {
      return row;
    }
    const value = change.replacement.replace(
      /\$(?:(\d+)|\{(\w+)\}|(\w+))/g,
      (_, digits, braced, word) => {
        const group = digits ?? braced ?? word;
        return (
          (/^\d+$/.test(group)
            ? found[Number(group)]
            : found.groups?.[group]) ?? ''
        );
      },
    );
    const { [change.target]: _, ...rest } = row.labels;
    return {
      ...row,
      labels: value === '' ? rest : { ...rest, [change.target]: value },
    };
  });
}
