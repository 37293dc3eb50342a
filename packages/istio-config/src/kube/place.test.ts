import fc from 'fast-check';
import { pathOf, placeOf, valueAt } from './place';

describe('a place', () => {
  it('reads as the path that names it', () => {
    const step = fc.oneof(
      fc.nat({ max: 20 }),
      fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,8}$/),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('spec', 'metadata'),
        fc.array(step, { maxLength: 6 }),
        (first, rest) => {
          expect(placeOf(pathOf([first, ...rest]))).toEqual([first, ...rest]);
        },
      ),
    );
  });

  it.each([
    [['spec', 'http', 1, 'timeout'], '5s'],
    [['spec', 'http', 2], undefined],
    [['spec', 'http', 'length'], undefined],
    [['spec', 'constructor'], undefined],
    [['spec', 'http', 1, 'timeout', 0], undefined],
  ])('%j holds %p', (place, value) => {
    expect(valueAt({ spec: { http: [{}, { timeout: '5s' }] } }, place)).toBe(
      value,
    );
  });
});
