import { parsePairs } from './parsePairs';

it.each([
  ['', {}],
  [' , ', {}],
  ['a=b', { values: { a: 'b' } }],
  ['a = b , c=d=e', { values: { a: 'b', c: 'd=e' } }],
  ['a=', { values: { a: '' } }],
  ['a', { wrong: 'a' }],
  ['a=b, =c', { wrong: '=c' }],
])('reads %p', (text, expected) => {
  expect(parsePairs(text)).toEqual(expected);
});
