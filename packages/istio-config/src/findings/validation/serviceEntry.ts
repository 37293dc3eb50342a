import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf, ownField, textsOf } from '../../kube/reading';
import { exportToProblems } from './exportTo';
import {
  domainProblem,
  isHttpProtocol,
  isIp,
  isIpOrBlock,
  isPartialWildcard,
  isTlsProtocol,
  labelProblems,
  portNameProblems,
  portProblems,
  protocolProblems,
  wildcardDomainProblem,
} from './names';
import { Problem, refused, warned } from './Problem';
import { selectorProblems } from './selectors';
import { endpointPortProblems, workloadEntryProblems } from './workloads';

const WAYPOINT = 'istio.io/use-waypoint';
const AUTO_ALLOCATION = 'networking.istio.io/enable-autoallocate-ip';

/** Source: istio pkg/config/validation/validation.go, ValidateServiceEntry. */
export function* serviceEntryProblems(object: KubeObject): Iterable<Problem> {
  const { metadata, spec } = object;
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
  if (spec?.workloadSelector && Array.isArray(spec.endpoints)) {
    yield refused(
      'spec.endpoints',
      'It has endpoints and a workloadSelector; it can have one of them.',
      'Remove one.',
    );
  }
  yield* hostProblems(spec);
  yield* addressProblems(spec);
  yield* servicePortProblems(object);
  yield* resolutionProblems(object);
  yield* severalHostsProblems(spec);
  yield* exportToProblems(spec?.exportTo, {
    namespace: metadata.namespace ?? '',
    mayBeNobody: true,
  });
}

function* hostProblems(spec: any): Iterable<Problem> {
  const hosts = textsOf(spec?.hosts);
  if (hosts.length === 0) {
    yield refused(
      'spec.hosts',
      'It names no host.',
      'List the hosts that it adds to the mesh.',
    );
  }
  for (const [index, host] of hosts.entries()) {
    const path = `spec.hosts[${index}]`;
    const problem = wildcardDomainProblem(host);
    if (host === '*') {
      yield refused(
        path,
        'The host * is refused: it would take over every name.',
        'Name the hosts, or a wildcard such as *.example.com.',
      );
    } else if (problem) {
      yield refused(
        path,
        `${JSON.stringify(host)} is not taken for a host: ${problem}.`,
        'Name the host, or a wildcard such as *.example.com.',
      );
    }
    if (
      host !== '*' &&
      spec.resolution !== 'DYNAMIC_DNS' &&
      isPartialWildcard(host)
    ) {
      yield warned(
        path,
        `The wildcard in ${host} is not the whole first part.`,
        'Write *.example.com.',
      );
    }
  }
}

function* addressProblems(spec: any): Iterable<Problem> {
  const addresses = textsOf(spec?.addresses);
  for (const [index, address] of addresses.entries()) {
    if (!isIpOrBlock(address)) {
      yield refused(
        `spec.addresses[${index}]`,
        `${JSON.stringify(address)} is no address and no block of addresses.`,
        'Write 10.0.0.1 or 10.0.0.0/8.',
      );
    }
  }
  const resolution = spec?.resolution ?? 'NONE';
  if (
    addresses.some(address => address.includes('/')) &&
    resolution !== 'NONE' &&
    resolution !== 'STATIC'
  ) {
    yield refused(
      'spec.addresses',
      `A block of addresses cannot be resolved by ${resolution}.`,
      'Use the resolution NONE or STATIC, or single addresses.',
    );
  }
}

