import { RE2JS } from 're2js';
import { parseDurationNanos } from '../../kube/duration';
import { isMap } from '../../kube/reading';
import { Problem, refused } from './Problem';

const NANOS_PER_MS = 1_000_000;

/** A duration of whole milliseconds, at least one. Source: istio pkg/config/validation/agent, ValidateDuration. */
export function* durationProblems(
  value: unknown,
  path: string,
): Iterable<Problem> {
  if (value === undefined || value === null) {
    return;
  }
  const nanos = parseDurationNanos(value);
  if (nanos === undefined) {
    yield refused(
      path,
      `${JSON.stringify(value)} is no duration.`,
      'Write it as 10s or 500ms.',
    );
  } else if (nanos < NANOS_PER_MS) {
    yield refused(
      path,
      `The duration ${value} is shorter than a millisecond.`,
      'Use 1ms or more, or leave it out.',
    );
  } else if (Math.round(nanos) % NANOS_PER_MS !== 0) {
    yield refused(
      path,
      `The duration ${value} is not in whole milliseconds.`,
      'Round it.',
    );
  }
}

/** Source: validation.go, validatePercentage. */
export function* percentageProblems(
  value: unknown,
  path: string,
): Iterable<Problem> {
  const number = Number(isMap(value) ? value.value ?? 0 : 0);
  if (number < 0 || number > 100 || (number > 0 && number < 0.0001)) {
    yield refused(
      `${path}.value`,
      `${number} is no percentage.`,
      'Use 0, or a number from 0.0001 to 100.',
    );
  }
}

/** Source: validation.go, ValidatePercent. */
export function* percentProblems(
  value: unknown,
  path: string,
): Iterable<Problem> {
  if (Number(value ?? 0) < 0 || Number(value ?? 0) > 100) {
    yield refused(
      path,
      `${value} is no percentage.`,
      'Use a number from 0 to 100.',
    );
  }
}

export function* notNegative(
  settings: Record<string, any>,
  fields: readonly string[],
  path: string,
): Iterable<Problem> {
  for (const field of fields) {
    if (Number(settings[field] ?? 0) < 0) {
      yield refused(
        `${path}.${field}`,
        `${field} is negative.`,
        'Use 0 or more.',
      );
    }
  }
}

/** Of a pattern. Source: validation.go, validateStringRegexp. */
const LONGEST_PATTERN = 1024;

export function* patternProblems(
  pattern: string,
  path: string,
): Iterable<Problem> {
  const problem = patternProblem(pattern);
  if (problem) {
    yield refused(
      path,
      `The pattern ${JSON.stringify(
        pattern.slice(0, 80),
      )} is not valid in RE2's syntax: ${problem}`,
      'Correct it; RE2 has no look-around and no back references.',
    );
  }
}

function patternProblem(pattern: string): string | undefined {
  if (new TextEncoder().encode(pattern).length > LONGEST_PATTERN) {
    return `it is longer than ${LONGEST_PATTERN} characters.`;
  }
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A condition on a text: not empty where it is a prefix or a pattern. Source: validation.go, validateStringMatch. */
export function* textMatchProblems(
  match: unknown,
  path: string,
  options: { mayBeEmpty?: boolean } = {},
): Iterable<Problem> {
  if (!isMap(match)) {
    return;
  }
  if (match.prefix === '' && !options.mayBeEmpty) {
    yield refused(
      `${path}.prefix`,
      'The prefix is empty.',
      'Give a prefix. A header that only has to be there is matched by {}.',
    );
  }
  yield* regexProblems(match, path);
}

/** The pattern alone of a condition. Source: validation.go, validateStringMatchRegexp. */
export function* regexProblems(
  match: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (match.regex === '') {
    yield refused(
      `${path}.regex`,
      'The pattern is empty.',
      'Give a pattern, or remove the condition.',
    );
  } else if (typeof match.regex === 'string') {
    yield* patternProblems(match.regex, `${path}.regex`);
  }
}
