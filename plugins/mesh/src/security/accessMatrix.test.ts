import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { accessMatrix } from './accessMatrix';

const caller = (
  name: string,
  allowed: CallerView['allowed'],
  allowedOperations: string[] = [],
  requestsPerSecond = 1,
): CallerView => ({
  name,
  namespace: 'a',
  encrypted: 'yes',
  allowed,
  allowedOperations,
  requestsPerSecond,
  why: '',
});

describe('accessMatrix', () => {
  it.each([
    [
      'what is named, and the rest',
      [caller('a', 'partly', ['GET /x']), caller('b', 'yes')],
      ['GET /x', 'everything else'],
      [
        ['allowed', 'denied'],
        ['allowed', 'allowed'],
      ],
    ],
    [
      'what is taken away, and the rest',
      [caller('a', 'partly', ['not DELETE'])],
      ['DELETE', 'everything else'],
      [['denied', 'allowed']],
    ],
    [
      'both kinds of rules for one caller',
      [caller('a', 'partly', ['GET /x', 'not GET /x/secret'])],
      ['GET /x', 'GET /x/secret', 'everything else'],
      [['allowed', 'denied', 'denied']],
    ],
    [
      'whoever may, but never did',
      [caller('a', 'yes', [], 0)],
      ['everything'],
      [['unseen']],
    ],
    [
      'whoever may not, seen or not',
      [caller('a', 'no', [], 0), caller('b', 'no')],
      ['everything'],
      [['denied'], ['denied']],
    ],
  ])('shows %s', (_name, callers, operations, cells) => {
    const matrix = accessMatrix(callers);
    expect(matrix.operations).toEqual(operations);
    expect(matrix.rows.map(row => row.cells)).toEqual(cells);
  });
});
