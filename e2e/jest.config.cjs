'use strict';

/** The browser tests. They need a stage: `npm run e2e` opens one and starts jest with this. */
module.exports = {
  rootDir: __dirname,
  displayName: 'e2e',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/*.test.ts'],
  testSequencer: '<rootDir>/ReadOnlyFirstSequencer.cjs',
  transform: {
    '\\.ts$': [
      require.resolve('@backstage/cli/config/jestSwcTransform.js'),
      { jsc: { parser: { syntax: 'typescript' } } },
    ],
  },
  maxWorkers: 1,
  testTimeout: 60_000,
};
