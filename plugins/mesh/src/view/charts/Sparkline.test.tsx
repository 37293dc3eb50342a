import { screen } from '@testing-library/react';
import { formatIn } from '../../format';
import { viewMessages } from '../../translations/english/view';
import { renderInEnglish } from '../../__testUtils__/renderInEnglish';
import { Sparkline } from './Sparkline';

describe('Sparkline', () => {
  it('says in words what it draws', () => {
    renderInEnglish(
      <Sparkline
        name="Errors"
        format={formatIn(viewMessages.formats).share}
        figure={{
          points: [
            [0, 0.01],
            [30, 0.05],
            [60, 0.02],
          ],
        }}
      />,
    );
    expect(
      screen.getByRole('img', {
        name: 'Errors over the time window: from 1 % to 2 %, lowest 1 %, highest 5 %',
      }),
    ).toBeVisible();
  });

  it('draws nothing of a single point', () => {
    renderInEnglish(
      <Sparkline name="p99" format={String} figure={{ points: [[0, 1]] }} />,
    );
    expect(screen.queryByRole('img')).toBeNull();
  });
});
