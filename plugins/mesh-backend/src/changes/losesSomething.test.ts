import { losesSomething } from './losesSomething';

const some = (...allowedOperations: string[]) => ({
  allowed: 'partly' as const,
  allowedOperations,
});
const ALL = { allowed: 'yes' as const, allowedOperations: [] };
const NONE = { allowed: 'no' as const, allowedOperations: [] };

describe('losesSomething', () => {
  it.each([
    ['all, then some', ALL, some('GET'), true],
    ['some, then none', some('GET'), NONE, true],
    ['none, then some', NONE, some('GET'), false],
    ['the same', some('GET /a', 'not POST'), some('GET /a', 'not POST'), false],
    ['a method more', some('GET /a'), some('GET/POST /a'), false],
    ['a method less', some('GET/POST /a'), some('GET /a'), true],
    ['any method', some('GET /a'), some('/a'), false],
    ['a path less', some('GET /a', 'GET /b'), some('GET /a'), true],
    [
      'an exception more',
      some('not POST /b'),
      some('not POST /b', 'not PUT'),
      true,
    ],
    [
      'an exception less',
      some('not POST /b', 'not PUT'),
      some('not PUT'),
      false,
    ],
    ['a wider exception', some('not POST /b'), some('not POST/PUT /b'), true],
    ['all but some, then some', some('not POST'), some('GET /a'), true],
    ['some, then all but some', some('GET /a'), some('not POST'), false],
    ['another port', some('GET port 80'), some('GET port 81'), true],
  ])('of %s', (_what, now, later, loses) => {
    expect(losesSomething(now, later)).toBe(loses);
  });
});
