import { screen } from '@testing-library/react';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { renderInEnglish } from '../../__testUtils__/renderInEnglish';
import { allSourcesFail, SourceBanners } from './SourceBanners';

const ago = (seconds: number) =>
  new Date(Date.now() - seconds * 1000).toISOString();

function banners(...sources: SourceStatus[]): string[] {
  renderInEnglish(<SourceBanners sources={sources} />);
  return screen.queryAllByRole('alert').map(alert => alert.textContent ?? '');
}

describe('SourceBanners', () => {
  it('says nothing of sources that are well, nor of a missing Kiali', () => {
    expect(
      banners(
        { id: 'kubernetes', status: 'ok', asOf: ago(1) },
        { id: 'prometheus', status: 'ok', asOf: ago(20) },
        { id: 'kiali', status: 'absent' },
      ),
    ).toEqual([]);
  });

  it('says how old stale data is', () => {
    const [banner] = banners({
      id: 'prometheus',
      status: 'stale',
      asOf: ago(42),
      message: 'It times out.',
    });
    expect(banner).toMatch(/^Prometheus: what is shown is 4[23] s old/);
    expect(banner).toMatch(/It was true at \d\d:\d\d:\d\d\. It times out\./);
  });

  it('says which source is behind although it calls itself well', () => {
    const [banner] = banners(
      { id: 'kubernetes', status: 'ok', asOf: ago(0) },
      { id: 'prometheus', status: 'ok', asOf: ago(90) },
    );
    expect(banner).toMatch('Prometheus is 1 min behind');
  });

  it('says what is missing of a source that answers in part', () => {
    expect(
      banners({
        id: 'prometheus',
        status: 'partial',
        asOf: ago(1),
        message: 'It refused a query. Missing here: alerts.',
      }),
    ).toEqual([
      expect.stringMatching(
        /^Prometheus answers only in part.*Missing here: alerts\. The rest of the page holds\.$/,
      ),
    ]);
  });

  it('has one banner for each failing source', () => {
    expect(
      banners(
        { id: 'kubernetes', status: 'down' },
        { id: 'prometheus', status: 'absent' },
        { id: 'kiali', status: 'down' },
      ),
    ).toEqual([
      expect.stringMatching('Kubernetes does not answer'),
      expect.stringMatching('Prometheus is not configured'),
      expect.stringMatching('Kiali does not answer'),
    ]);
  });
});

it.each([
  [['ok', 'down'], false],
  [['partial', 'down'], false],
  [['down', 'stale'], true],
  [['absent', 'down'], true],
  [['absent', 'absent'], false],
  [[], false],
] as const)('with sources %p all fail: %p', (statuses, expected) => {
  expect(
    allSourcesFail(statuses.map(status => ({ id: 'kubernetes', status }))),
  ).toBe(expected);
});
