import { counted } from '../counted';
import { describeDuration, parseDurationMs } from '../kube/duration';
import type { EffectiveTrafficPolicy } from './destinationRules';

/** What a traffic policy protects the service from, in words. Fields that Istio ignores are not mentioned. @public */
export function describeProtection(
  effective: EffectiveTrafficPolicy,
): string[] {
  const { connectionPool, outlierDetection, loadBalancer, tls } =
    effective.policy;
  const words: string[] = [];
  const http = connectionPool?.http ?? {};
  const tcp = connectionPool?.tcp ?? {};
  if (http.http2MaxRequests) {
    words.push(`at most ${counted(http.http2MaxRequests, 'request')} at once`);
  }
  if (http.http1MaxPendingRequests) {
    words.push(
      `at most ${counted(
        http.http1MaxPendingRequests,
        'request',
      )} waiting for a connection`,
    );
  }
  if (tcp.maxConnections) {
    words.push(`at most ${counted(tcp.maxConnections, 'connection')}`);
  }
  if (tcp.connectTimeout) {
    const ms = parseDurationMs(tcp.connectTimeout);
    words.push(
      `connects within ${ms ? describeDuration(ms) : tcp.connectTimeout}`,
    );
  }
  if (http.maxRequestsPerConnection) {
    words.push(
      `a connection serves ${counted(
        http.maxRequestsPerConnection,
        'request',
      )}`,
    );
  }
  if (outlierDetection) {
    words.push(describeEjection(outlierDetection));
  }
  if (loadBalancer?.simple) {
    words.push(
      `picks pods by ${String(loadBalancer.simple)
        .toLowerCase()
        .replace(/_/g, ' ')}`,
    );
  }
  if (tls?.mode) {
    words.push(`callers use TLS mode ${tls.mode}`);
  }
  return words;
}

/** Envoy's defaults: 5 errors in a row, 30 s, at most 10 % of the pods. Source: Envoy's outlier detection reference. */
function describeEjection(detection: Record<string, any>): string {
  const errors =
    detection.consecutive5xxErrors ?? detection.consecutiveGatewayErrors ?? 5;
  const time = parseDurationMs(detection.baseEjectionTime) ?? 30_000;
  const most = detection.maxEjectionPercent ?? 10;
  return `ejects a pod after ${counted(
    errors,
    'error',
  )} in a row for ${describeDuration(time)}, at most ${most} % of the pods`;
}
