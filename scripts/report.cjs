'use strict';

/** A failure that is explained to the person: what happened, and what to do. */
class Explained extends Error {
  constructor(what, remedy) {
    super(what);
    this.remedy = remedy;
  }
}

/** The machine lacks what this needs; tests skip it. */
class CannotRun extends Explained {
  constructor(why) {
    super(why, 'docs/testing.md says what a real mesh needs.');
  }
}

/** One line of progress. */
function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs the main function of a script; an explained failure ends it in two lines, any other with its stack. */
function run(main) {
  main().then(
    code => process.exit(code || 0),
    error => {
      if (error instanceof Explained) {
        process.stderr.write(`\n${error.message}\n${error.remedy}\n`);
      } else {
        process.stderr.write(`\n${error.stack}\n`);
      }
      process.exit(1);
    },
  );
}

function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

module.exports = { CannotRun, Explained, say, run, seconds };
