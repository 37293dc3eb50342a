import { parseDurationNanos } from '../../kube/duration';
import { isMap } from '../../kube/reading';
import { Problem, refused } from './Problem';
import { durationProblems, notNegative } from './values';

/** Source: istio validation.go, validateConnectionPool. */
export function* connectionPoolProblems(
  pool: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(pool)) {
    return;
  }
  if (!pool.http && !pool.tcp) {
    yield refused(
      path,
      'The connectionPool is empty.',
      'Set http or tcp, or remove it.',
    );
    return;
  }
  if (isMap(pool.http)) {
    yield* httpPoolProblems(pool.http, `${path}.http`);
  }
  if (isMap(pool.tcp)) {
    yield* tcpPoolProblems(pool.tcp, `${path}.tcp`);
  }
}

function* httpPoolProblems(
  http: Record<string, any>,
  path: string,
): Iterable<Problem> {
  yield* notNegative(
    http,
    [
      'http1MaxPendingRequests',
      'http2MaxRequests',
      'maxRequestsPerConnection',
      'maxRetries',
      'maxConcurrentStreams',
    ],
    path,
  );
  yield* durationProblems(http.idleTimeout, `${path}.idleTimeout`);
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol) {
    yield refused(
      `${path}.useClientProtocol`,
      'h2UpgradePolicy UPGRADE and useClientProtocol contradict each other.',
      'Keep one of both.',
    );
  }
  if (isMap(http.http2KeepAlive)) {
    for (const field of ['interval', 'timeout']) {
      const place = `${path}.http2KeepAlive.${field}`;
      if (http.http2KeepAlive[field] === undefined) {
        yield refused(
          place,
          `http2KeepAlive needs ${field}.`,
          'Set interval and timeout.',
        );
      }
      yield* durationProblems(http.http2KeepAlive[field], place);
    }
  }
}

function* tcpPoolProblems(
  tcp: Record<string, any>,
  path: string,
): Iterable<Problem> {
  yield* notNegative(tcp, ['maxConnections'], path);
  for (const field of ['connectTimeout', 'maxConnectionDuration']) {
    yield* durationProblems(tcp[field], `${path}.${field}`);
  }
  // 0s switches it off.
  if (Math.trunc((parseDurationNanos(tcp.idleTimeout) ?? 1e6) / 1e6) !== 0) {
    yield* durationProblems(tcp.idleTimeout, `${path}.idleTimeout`);
  }
  for (const field of ['time', 'interval']) {
    yield* durationProblems(
      tcp.tcpKeepalive?.[field],
      `${path}.tcpKeepalive.${field}`,
    );
  }
}
