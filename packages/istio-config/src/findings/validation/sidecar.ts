import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import { connectionPoolProblems } from './connectionPool';
import { destinationProblems } from './destinations';
import { domainProblem, isHttpProtocol, isPort, isTlsProtocol } from './names';
import { Problem, refused, warned } from './Problem';
import { workloadSelectorProblems } from './selectors';
import { serverTlsProblems } from './serverTls';
import { egressProblems } from './sidecarEgress';
import { listenerPortProblems, uniqueProblems } from './sidecarListeners';
import { UNIX, unixProblems } from './unixAddress';

/** Source: istio pkg/config/validation/validation.go, ValidateSidecar. */
export function* sidecarProblems({
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  const selector = workloadSelectorProblems(spec);
  yield* selector.problems;
  if (selector.isRefused) {
    return;
  }
  const egress = itemsOf(spec?.egress);
  const ingress = itemsOf(spec?.ingress);
  if (
    egress.length === 0 &&
    ingress.length === 0 &&
    !spec?.outboundTrafficPolicy &&
    !spec?.inboundConnectionPool
  ) {
    yield refused(
      'spec',
      'The Sidecar says nothing.',
      'Give it egress or ingress, or delete it.',
    );
    return;
  }
  yield* ingressProblems(ingress);
  yield* connectionPoolProblems(
    spec.inboundConnectionPool,
    'spec.inboundConnectionPool',
  );
  yield* egressProblems(egress, metadata.namespace ?? '');
  yield* outboundProblems(spec.outboundTrafficPolicy);
}

function* ingressProblems(listeners: any[]): Iterable<Problem> {
  const numbers = new Set<unknown>();
  for (const [index, listener] of listeners.entries()) {
    const path = `spec.ingress[${index}]`;
    const port = listener?.port;
    if (!isMap(port)) {
      yield refused(
        `${path}.port`,
        'The listener has no port.',
        'Set port.number, protocol and name.',
      );
      continue;
    }
    yield* listenerPortProblems(port, listener.bind, path);
    yield* uniqueProblems(port.number, numbers, path);
    yield* defaultEndpointProblems(
      listener.defaultEndpoint,
      `${path}.defaultEndpoint`,
    );
    if (isMap(listener.tls)) {
      yield* ingressTlsProblems(listener.tls, port, `${path}.tls`);
    }
    yield* connectionPoolProblems(
      listener.connectionPool,
      `${path}.connectionPool`,
    );
    if (listener.connectionPool?.http && !isHttpProtocol(port.protocol)) {
      yield warned(
        `${path}.connectionPool.http`,
        'The port does not speak HTTP, so only the limits of tcp count.',
        'Remove http, or set the protocol of the port.',
      );
    }
  }
}

const OWN_ADDRESSES = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

function* defaultEndpointProblems(
  endpoint: unknown,
  path: string,
): Iterable<Problem> {
  const text = String(endpoint ?? '');
  if (text.startsWith(UNIX)) {
    yield* unixProblems(text, path);
  } else if (text) {
    const { six, four, port } =
      /^(?:\[(?<six>[^\]]*)\]|(?<four>[^:]*)):(?<port>[^:]*)$/.exec(text)
        ?.groups ?? {};
    const address = six ?? four;
    if (
      address === undefined ||
      !OWN_ADDRESSES.includes(address) ||
      !/^[+-]?\d+$/.test(port) ||
      !isPort(Number(port))
    ) {
      yield refused(
        path,
        `${JSON.stringify(text)} is no place of the pod.`,
        'Write 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT or unix:///path.',
      );
    }
  }
}

function* ingressTlsProblems(
  tls: Record<string, any>,
  port: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const unsupported = [
    'subjectAltNames',
    'httpsRedirect',
    'credentialName',
    'credentialNames',
    'tlsCertificates',
  ].filter(field =>
    Array.isArray(tls[field]) ? tls[field].length > 0 : tls[field],
  );
  for (const field of unsupported) {
    yield refused(
      `${path}.${field}`,
      `A Sidecar knows no ${field}.`,
      'Remove it.',
    );
  }
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(tls.mode)) {
    yield refused(
      `${path}.mode`,
      `A Sidecar knows no mode ${tls.mode}.`,
      'Use SIMPLE or MUTUAL, or remove tls.',
    );
  }
  if (!isTlsProtocol(port.protocol)) {
    yield refused(
      path,
      `The port speaks ${port.protocol}, which is not encrypted.`,
      'Set the protocol to HTTPS or TLS, or remove tls.',
    );
  }
  yield* serverTlsProblems(tls, path);
}

function* outboundProblems(policy: unknown): Iterable<Problem> {
  const path = 'spec.outboundTrafficPolicy';
  if (!isMap(policy)) {
    return;
  }
  const mode = policy.mode ?? 'REGISTRY_ONLY';
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS') {
    yield refused(
      `${path}.mode`,
      `Only the whole mesh can have the mode ${mode}.`,
      'Use ALLOW_ANY or REGISTRY_ONLY.',
    );
  } else if (isMap(policy.egressProxy)) {
    if (mode !== 'ALLOW_ANY') {
      yield refused(
        `${path}.egressProxy`,
        'egressProxy is for the mode ALLOW_ANY.',
        'Set mode to ALLOW_ANY, or remove it.',
      );
      return;
    }
    const problem = domainProblem(policy.egressProxy.host);
    if (problem || !isMap(policy.egressProxy.port)) {
      yield refused(
        `${path}.egressProxy`,
        `The egressProxy needs a host and a port${
          problem ? `: ${problem}` : ''
        }.`,
        'Set host and port.number.',
      );
      return;
    }
    yield* destinationProblems(policy.egressProxy, `${path}.egressProxy`);
  }
}
