import fc from 'fast-check';
import {
  canary,
  read,
  rollout,
  WELL,
} from '../rollouts/__testUtils__/readObject';
import { movesBetween } from './moves';

describe('whatever people type', () => {
  const names = fc.constantFrom(
    ...['analysis', 'metrics', 'steps', 'canary', 'strategy', 'pause', 'name'],
    ...['phase', 'conditions', 'webhooks', 'stepWeights', 'stepWeight'],
    ...['setWeight', 'targetRef', 'trafficRouting', 'istio', 'abort', 'type'],
    ...['pauseConditions', 'currentStepIndex', 'weights', 'thresholdRange'],
    ...['duration', 'match', 'templates', 'template', 'metadata', 'labels'],
    ...['currentStepAnalysisRunStatus', 'interval', 'iterations', 'maxWeight'],
  );
  const typed = fc.letrec(tie => ({
    any: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(
        null,
        true,
        '',
        '1m',
        'shop',
        'Progressing',
        -1,
        1e9,
        NaN,
      ),
      fc.double(),
      fc.string(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(names, tie('any'), { maxKeys: 6 }),
    ),
  })).any;

  it('is read without a stumble', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(canary, rollout),
        ...([typed, typed, typed, typed] as const),
        (make, spec, status, oldSpec, oldStatus) => {
          const object = make(spec, status);
          const { view, said } = read(object, WELL);
          expect(said.sentence).not.toMatch(/undefined|NaN|\[object/);
          for (const step of view.steps) {
            expect(step.words).not.toMatch(/undefined|NaN|\[object/);
          }
          movesBetween(make(oldSpec, oldStatus), object);
        },
      ),
      { numRuns: 500 },
    );
  });
});
