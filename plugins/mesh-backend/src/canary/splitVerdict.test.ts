import type { CanaryVersion } from '@meshdeck/plugin-mesh-common';
import { madeUpRule } from '../__testUtils__/ruleNames';
import { handVerdict } from './splitVerdict';

const version = (subset: string, weight: number) =>
  ({
    subset,
    weight,
    pods: 1,
    readyPods: 1,
    errorShare: { points: [], value: 0 },
    saturation: { share: { points: [] }, uses: [] },
  } as unknown as CanaryVersion);

describe('the first sentence of the Canary tab', () => {
  it.each([
    [90, 10, 'canary gets 10 % beside stable.'],
    [50, 50, 'canary gets 50 % beside stable.'],
    [25, 75, 'stable gets 25 % beside canary.'],
  ])('at %i and %i %', (stable, canary, sentence) => {
    const rules = [
      {
        rule: madeUpRule(),
        number: 1,
        requests: ['everything'],
        weights: { stable, canary },
      },
    ];
    expect(
      handVerdict(
        { id: 'kubernetes', status: 'ok' },
        [version('stable', stable), version('canary', canary)],
        { object: rules[0].rule.object, rules },
      ),
    ).toMatchObject({ level: 'ok', sentence });
  });

  it('does not ask for a second version where a rule leads to one that is not defined', () => {
    expect(
      handVerdict(
        { id: 'kubernetes', status: 'ok' },
        [version('stable', 100)],
        { rules: [], missing: ['canary'] },
      ),
    ).toMatchObject({
      level: 'error',
      sentence: expect.stringMatching(
        /^Requests are sent to canary, which no DestinationRule defines: 503/,
      ),
    });
  });
});
