import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf, ownField, textsOf } from '../../kube/reading';
import { isIp } from '../../kube/isIp';
import { domainProblem, labelProblems } from './names';
import { Problem, refused, warned } from './Problem';
import { endpointPortProblems, workloadEntryProblems } from './workloads';

const WAYPOINT = 'istio.io/use-waypoint';
const RESOLUTIONS = ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'];

/** How the addresses behind a host are found. Source: istio pkg/config/validation/validation.go, ValidateServiceEntry. */
export function* resolutionProblems(object: KubeObject): Iterable<Problem> {
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
    if (Array.isArray(spec?.endpoints)) {
      yield refused(
        'spec.endpoints',
        'With resolution NONE a request goes to the address that it was sent to; endpoints are refused, also an empty list.',
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
