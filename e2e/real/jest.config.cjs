'use strict';

/** The browser tests over a real mesh: `npm run e2e -- --real` opens the stage and starts jest with this. */
module.exports = {
  ...require('../jest.config.cjs'),
  rootDir: __dirname,
  displayName: 'e2e, real mesh',
  testMatch: ['<rootDir>/*.test.ts'],
  testSequencer: '<rootDir>/../ReadOnlyFirstSequencer.cjs',
};
