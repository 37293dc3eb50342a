/** Finds the lines of one value in block-style YAML, as `spec.http[0]`; from 1, both ends included. */
export function markedLines(
  yaml: string,
  path: string,
): { from: number; to: number } | undefined {
  const lines = yaml.split('\n');
  const steps = path.match(/[^.[\]]+|\[\d+\]/g) ?? [];
  if (steps.length === 0) {
    return undefined;
  }

  let from = 0;
  let to = lines.length - 1;
  for (const step of steps) {
    const found = step.startsWith('[')
      ? itemAt(lines, from, to, Number(step.slice(1, -1)))
      : keyAt(lines, from, to, step);
    if (!found) {
      return undefined;
    }
    ({ from, to } = found);
  }
  return { from: from + 1, to: to + 1 };
}

interface Span {
  from: number;
  to: number;
}

/** How far in the content of a line stands; the dash of a list item counts as space. */
function contentIndent(line: string): number {
  return /^(?:\s*-\s+|\s*)/.exec(line)![0].length;
}

function dashIndent(line: string): number {
  return line.length - line.trimStart().length;
}

function isBlank(line: string): boolean {
  return line.trim() === '' || line.trimStart().startsWith('#');
}

function keyAt(
  lines: string[],
  from: number,
  to: number,
  key: string,
): Span | undefined {
  const candidates: number[] = [];
  for (let index = from; index <= to; index++) {
    const text = lines[index].slice(contentIndent(lines[index]));
    const quoted = [key, `"${key}"`, `'${key}'`];
    if (quoted.some(name => text.startsWith(`${name}:`))) {
      candidates.push(index);
    }
  }
  const indents = candidates.map(index => contentIndent(lines[index]));
  const start = candidates[indents.indexOf(Math.min(...indents))];
  if (start === undefined) {
    return undefined;
  }
  const indent = contentIndent(lines[start]);
  let end = start;
  for (let index = start + 1; index <= to; index++) {
    const line = lines[index];
    if (!isBlank(line)) {
      const isItem = line.trimStart().startsWith('-');
      // A list may stand as far left as its key.
      const inside = isItem
        ? dashIndent(line) >= indent
        : dashIndent(line) > indent;
      if (!inside) break;
      end = index;
    }
  }
  return { from: start, to: end };
}

function itemAt(
  lines: string[],
  from: number,
  to: number,
  position: number,
): Span | undefined {
  const first = lines.findIndex(
    (line, index) =>
      index > from && index <= to && line.trimStart().startsWith('-'),
  );
  if (first < 0) {
    return undefined;
  }
  const indent = dashIndent(lines[first]);
  const starts = lines.flatMap((line, index) =>
    index >= first &&
    index <= to &&
    dashIndent(line) === indent &&
    line.trimStart().startsWith('-')
      ? [index]
      : [],
  );
  const start = starts[position];
  if (start === undefined) {
    return undefined;
  }
  return { from: start, to: (starts[position + 1] ?? to + 1) - 1 };
}
