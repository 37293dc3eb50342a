import { nearestName } from './nearestName';

const NAMESPACES = ['autolytiq', 'orion', 'orion-batch', 'shop'];

it.each([
  ['orino', 'orion'],
  ['orion-prdo', 'orion'],
  ['orion-batc', 'orion-batch'],
  ['autolytic', 'autolytiq'],
  ['warehouse', undefined],
  ['', undefined],
  ['orion'.repeat(100_000), undefined],
])('of %p means %p', (name, meant) => {
  expect(nearestName(name, NAMESPACES)).toBe(meant);
});
