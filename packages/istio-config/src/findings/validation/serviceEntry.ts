import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf, ownField, textsOf } from '../../kube/reading';
import { exportToProblems } from './exportTo';
import {
  isHttpProtocol,
  isIpOrBlock,
  isPartialWildcard,
  isTlsProtocol,
  portNameProblems,
  portProblems,
  protocolProblems,
  wildcardDomainProblem,
} from './names';
import { Problem, refused, warned } from './Problem';
import { resolutionProblems } from './resolution';
import { workloadSelectorProblems } from './selectors';

const AUTO_ALLOCATION = 'networking.istio.io/enable-autoallocate-ip';

/** Source: istio pkg/config/validation/validation.go, ValidateServiceEntry. */
export function* serviceEntryProblems(object: KubeObject): Iterable<Problem> {
  const { metadata, spec } = object;
  const selector = workloadSelectorProblems(spec);
  yield* selector.problems;
  if (selector.isRefused) {
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
    if (typeof port?.targetPort === 'number') {
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
