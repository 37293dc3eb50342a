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
});
