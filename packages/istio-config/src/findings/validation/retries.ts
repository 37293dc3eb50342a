import { isMap } from '../../kube/reading';
import { Problem, refused } from './Problem';
import { isKnownStatus } from './statuses';
import { durationProblems } from './values';

const CONDITIONS = [
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
];

/** Source: validation.go, validateHTTPRetry. */
export function* retryProblems(
  retries: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(retries)) {
    return;
  }
  const attempts = Number(retries.attempts ?? 0);
  const others = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].filter(
    field => retries[field] !== undefined && retries[field] !== '',
  );
  if (attempts < 0) {
    yield refused(
      `${path}.attempts`,
      'attempts is negative.',
      'Use 0 to switch retries off.',
    );
  }
  if (attempts === 0 && others.length > 0) {
    yield refused(
      `${path}.${others[0]}`,
      `Retries are switched off, since attempts is ${
        retries.attempts ?? 'not set'
      }, and ${others[0]} is set.`,
      'Set attempts to the number of retries, or remove the rest.',
    );
  }
  yield* durationProblems(retries.perTryTimeout, `${path}.perTryTimeout`);
  const conditions = retries.retryOn ? String(retries.retryOn).split(',') : [];
  for (const condition of conditions) {
    if (!CONDITIONS.includes(condition) && !isKnownStatus(condition)) {
      yield refused(
        `${path}.retryOn`,
        `${JSON.stringify(condition)} is no condition to try again.`,
        `Use ${CONDITIONS.slice(0, 6).join(
          ', ',
        )} and the like, or a status, with commas and no spaces between.`,
      );
    }
  }
  yield* durationProblems(retries.backoff, `${path}.backoff`);
}
