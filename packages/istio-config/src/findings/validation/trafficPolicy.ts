import { isMap, itemsOf } from '../../kube/reading';
import { isIp } from '../../kube/isIp';
import { clientTlsProblems } from './clientTls';
import { connectionPoolProblems } from './connectionPool';
import { loadBalancerProblems } from './loadBalancer';
import { domainProblem, portProblems } from './names';
import { Problem, refused } from './Problem';
import { durationProblems, percentProblems } from './values';

/** What a port of its own may be told. */
const PORT_FIELDS = [
  'outlierDetection',
  'connectionPool',
  'loadBalancer',
  'tls',
];
const FIELDS = [
  ...PORT_FIELDS,
  'portLevelSettings',
  'tunnel',
  'proxyProtocol',
  'retryBudget',
];

/** Source: istio validation.go, validateTrafficPolicy. */
export function* trafficPolicyProblems(
  policy: unknown,
  path: string,
  namespace: string,
): Iterable<Problem> {
  if (!isMap(policy)) {
    return;
  }
  if (FIELDS.every(field => isUnset(policy[field]))) {
    // Of one with a field that Istio does not have, that field is said to be unknown.
    if (Object.keys(policy).length > 0) {
      return;
    }
    yield refused(
      path,
      'The trafficPolicy is empty.',
      'Remove it, or set what it is for.',
    );
    return;
  }
  if (policy.tunnel && policy.proxyProtocol) {
    yield refused(
      path,
      'It has tunnel and proxyProtocol; it can have one of them.',
      'Remove one.',
    );
    return;
  }
  yield* commonProblems(policy, path, namespace);
  for (const [index, port] of itemsOf(policy.portLevelSettings).entries()) {
    yield* portPolicyProblems(
      port,
      `${path}.portLevelSettings[${index}]`,
      namespace,
    );
  }
  yield* tunnelProblems(policy.tunnel, `${path}.tunnel`);
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Source: same, validatePortTrafficPolicies. */
function* portPolicyProblems(
  policy: unknown,
  path: string,
  namespace: string,
): Iterable<Problem> {
  if (!isMap(policy) || !isMap(policy.port)) {
    yield refused(
      path,
      'The setting names no port.',
      'Set port.number to a port of the service.',
    );
  }
  if (!isMap(policy)) {
    return;
  }
  if (PORT_FIELDS.every(field => isUnset(policy[field]))) {
    yield refused(
      path,
      'The setting of the port is empty.',
      'Remove it, or set what it is for.',
    );
    return;
  }
  yield* commonProblems(policy, path, namespace);
}

function* commonProblems(
  policy: Record<string, any>,
  path: string,
  namespace: string,
): Iterable<Problem> {
  yield* outlierProblems(policy.outlierDetection, `${path}.outlierDetection`);
  yield* connectionPoolProblems(
    policy.connectionPool,
    `${path}.connectionPool`,
  );
  yield* loadBalancerProblems(
    policy.loadBalancer,
    policy.outlierDetection,
    `${path}.loadBalancer`,
  );
  yield* clientTlsProblems(policy.tls, `${path}.tls`, namespace);
}

/** Its warning of consecutiveErrors is MD0101 here, which knows the mend. Source: same, validateOutlierDetection. */
function* outlierProblems(outlier: unknown, path: string): Iterable<Problem> {
  if (!isMap(outlier)) {
    return;
  }
  yield* durationProblems(outlier.baseEjectionTime, `${path}.baseEjectionTime`);
  yield* durationProblems(outlier.interval, `${path}.interval`);
  if (
    !outlier.splitExternalLocalOriginErrors &&
    outlier.consecutiveLocalOriginFailures > 0
  ) {
    yield refused(
      `${path}.consecutiveLocalOriginFailures`,
      'consecutiveLocalOriginFailures counts only where local errors are counted apart.',
      'Set splitExternalLocalOriginErrors to true, or remove it.',
    );
  }
  for (const field of ['maxEjectionPercent', 'minHealthPercent']) {
    yield* percentProblems(outlier[field], `${path}.${field}`);
  }
}

/** Source: same, validateTunnelSettings. */
function* tunnelProblems(tunnel: unknown, path: string): Iterable<Problem> {
  if (!isMap(tunnel)) {
    return;
  }
  if (tunnel.protocol && !['CONNECT', 'POST'].includes(tunnel.protocol)) {
    yield refused(
      `${path}.protocol`,
      `A tunnel knows no protocol ${JSON.stringify(tunnel.protocol)}.`,
      'Use CONNECT or POST.',
    );
  }
  const problem = domainProblem(tunnel.targetHost);
  if (problem && !isIp(tunnel.targetHost)) {
    yield refused(
      `${path}.targetHost`,
      `The tunnel has no valid targetHost: ${problem}.`,
      'Name the host or address at its end.',
    );
  }
  yield* portProblems(tunnel.targetPort, `${path}.targetPort`);
}
