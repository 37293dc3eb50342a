import { ConfigReader } from '@backstage/config';
import { readMeshSettings } from './config';

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
});
