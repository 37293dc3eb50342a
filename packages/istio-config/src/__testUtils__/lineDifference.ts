/**
 * How two texts differ, by the longest lines that they have in common in order: `-` before a line that went, `+` before one that came, and a
 * space before those between the first and the last of them.
 */
export function lineDifference(before: string, after: string): string[] {
  const [a, b] = [before, after].map(text =>
    text.replace(/\n$/, '').split('\n'),
  );
  const common = a.map(() => b.map(() => 0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] =
        a[i] === b[j]
          ? 1 + at(i + 1, j + 1)
          : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      lines.push(` ${a[i++]}`);
      j++;
    } else if (i < a.length && at(i + 1, j) >= at(i, j + 1)) {
      lines.push(`-${a[i++]}`);
    } else if (j < b.length) {
      lines.push(`+${b[j++]}`);
    } else {
      lines.push(`-${a[i++]}`);
    }
  }
  const isOther = (line: string) => line[0] !== ' ';
  return lines.slice(
    lines.findIndex(isOther),
    lines.findLastIndex(isOther) + 1,
  );
}
