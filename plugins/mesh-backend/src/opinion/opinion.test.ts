import type { Finding, Verdict } from '@meshdeck/plugin-mesh-common';
import type { KialiReport } from '../sources/kiali/kialiReport';
import { opinion } from './opinion';

const OK: Verdict = { level: 'ok', sentence: 'All right.' };

describe('opinion', () => {
  it.each<[KialiReport['health'], Verdict['level'], string | RegExp]>([
    ['Healthy', 'ok', 'the same'],
    ['Degraded', 'warning', 'the same'],
    ['Not Ready', 'warning', 'the same'],
    ['Failure', 'error', 'the same'],
    ['NA', 'error', 'the same'],
    ['Degraded', 'ok', /^Kiali says Degraded.*0\.5 % failed requests/],
    ['Failure', 'warning', /Failure, Meshdeck says a warning/],
    ['Healthy', 'error', /nothing of the configuration/],
    ['Healthy', 'unknown', /Meshdeck says nothing/],
  ])('%s beside a verdict of %s', (health, level, expected) => {
    const { differs } = opinion(
      { health, errorPercent: 0.5, validations: [] },
      { verdict: { level, sentence: '' }, findings: [] },
    );
    expect(differs ?? 'the same').toMatch(expected);
  });

  it.each([
    ['spec.http[0].route[0]', 'spec.http[0].route[0]', false],
    ['spec.http[0].route[0].destination', 'spec.http[0].route[0]', false],
    ['spec.http[0]', 'spec.http[0].route[0].weight', false],
    ['spec.http[1]', 'spec.http[0]', true],
    ['spec.http', 'spec.http2', true],
    [undefined, 'spec.http[0]', true],
    [undefined, undefined, false],
  ])(
    'with a finding at %s, a remark at %s is new: %s',
    (ours, theirs, isNew) => {
      const object = { kind: 'VirtualService', namespace: 'a', name: 'b' };
      const finding: Finding = {
        code: 'IST0101',
        level: 'error',
        object: { apiVersion: 'networking.istio.io/v1', ...object },
        path: ours,
        message: '',
        fix: '',
      };
      const { validations } = opinion(
        {
          health: 'Healthy',
          validations: [
            { object, path: theirs, severity: 'error', message: 'x' },
          ],
        },
        { verdict: OK, findings: [finding] },
      );
      expect(validations).toHaveLength(isNew ? 1 : 0);
    },
  );
});
