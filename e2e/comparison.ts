import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(__dirname, '..', 'docs', 'comparison.md');

/** The tasks of docs/comparison.md, each with what its column `Meshdeck` says. */
export function comparedTasks(): Map<string, string> {
  const rows = readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('|'))
    .map(line => line.split('|').map(cell => cell.trim()));
  const [head, , ...tasks] = rows;
  const own = head.indexOf('Meshdeck');
  return new Map(tasks.map(cells => [cells[1], cells[own]]));
}
