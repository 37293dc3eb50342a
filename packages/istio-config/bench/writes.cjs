/*
 * Tries every intent on generated configurations and prints as JSON how often something else changed than what it names, and how often
 * its undo did not give back what was there: {weights, intents: {NAME: {configurations, changed, wrong, undoWrong}}}. Of the weights, those of HTTPRoutes and
 * GRPCRoutes; those of VirtualServices are held by shiftWeights.test.ts.
 */
require('@backstage/cli/config/nodeTransform.cjs');

const {
  GATEWAY_API_WEIGHTS,
  INTENT_TRIALS,
} = require('../src/__testUtils__/intentTrials');
const { tryIntent } = require('../src/__testUtils__/tryIntent');

const OPTIONS = { configurations: 2000, seed: Date.now() % 1_000_000 };

const intents = Object.fromEntries(
  Object.entries(INTENT_TRIALS).map(([name, trial]) => [
    name,
    tryIntent(trial, OPTIONS),
  ]),
);
const weights = tryIntent(GATEWAY_API_WEIGHTS, OPTIONS);
process.stdout.write(`${JSON.stringify({ weights, intents })}\n`);