function* servicePortProblems({
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  const names = new Set<unknown>();
  const numbers = new Set<unknown>();
  const hasAddress =
    textsOf(spec?.addresses).length > 0 ||
    isAllocated({ metadata, spec } as KubeObject);
  for (const [index, port] of itemsOf(spec?.ports).entries()) {
    const path = `spec.ports[${index}]`;
    for (const [field, seen] of [
      ['name', names],
      ['number', numbers],
    ] as const) {
      if (seen.has(port?.[field] ?? '')) {
        yield refused(
          `${path}.${field}`,
          `Two ports have the ${field} ${JSON.stringify(port?.[field] ?? '')}.`,
          'Give each its own.',
        );
      }
      seen.add(port?.[field] ?? '');
    }
    if (port?.targetPort) {
      yield* portProblems(port.targetPort, `${path}.targetPort`);
    }
    if (!hasAddress && (!port?.protocol || port.protocol === 'TCP')) {
      yield warned(
        path,
        'Without an address of its own, the host of a TCP port cannot be told from others.',
        'Set addresses.',
      );
    }
    yield* portNameProblems(port?.name, `${path}.name`);
    yield* protocolProblems(port?.protocol, `${path}.protocol`);
    yield* portProblems(port?.number, `${path}.number`);
  }
}

/** Source: istio pilot/pkg/networking/serviceentry, ShouldV2AutoAllocateIPFromConfig. */
function isAllocated({ metadata, spec }: KubeObject): boolean {
  const wish: unknown = ownField(metadata.labels, AUTO_ALLOCATION);
  return (
    String(wish).toLowerCase() !== 'false' &&
    (spec?.resolution ?? 'NONE') !== 'NONE' &&
    textsOf(spec?.hosts).some(host => !host.startsWith('*'))
  );
}

const RESOLUTIONS = ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'];

function* resolutionProblems(object: KubeObject): Iterable<Problem> {
  const { spec } = object;
  const endpoints = itemsOf(spec?.endpoints);
  const resolution = spec?.resolution ?? 'NONE';
  const ports = new Set(
    itemsOf(spec?.ports).map(port => String(port?.name ?? '')),
  );
  if (!RESOLUTIONS.includes(resolution)) {
    yield refused(
      'spec.resolution',
      `There is no resolution ${resolution}.`,
      `Use one of ${RESOLUTIONS.join(', ')}.`,
    );
  } else if (resolution === 'NONE') {
    if (endpoints.length > 0) {
      yield refused(
        'spec.endpoints',
        'With resolution NONE a request goes to the address that it was sent to; endpoints are refused.',
        'Use STATIC or DNS, or remove the endpoints.',
      );
    }
    if (spec?.workloadSelector) {
      yield warned(
        'spec.workloadSelector',
        'With resolution NONE no workload is looked for.',
        'Use STATIC, or remove the selector.',
      );
    }
  } else if (resolution === 'STATIC') {
    for (const [index, endpoint] of endpoints.entries()) {
      yield* workloadEntryProblems(endpoint, `spec.endpoints[${index}]`, ports);
    }
  } else if (resolution === 'DYNAMIC_DNS') {
    yield* dynamicDnsProblems(object);
  } else {
    yield* dnsProblems(spec, endpoints, ports);
  }
}

function* dnsProblems(
  spec: any,
  endpoints: any[],
  ports: ReadonlySet<string>,
): Iterable<Problem> {
  const unresolvable = textsOf(spec.hosts).find(host => domainProblem(host));
  if (endpoints.length === 0 && unresolvable !== undefined) {
    yield refused(
      'spec.hosts',
      `${JSON.stringify(unresolvable)} cannot be looked up.`,
      'Name a host without wildcard, or give endpoints.',
    );
  }
  if (spec.resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    yield refused(
      'spec.endpoints',
      'DNS_ROUND_ROBIN takes one endpoint.',
      'Use DNS, or keep one.',
    );
  }
  for (const [index, endpoint] of endpoints.entries()) {
    const path = `spec.endpoints[${index}]`;
    if (!isIp(endpoint?.address) && domainProblem(endpoint?.address)) {
      yield refused(
        `${path}.address`,
        `${JSON.stringify(endpoint?.address ?? '')} is no host and no address.`,
        'Name what is to be looked up.',
      );
    }
    yield* labelProblems(endpoint?.labels, `${path}.labels`);
    yield* endpointPortProblems(endpoint?.ports, `${path}.ports`, ports);
  }
  const hasTcp = itemsOf(spec.ports).some(port =>
    /^(tcp|https|tls|mongo|redis|mysql)$/i.test(String(port?.protocol ?? '')),
  );
  if (
    textsOf(spec.addresses).length > 0 &&
    hasTcp &&
    textsOf(spec.hosts).length > 1
  ) {
    yield warned(
      'spec.hosts',
      'Several hosts share one address and a TCP port: they cannot be told apart.',
      'Write one ServiceEntry for each host.',
    );
  }
}

const DYNAMIC_PROTOCOLS = /^(http|tls|grpc|http2)$/i;

function* dynamicDnsProblems({
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  for (const [index, host] of textsOf(spec.hosts).entries()) {
    if (!host.startsWith('*')) {
      yield refused(
        `spec.hosts[${index}]`,
        'DYNAMIC_DNS is for hosts with a wildcard.',
        'Write *.example.com, or use DNS.',
      );
    }
  }
  for (const field of ['addresses', 'endpoints']) {
    if (itemsOf(spec[field]).length > 0) {
      yield refused(
        `spec.${field}`,
        `DYNAMIC_DNS takes no ${field}: each host is looked up by its name.`,
        'Remove them.',
      );
    }
  }
  for (const [index, port] of itemsOf(spec.ports).entries()) {
    if (!DYNAMIC_PROTOCOLS.test(String(port?.protocol ?? ''))) {
      yield refused(
        `spec.ports[${index}].protocol`,
        'DYNAMIC_DNS is for HTTP, HTTP2, GRPC and TLS.',
        'Set the protocol to one of them.',
      );
    }
  }
  const waypoint: unknown = ownField(metadata.labels, WAYPOINT);
  if (
    spec.location === 'MESH_INTERNAL' &&
    waypoint &&
    String(waypoint).toLowerCase() !== 'none'
  ) {
    yield refused(
      'spec.location',
      'DYNAMIC_DNS at a waypoint is for hosts outside the mesh.',
      'Set location to MESH_EXTERNAL.',
    );
  }
}

/** By what do hosts differ? Only HTTP and TLS say a name. */
function* severalHostsProblems(spec: any): Iterable<Problem> {
  if (
    (spec?.resolution ?? 'NONE') === 'NONE' ||
    textsOf(spec?.hosts).length < 2
  ) {
    return;
  }
  const index = itemsOf(spec.ports).findIndex(
    port => !isHttpProtocol(port?.protocol) && !isTlsProtocol(port?.protocol),
  );
  if (index >= 0) {
    yield refused(
      `spec.ports[${index}]`,
      'Several hosts on a port that is neither HTTP nor TLS cannot be told apart.',
      'Write one ServiceEntry for each host.',
    );
  }
}
