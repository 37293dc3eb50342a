import { screen } from '@testing-library/react';
import { formatIn } from '../format';
import { frameMessages } from '../translations/english/frame';
import { renderInEnglish } from '../__testUtils__/renderInEnglish';
import { Sparkline } from './Sparkline';
import { unbrokenRuns } from './unbrokenRuns';

describe('Sparkline', () => {
  it('says in words what it draws', () => {
    renderInEnglish(
      <Sparkline
        name="Errors"
        format={formatIn(frameMessages.formats).share}
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

  it('draws no line over a gap', () => {
    const runs = unbrokenRuns([
      [0, 1],
      [30, 1],
      [60, 1],
      [200, 1],
      [230, 1],
    ]);
    expect(runs.map(run => run.map(([time]) => time))).toEqual([
      [0, 30, 60],
      [200, 230],
    ]);
  });

  it('draws nothing of a single point', () => {
    renderInEnglish(
      <Sparkline name="p99" format={String} figure={{ points: [[0, 1]] }} />,
    );
    expect(screen.queryByRole('img')).toBeNull();
  });
});
