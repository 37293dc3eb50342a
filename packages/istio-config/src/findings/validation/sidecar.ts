import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import { connectionPoolProblems } from './connectionPool';
import { destinationProblems } from './destinations';
import {
  domainProblem,
  isDnsLabel,
  isHttpProtocol,
  isIp,
  isPort,
  isTlsProtocol,
  portNameProblems,
  portProblems,
  protocolProblems,
  wholeHostProblem,
} from './names';
import { Problem, refused, warned } from './Problem';
import { selectorProblems } from './selectors';
import { serverTlsProblems } from './serverTls';
import { UNIX, unixProblems } from './unixAddress';

/** Source: istio pkg/config/validation/validation.go, ValidateSidecar. */
export function* sidecarProblems({
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  const selector = [
    ...selectorProblems(
      spec?.workloadSelector,
      'spec.workloadSelector',
      'labels',
    ),
  ];
  yield* selector;
  if (selector.some(({ level }) => level === 'error')) {
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

function* uniqueProblems(
  number: unknown,
  seen: Set<unknown>,
  path: string,
): Iterable<Problem> {
  if (seen.has(number)) {
    yield refused(
      `${path}.port.number`,
      `Two listeners have the port ${number}.`,
      'Give each its own.',
    );
  }
  seen.add(number);
}

function* listenerPortProblems(
  port: Record<string, any>,
  bind: unknown,
  path: string,
): Iterable<Problem> {
  if (port.targetPort) {
    yield refused(
      `${path}.port.targetPort`,
      'A Sidecar knows no targetPort.',
      'Remove it.',
    );
  }
  if (port.name) {
    yield* portNameProblems(port.name, `${path}.port.name`);
  }
  yield* protocolProblems(port.protocol, `${path}.port.protocol`);
  yield* portProblems(port.number, `${path}.port.number`);
  if (bind && !isIp(bind)) {
    yield refused(
      `${path}.bind`,
      `${JSON.stringify(bind)} is no address.`,
      'Write an IP address, or remove it.',
    );
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

function* egressProblems(
  listeners: any[],
  namespace: string,
): Iterable<Problem> {
  const numbers = new Set<unknown>();
  const sockets = new Set<unknown>();
  for (const [index, listener] of listeners.entries()) {
    const path = `spec.egress[${index}]`;
    if (!isMap(listener?.port)) {
      if (index < listeners.length - 1) {
        yield refused(
          `${path}.port`,
          'Only the last egress may be without a port: it takes what the others leave.',
          'Move it to the end.',
        );
      }
    } else if (listener.port.number) {
      yield* listenerPortProblems(listener.port, listener.bind, path);
      yield* uniqueProblems(listener.port.number, numbers, path);
    } else {
      yield* socketProblems(listener, path);
      yield* uniqueProblems(listener.bind, sockets, path);
    }
    yield* egressHostsProblems(listener?.hosts, path, namespace);
  }
}

function* socketProblems(
  listener: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const { port, captureMode = 'DEFAULT' } = listener;
  const bind = String(listener.bind ?? '');
  if (port.targetPort) {
    yield refused(
      `${path}.port.targetPort`,
      'A Sidecar knows no targetPort.',
      'Remove it.',
    );
  }
  if (port.name) {
    yield* portNameProblems(port.name, `${path}.port.name`);
  }
  yield* protocolProblems(port.protocol, `${path}.port.protocol`);
  if (!bind.startsWith(UNIX)) {
    yield refused(
      `${path}.port.number`,
      'The port has no number.',
      'Set it, or bind to unix:///path.',
    );
  } else {
    yield* unixProblems(bind, `${path}.bind`);
  }
  if (!['DEFAULT', 'NONE'].includes(captureMode)) {
    yield refused(
      `${path}.captureMode`,
      'What goes to a socket cannot be captured.',
      'Use DEFAULT or NONE.',
    );
  }
}

function* egressHostsProblems(
  hosts: unknown,
  path: string,
  namespace: string,
): Iterable<Problem> {
  const given = itemsOf(hosts).map(String);
  if (given.length === 0) {
    yield refused(
      `${path}.hosts`,
      'The egress names no host.',
      'List namespace/host; */* takes all.',
    );
  }
  const seen = new Map<string, Set<string>>();
  for (const [index, host] of given.entries()) {
    const place = `${path}.hosts[${index}]`;
    yield* egressHostProblems(host, place);
    const slash = host.indexOf('/');
    if (slash >= 0 && !host.startsWith('~')) {
      const owner = host.slice(0, slash).replace(/^\.$/, namespace);
      const name = host.slice(slash + 1);
      const names = seen.get(owner) ?? new Set();
      if (name === '*' ? names.size > 0 : names.has(name) || names.has('*')) {
        yield warned(place, `${host} is there twice.`, 'Name it once.');
      }
      seen.set(owner, names.add(name));
    }
  }
  if (seen.get('*')?.has('*') && seen.size > 1) {
    yield warned(
      `${path}.hosts`,
      '*/* takes all, so the other hosts say nothing.',
      'Remove them, or */*.',
    );
  }
}

/** Source: istio pkg/config/validation/agent, ValidateNamespaceSlashWildcardHostname. */
function* egressHostProblems(text: string, path: string): Iterable<Problem> {
  const slash = text.indexOf('/');
  const namespace = text.slice(0, slash);
  const host = text.slice(slash + 1);
  const bare = namespace.replace(/^~/, '');
  if (
    slash <= 0 ||
    (bare !== '' && bare !== '*' && bare !== '.' && !isDnsLabel(bare))
  ) {
    yield refused(
      path,
      `${JSON.stringify(text)} names no namespace and host.`,
      'Write namespace/host; "." is this namespace, "*" all.',
    );
    return;
  }
  const problem = wholeHostProblem(host);
  if (problem) {
    yield refused(
      path,
      `${JSON.stringify(host)} is not taken for a host: ${problem}.`,
      'Write the whole host, as orders.shop.svc.cluster.local.',
    );
  }
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
