import fc from 'fast-check';
import { parseLabelSelector } from './labelSelector';

const SHOP = { app: 'shop', tier: 'web', 'a.io/part': '', constructor: 'x' };

describe('parseLabelSelector', () => {
  it.each([
    // The selector, whether it fits SHOP, and whether it fits a thing without labels.
    ['app=shop', true, false],
    ['app==shop', true, false],
    ['app = shop , tier in (web, api)', true, false],
    ['app=desk', false, false],
    ['app in (desk)', false, false],
    ['app in (,shop)', true, false],
    ['gone in (,shop)', false, false],
    ['a.io/part=', true, false],
    ['gone=', false, false],
    ['tier', true, false],
    ['constructor', true, false],
    ['constructor=x', true, false],
    ['toString', false, false],
    ['toString!=x,app=shop', true, false],
    ['app,!toString', true, false],
    ['!app', false, true],
    ['app!=desk', true, true],
    ['tier notin (api,db)', true, true],
    ['tier notin (web)', false, true],
  ])('reads %s', (text, fitsShop, fitsNothing) => {
    const selector = parseLabelSelector(text);
    expect([selector?.matches(SHOP), selector?.matches({})]).toEqual([
      fitsShop,
      fitsNothing,
    ]);
    // What fits a thing without labels fits nearly everything.
    expect(selector?.asksForLabel).toBe(!fitsNothing);
  });

  it.each([
    '',
    ',',
    'app=shop,',
    'a b',
    'app=a b',
    'app in shop',
    'app in (a',
    'app in (a))',
    '__proto__=x',
    'app=-x',
    '/app=x',
    'A.io/app=x',
    '!',
  ])('reads "%s" no more than Kubernetes does', text => {
    expect(parseLabelSelector(text)).toBeUndefined();
  });

  it('never fits a thing without labels where it asks for one, whatever stands in it', () => {
    const part = fc.constantFrom(
      ...['app', '!', '=', '==', '!=', ' in ', ' notin ', '(', ')', ',', 'web'],
      ...['constructor', 'toString', 'hasOwnProperty', ' ', 'a/', '-'],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), parts => {
        const selector = parseLabelSelector(parts.join(''));
        expect(selector?.asksForLabel && selector.matches({})).not.toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});
