import {
  GATEWAY_API_WEIGHTS,
  INTENT_TRIALS,
} from '../__testUtils__/intentTrials';
import { tryIntent } from '../__testUtils__/tryIntent';

const CONFIGURATIONS = 200;
/** What they make or delete was not there before, or is not there after. */
const CHANGE_NOTHING = ['denyByDefault', 'deleteObject'];

describe('intents', () => {
  it.each(
    Object.entries({
      ...INTENT_TRIALS,
      gatewayApiWeights: GATEWAY_API_WEIGHTS,
    }),
  )(
    '%s changes what it names and nothing else, and can be undone byte by byte',
    (name, trial) => {
      const { changed, ...tally } = tryIntent(trial, {
        configurations: CONFIGURATIONS,
        seed: 20261129,
      });
      expect(tally).toEqual({
        configurations: CONFIGURATIONS,
        wrong: 0,
        undoWrong: 0,
      });
      const least = CHANGE_NOTHING.includes(name) ? 0 : CONFIGURATIONS / 10;
      expect(changed).toBeGreaterThanOrEqual(least);
    },
  );
});
