import { parsePairs } from './parsePairs';

it.each([
  ['', {}],
  [' , ', {}],
  ['a=b', { values: { a: 'b' } }],
  ['a = b , c=d=e', { values: { a: 'b', c: 'd=e' } }],
  ['a=', { values: { a: '' } }],
  ['a', { problem: '"a" is not of the form name=value.' }],
  ['a=b, =c', { problem: '"=c" is not of the form name=value.' }],
])('reads %p', (text, expected) => {
  expect(parsePairs(text)).toEqual(expected);
});
