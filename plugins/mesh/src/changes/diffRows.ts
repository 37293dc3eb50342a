import { diffLines } from 'diff';

/** Lines of sameness left standing around each difference. */
const CONTEXT_LINES = 3;

export type DiffRow =
  | { key: string; kind: 'added' | 'removed' | 'same'; text: string }
  | { key: string; kind: 'gap'; lines: number };

function kindOf(change: {
  added: boolean;
  removed: boolean;
}): 'added' | 'removed' | 'same' {
  if (change.added) return 'added';
  return change.removed ? 'removed' : 'same';
}

/** The lines that differ between two texts, with a little of what is around them. Empty where nothing differs. */
export function diffRows(before: string, after: string): DiffRow[] {
  const lines = diffLines(before, after).flatMap(change =>
    change.value
      .replace(/\n$/, '')
      .split('\n')
      .map(text => ({ kind: kindOf(change), text })),
  );
  const differing = lines.flatMap((line, index) =>
    line.kind === 'same' ? [] : [index],
  );
  if (differing.length === 0) {
    return [];
  }

  const shown = new Set(
    differing.flatMap(index =>
      Array.from(
        { length: 2 * CONTEXT_LINES + 1 },
        (_, offset) => index - CONTEXT_LINES + offset,
      ),
    ),
  );
  const rows: DiffRow[] = [];
  for (let index = 0; index < lines.length; ) {
    let hidden = 0;
    while (index + hidden < lines.length && !shown.has(index + hidden)) {
      hidden += 1;
    }
    if (hidden > 0) {
      rows.push({ key: `gap ${index}`, kind: 'gap', lines: hidden });
      index += hidden;
    } else {
      rows.push({ key: `line ${index}`, ...lines[index] });
      index += 1;
    }
  }
  return rows;
}
