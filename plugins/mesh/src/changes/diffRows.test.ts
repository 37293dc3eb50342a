import { virtualServiceYaml } from '../__fixtures__/objects';
import { diffRows, type DiffRow } from './diffRows';

function line(row: DiffRow): string {
  if (row.kind === 'gap') return `… ${row.lines}`;
  return `${{ added: '+', removed: '-', same: ' ' }[row.kind]}${row.text}`;
}

describe('diffRows', () => {
  it('shows what differs with three lines around it, and counts the rest', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\n';
    expect(diffRows(before, before.replace('e', 'E')).map(line)).toEqual([
      '… 1',
      ' b',
      ' c',
      ' d',
      '-e',
      '+E',
      ' f',
      ' g',
      ' h',
      '… 1',
    ]);
  });

  it('hides no difference', () => {
    const rows = diffRows(
      virtualServiceYaml(90, 10),
      virtualServiceYaml(5, 95),
    );
    expect(
      rows
        .filter(row => row.kind === 'added' || row.kind === 'removed')
        .map(line),
    ).toEqual([
      '-          weight: 90',
      '+          weight: 5',
      '-          weight: 10',
      '+          weight: 95',
    ]);
  });

  it('is empty where nothing differs', () => {
    expect(diffRows('a\n', 'a\n')).toEqual([]);
  });

  it('gives each row a key of its own', () => {
    const keys = diffRows('a\na\n', 'b\nb\nb\n').map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
