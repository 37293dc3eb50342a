import { isMap, itemsOf } from '../../kube/reading';
import { destinationProblems } from './destinations';
import { Problem, refused, warned } from './Problem';
import { statusProblems } from './statuses';
import { durationProblems, percentageProblems } from './values';

const GRPC_STATUSES =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  );

/** Source: validation.go, validateHTTPFaultInjection. */
export function* faultProblems(
  fault: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(fault)) {
    return;
  }
  if (!fault.abort && !fault.delay) {
    yield refused(
      path,
      'The fault neither aborts nor delays.',
      'Give it abort or delay, or remove it.',
    );
  }
  if (isMap(fault.abort)) {
    yield* abortProblems(fault.abort, `${path}.abort`);
  }
  if (isMap(fault.delay)) {
    const delay = `${path}.delay`;
    yield* percentageProblems(fault.delay.percentage, `${delay}.percentage`);
    yield* durationProblems(fault.delay.fixedDelay, `${delay}.fixedDelay`);
    if (fault.delay.exponentialDelay !== undefined) {
      yield refused(
        `${delay}.exponentialDelay`,
        'Istio knows no exponentialDelay yet.',
        'Use fixedDelay.',
      );
    }
  }
}

function* abortProblems(
  abort: Record<string, any>,
  path: string,
): Iterable<Problem> {
  yield* percentageProblems(abort.percentage, `${path}.percentage`);
  if (abort.grpcStatus !== undefined) {
    if (!GRPC_STATUSES.includes(abort.grpcStatus)) {
      yield refused(
        `${path}.grpcStatus`,
        `There is no gRPC status ${JSON.stringify(abort.grpcStatus)}.`,
        'Use a name such as NOT_FOUND or UNAVAILABLE.',
      );
    }
  } else if (abort.http2Error !== undefined) {
    yield refused(
      `${path}.http2Error`,
      'Istio knows no http2Error yet.',
      'Use httpStatus.',
    );
  } else if (abort.httpStatus !== undefined) {
    yield* statusProblems(abort.httpStatus, `${path}.httpStatus`);
  } else {
    yield warned(
      path,
      'The abort has no status, so it does nothing.',
      'Set httpStatus or grpcStatus.',
    );
  }
}

/** Copies of the requests. Source: virtualservice.go, validateHTTPRoute; validation.go, validateHTTPMirrors. */
export function* mirrorProblems(
  rule: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const old = rule.mirrorPercent ?? rule.mirror_percent;
  if (old !== undefined && old !== null) {
    yield* shareProblems(old, `${path}.mirrorPercent`);
    yield warned(
      `${path}.mirrorPercent`,
      'mirrorPercent is deprecated.',
      'Use mirrorPercentage.',
    );
  }
  if (isMap(rule.mirrorPercentage)) {
    yield* shareProblems(
      rule.mirrorPercentage.value,
      `${path}.mirrorPercentage.value`,
    );
  }
  yield* destinationProblems(rule.mirror, `${path}.mirror`);
  for (const [index, mirror] of itemsOf(rule.mirrors).entries()) {
    const place = `${path}.mirrors[${index}]`;
    if (!isMap(mirror?.destination)) {
      yield refused(
        place,
        'The mirror has no destination.',
        'Name the service that gets the copies.',
      );
    } else {
      yield* destinationProblems(mirror.destination, `${place}.destination`);
      yield* shareProblems(
        mirror.percentage?.value,
        `${place}.percentage.value`,
      );
    }
  }
}

function* shareProblems(value: unknown, path: string): Iterable<Problem> {
  if (Number(value ?? 0) > 100 || Number(value ?? 0) < 0) {
    yield refused(
      path,
      `${value} is no percentage.`,
      'Use a number from 0 to 100.',
    );
  }
}
