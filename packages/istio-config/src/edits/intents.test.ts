import {
  GATEWAY_API_WEIGHTS,
  INTENT_TRIALS,
  tryIntent,
} from '../__testUtils__/intentTrials';

const CONFIGURATIONS = 200;

describe('intents', () => {
  it.each(
    Object.entries({
      ...INTENT_TRIALS,
      gatewayApiWeights: GATEWAY_API_WEIGHTS,
    }),
  )(
    '%s changes what it names and nothing else, and can be undone byte by byte',
    (_name, trial) => {
      expect(
        tryIntent(trial, { configurations: CONFIGURATIONS, seed: 20261129 }),
      ).toEqual({ configurations: CONFIGURATIONS, wrong: 0, undoWrong: 0 });
    },
  );
});
