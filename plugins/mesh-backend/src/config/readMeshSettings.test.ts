import { ConfigReader } from '@backstage/config';
import { readMeshSettings } from './readMeshSettings';

const url = 'http://prometheus.example';
const settingsOf = (mesh: object) =>
  readMeshSettings(new ConfigReader({ mesh } as any));

describe('readMeshSettings', () => {
  it.each([
    [undefined, false],
    ['memory', false],
    ['redis', true],
  ])(
    'with Backstage’s cache in %s shares answers between replicas: %s',
    (store, expected) => {
      const config = new ConfigReader({ backend: { cache: { store } } });
      expect(readMeshSettings(config).sharesAnswers).toBe(expected);
    },
  );

  const writersOf = (...clusters: { name: string; writeThrough?: string }[]) =>
    readMeshSettings(new ConfigReader({ mesh: { clusters } })).writers;

  it('names for each cluster the entry that writes go through, if it has one', () => {
    expect([
      ...writersOf(
        { name: 'red', writeThrough: 'red-writer' },
        { name: 'blue' },
        { name: 'green', writeThrough: 'green-writer' },
      ),
    ]).toEqual([
      ['red', 'red-writer'],
      ['green', 'green-writer'],
    ]);
  });

  it.each([
    [{ name: 'red', writeThrough: 'red' }],
    [{ name: 'red', writeThrough: 'blue' }, { name: 'blue' }],
    [
      { name: 'red', writeThrough: 'writer' },
      { name: 'blue', writeThrough: 'writer' },
    ],
    [
      { name: 'red', writeThrough: 'writer' },
      { name: 'writer', writeThrough: 'other' },
    ],
  ])('refuses a writer of another cluster: %j %j', (...clusters) => {
    expect(() => writersOf(...clusters)).toThrow(
      'mesh.clusters: writeThrough of ',
    );
  });

  it.each<[string, unknown]>(
    ['deadlineMs', 'refreshSeconds'].flatMap(key =>
      [
        0,
        -1,
        -0.0001,
        NaN,
        Infinity,
        -Infinity,
        1e300,
        1e9,
        'soon',
        '',
        '0',
        true,
        {},
        [],
      ].map((value): [string, unknown] => [key, value]),
    ),
  )('refuses to start with %s: %p, and names the key', (key, value) => {
    expect(() => settingsOf({ [key]: value })).toThrow(`mesh.${key}`);
  });

  it.each<[unknown, unknown, number, number]>([
    [undefined, undefined, 4000, 15_000],
    [100, 0.05, 100, 50],
    ['60000', '3600', 60_000, 3_600_000],
  ])(
    'takes deadlineMs %p and refreshSeconds %p',
    (deadlineMs, refreshSeconds, deadline, refresh) => {
      expect(settingsOf({ deadlineMs, refreshSeconds })).toMatchObject({
        deadlineMs: deadline,
        refreshMs: refresh,
      });
    },
  );

  it('takes what is changed by pull request only, and refuses another word for it', () => {
    expect(settingsOf({}).gitOps).toEqual({
      isRequestOnly: false,
      argoNamespace: 'argocd',
    });
    const gitOps = { directChanges: 'never', argoNamespace: 'delivery' };
    expect(settingsOf({ gitOps }).gitOps).toEqual({
      isRequestOnly: true,
      argoNamespace: 'delivery',
    });
    expect(() =>
      settingsOf({ gitOps: { directChanges: 'sometimes' } }),
    ).toThrow('mesh.gitOps.directChanges');
  });

  it('takes patterns of repositories, and refuses what is none', () => {
    const gitOps = { repositories: ['github.com/acme/*'] };
    expect(settingsOf({ gitOps }).gitOps.repositories).toEqual([
      'github.com/acme/*',
    ]);
    expect(settingsOf({}).gitOps.repositories).toBeUndefined();
    expect(() =>
      settingsOf({ gitOps: { repositories: ['https://github.com/acme'] } }),
    ).toThrow(
      'mesh.gitOps.repositories has "https://github.com/acme": expected host and path without https://',
    );
  });

  it.each([
    '0s',
    '0m',
    '25h',
    '999999999999h',
    '1d',
    '-1m',
    '1.5m',
    'm',
    '',
    '1m]) or vector(1) #',
  ])('refuses to start with rateInterval %p', rateInterval => {
    expect(() => settingsOf({ prometheus: { url, rateInterval } })).toThrow(
      'mesh.prometheus.rateInterval',
    );
  });

  it.each(['1s', '90s', '1m', '24h'])('takes rateInterval %s', rateInterval => {
    const { sourcesOf } = settingsOf({ prometheus: { url, rateInterval } });
    expect(sourcesOf('any').prometheus?.rateInterval).toBe(rateInterval);
  });

  it.each([
    [
      { prometheus: { url, clusterLabel: 'a="b"' } },
      'mesh.prometheus.clusterLabel',
    ],
    [
      { prometheus: { url, clusterLabel: 'cluster', clusterName: 'a' } },
      'mesh.prometheus.clusterName would be the same',
    ],
    [
      { prometheus: { url, headers: { 'X-Id': 7 } } },
      'mesh.prometheus.headers has a value for X-Id',
    ],
  ])('refuses to start with %j', (mesh, message) => {
    expect(() => settingsOf(mesh)).toThrow(message);
  });

  it('knows how a shared Prometheus names each cluster', () => {
    const { sourcesOf } = settingsOf({
      prometheus: { url, clusterLabel: 'cluster' },
      clusters: [
        {
          name: 'b',
          prometheus: { url, clusterLabel: 'cluster', clusterName: 'b-eu' },
        },
      ],
    });
    expect(sourcesOf('a').prometheus).toMatchObject({
      clusterLabel: 'cluster',
    });
    expect(sourcesOf('b').prometheus?.clusterName).toBe('b-eu');
  });
});
