import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { combinedSources } from './combinedSources';
import { settled } from './settled';
import { SourceError } from './SourceError';

const fails = (message: string) => Promise.reject(new SourceError(message));

describe('settled', () => {
  it('gives every answer by its name', async () => {
    const { values, source } = await settled('prometheus', {
      requests: Promise.resolve(1),
      alerts: Promise.resolve(['a']),
    });
    expect(values).toEqual({ requests: 1, alerts: ['a'] });
    expect(source).toEqual({
      id: 'prometheus',
      status: 'ok',
      asOf: expect.any(String),
    });
  });

  it('keeps what was answered, and names in words whatever was not', async () => {
    const { values, source } = await settled('prometheus', {
      requests: Promise.resolve(1),
      requestsOfNow: fails('It refused.'),
      alerts: fails('It was late.'),
      trends: fails('It refused.'),
    });
    expect(values).toEqual({ requests: 1 });
    expect(source).toMatchObject({
      status: 'partial',
      message:
        'It refused. It was late. Missing here: requests of now, alerts, trends.',
    });
  });

  it('is down where nothing was answered, and absent where nothing was asked', async () => {
    expect(
      (await settled('traces', { a: fails('Gone.'), b: fails('Gone.') }))
        .source,
    ).toEqual({ id: 'traces', status: 'down', message: 'Gone.' });
    expect(
      await settled('traces', { a: undefined }, { absent: 'Set it.' }),
    ).toEqual({
      values: {},
      source: { id: 'traces', status: 'absent', message: 'Set it.' },
    });
  });

  it('does not take a mistake of ours for a source that fails', async () => {
    await expect(
      settled('kiali', {
        a: fails('Gone.'),
        b: Promise.reject(new TypeError('x of undefined')),
      }),
    ).rejects.toThrow('x of undefined');
  });
});

describe('combinedSources', () => {
  const of = (
    status: SourceStatus['status'],
    message?: string,
    id: SourceStatus['id'] = 'prometheus',
  ): SourceStatus => ({ id, status, message });

  it.each<[string, SourceStatus[], SourceStatus[]]>([
    ['well at every place', [of('ok'), of('ok')], [of('ok')]],
    ['down at one of two', [of('ok'), of('down', 'A.')], [of('partial', 'A.')]],
    [
      'down at both',
      [of('down', 'A.'), of('down', 'B.')],
      [of('down', 'A. B.')],
    ],
    ['partial at one', [of('ok'), of('partial', 'A.')], [of('partial', 'A.')]],
    ['not asked at one', [of('absent', 'Set it.'), of('ok')], [of('ok')]],
    [
      'not configured',
      [of('absent', 'Set it.'), of('absent')],
      [of('absent', 'Set it.')],
    ],
    [
      'of several kinds',
      [
        of('stale', 'Old.', 'kubernetes'),
        of('ok'),
        of('ok', undefined, 'kubernetes'),
      ],
      [of('stale', 'Old.', 'kubernetes'), of('ok')],
    ],
  ])(
    'says of one that is %s what it complains of',
    (_name, given, expected) => {
      expect(combinedSources(given)).toEqual(expected);
    },
  );
});
