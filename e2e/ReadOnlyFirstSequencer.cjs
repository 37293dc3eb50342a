'use strict';

const path = require('path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** All files share one stage, so those that change what the cluster has come after those that only look at it. */
const ORDER = [
  'tabs.test.ts',
  'tries.test.ts',
  'pages.test.ts',
  'mistakes.test.ts',
  'images.test.ts',
  'looks.test.ts',
  'outage.test.ts',
  'canary.test.ts',
  'onboarding.test.ts',
];

const place = test => {
  const found = ORDER.indexOf(path.basename(test.path));
  return found < 0 ? ORDER.length : found;
};

module.exports = class ReadOnlyFirstSequencer extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => place(a) - place(b));
  }
};
