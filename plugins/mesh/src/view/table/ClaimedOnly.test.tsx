import { screen } from '@testing-library/react';
import { renderInEnglish } from '../../__testUtils__/renderInEnglish';
import { ClaimedOnly } from './ClaimedOnly';

it.each([
  [true, 1],
  [false, 0],
  [undefined, 0],
])('where isClaimed is %s, says so %d times', (isClaimed, times) => {
  renderInEnglish(<ClaimedOnly of={{ isClaimed }} />);
  const marks = screen.queryAllByText('as the catalog says');
  expect(marks).toHaveLength(times);
  expect(marks.map(({ title }) => title)).toEqual(
    Array(times).fill(expect.stringContaining('meshdeck.io/entity')),
  );
});
