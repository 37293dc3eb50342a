import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, isMap, itemsOf, textsOf } from '../../kube/reading';
import { isIp } from '../../kube/isIp';
import { routeProblems } from './destinations';
import { exportToProblems } from './exportTo';
import { isClaimCondition } from './headers';
import { gatewayNameProblems, sourceProblems } from './httpConditions';
import { httpRuleProblems } from './httpRules';
import {
  hostsOverlap,
  isCoveredBy,
  isIpOrBlock,
  wildcardDomainProblem,
} from './names';
import { Problem, refused, warned } from './Problem';

/** Source: istio pkg/config/validation/validation.go, ValidateVirtualService. */
export function* virtualServiceProblems({
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  const hosts = textsOf(spec?.hosts);
  const isDelegate = hosts.length === 0;
  if (isDelegate) {
    yield* delegateProblems(spec);
  }
  yield* gatewayNameProblems(spec?.gateways, 'spec.gateways');
  const isForGateways = isForGatewaysOnly(spec);
  if (!isForGateways) {
    yield* claimProblems(spec);
  }
  yield* hostProblems(spec, hosts, isForGateways);
  const rules = ['http', 'tcp', 'tls'].flatMap(protocol =>
    itemsOf(spec?.[protocol]),
  );
  if (rules.length === 0) {
    yield refused(
      'spec',
      'It has no http, tcp or tls rule.',
      'Add a rule, or delete the object.',
    );
  }
  for (const [index, rule] of itemsOf(spec?.http).entries()) {
    yield* httpRuleProblems(rule, `spec.http[${index}]`, isDelegate);
  }
  for (const [index, rule] of itemsOf(spec?.tls).entries()) {
    yield* tlsRuleProblems(rule, `spec.tls[${index}]`, hosts, isForGateways);
  }
  for (const [index, rule] of itemsOf(spec?.tcp).entries()) {
    yield* tcpRuleProblems(rule, `spec.tcp[${index}]`);
  }
  yield* exportToProblems(spec?.exportTo, {
    namespace: metadata.namespace ?? '',
  });
}

function isForGatewaysOnly(spec: any): boolean {
  const gateways = textsOf(spec?.gateways);
  return gateways.length > 0 && !gateways.includes('mesh');
}

function* delegateProblems(spec: any): Iterable<Problem> {
  if (itemsOf(spec?.gateways).length > 0) {
    yield refused(
      'spec.hosts',
      'It names gateways and no host: only a delegate has no host, and a delegate has no gateways.',
      'Add the host, or remove the gateways.',
    );
  }
  for (const protocol of ['tls', 'tcp']) {
    if (itemsOf(spec?.[protocol]).length > 0) {
      yield refused(
        `spec.${protocol}`,
        `It has no host, so it is a delegate, and a delegate has no ${protocol} rules.`,
        'Add the host, or move the rules.',
      );
    }
  }
}

/** Only a gateway routes by the claims of a token. */
function* claimProblems(spec: any): Iterable<Problem> {
  for (const [index, rule] of itemsOf(spec?.http).entries()) {
    for (const [place, match] of itemsOf(rule?.match).entries()) {
      for (const field of ['headers', 'withoutHeaders']) {
        for (const [name] of fieldsOf(match?.[field])) {
          if (isClaimCondition(name)) {
            yield refused(
              `spec.http[${index}].match[${place}].${field}.${name}`,
              'Only gateways route by the claims of a token, and this is not for gateways alone.',
              'Name gateways, without mesh.',
            );
          }
        }
      }
    }
  }
}

function* hostProblems(
  spec: any,
  hosts: string[],
  isForGateways: boolean,
): Iterable<Problem> {
  const wrong = hosts
    .map((host, index) => ({
      host,
      path: `spec.hosts[${index}]`,
      problem: hostProblem(host, spec, isForGateways),
    }))
    .filter(({ problem }) => problem);
  for (const { host, path, problem } of wrong) {
    yield refused(
      path,
      `${JSON.stringify(host)} is not taken for a host: ${problem}.`,
      'Name the host, or a wildcard such as *.example.com.',
    );
  }
  if (wrong.length > 0) {
    return;
  }
  for (const [index, host] of hosts.entries()) {
    const before = hosts.slice(0, index).find(one => hostsOverlap(one, host));
    if (before !== undefined) {
      yield refused(
        `spec.hosts[${index}]`,
        `${JSON.stringify(host)} and ${JSON.stringify(
          before,
        )} take the same requests.`,
        'Keep the wider one.',
      );
    }
  }
}

/** A gateway between networks names services so. */
const OUTBOUND_PREFIX = 'outbound_';
const OUTBOUND = /^outbound_\.\d.*_\.[^.]*\.[a-zA-Z].*$/s;

function outboundProblem(name: string): string | undefined {
  return OUTBOUND.test(name) ? undefined : 'it is not outbound_.PORT_._.HOST';
}

function hostProblem(
  host: string,
  spec: any,
  isForGateways: boolean,
): string | undefined {
  if (
    isForGateways &&
    host.startsWith(OUTBOUND_PREFIX) &&
    itemsOf(spec?.tls).some(rule =>
      itemsOf(rule?.match).some(match => itemsOf(match?.sniHosts).length > 0),
    )
  ) {
    return outboundProblem(host);
  }
  const problem = wildcardDomainProblem(host);
  if (problem) {
    return isIp(host) ? undefined : problem;
  }
  return host === '*' && !isForGateways
    ? 'in the mesh it would take over every name'
    : undefined;
}

/** Source: validation.go, validateTLSRoute. */
function* tlsRuleProblems(
  rule: unknown,
  path: string,
  hosts: string[],
  isForGateways: boolean,
): Iterable<Problem> {
  if (!isMap(rule)) {
    return;
  }
  if (itemsOf(rule.match).length === 0) {
    yield refused(
      path,
      'A tls rule needs a match with sniHosts.',
      'Add one for the host.',
    );
  }
  for (const [index, match] of itemsOf(rule.match).entries()) {
    const place = `${path}.match[${index}]`;
    if (itemsOf(match?.sniHosts).length === 0) {
      yield refused(
        place,
        'The match names no sniHosts.',
        'List the server names that it is for.',
      );
    }
    for (const [at, name] of textsOf(match?.sniHosts).entries()) {
      yield* sniProblems(name, `${place}.sniHosts[${at}]`, {
        hosts,
        isForGateways,
      });
    }
    yield* connectionProblems(match, place);
  }
  yield* destinationsProblems(rule, path);
}

function* sniProblems(
  name: string,
  path: string,
  { hosts, isForGateways }: { hosts: string[]; isForGateways: boolean },
): Iterable<Problem> {
  const problem =
    isForGateways && name.startsWith(OUTBOUND_PREFIX)
      ? outboundProblem(name)
      : wildcardDomainProblem(name);
  if (problem && isIp(name)) {
    yield warned(
      path,
      'A server name is a name, not an address: most clients send none for an address.',
      'Use a host name.',
    );
  } else if (problem) {
    yield refused(
      path,
      `${JSON.stringify(name)} is no server name: ${problem}.`,
      'Name the host, or a wildcard such as *.example.com.',
    );
  } else if (!hosts.some(host => isCoveredBy(name, host))) {
    yield refused(
      path,
      `${JSON.stringify(name)} is none of the hosts of this VirtualService.`,
      'Add it to spec.hosts, or correct it.',
    );
  }
}

/** Source: validation.go, validateTCPRoute. */
function* tcpRuleProblems(rule: unknown, path: string): Iterable<Problem> {
  if (!isMap(rule)) {
    return;
  }
  for (const [index, match] of itemsOf(rule.match).entries()) {
    yield* connectionProblems(match, `${path}.match[${index}]`);
  }
  yield* destinationsProblems(rule, path);
}

function* destinationsProblems(
  rule: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (itemsOf(rule.route).length === 0) {
    yield refused(path, 'The rule has no route.', 'Give it a destination.');
  }
  yield* routeProblems(rule.route, `${path}.route`);
}

function* connectionProblems(match: unknown, path: string): Iterable<Problem> {
  if (!isMap(match)) {
    return;
  }
  for (const [index, subnet] of itemsOf(match.destinationSubnets).entries()) {
    if (!isIpOrBlock(subnet)) {
      yield refused(
        `${path}.destinationSubnets[${index}]`,
        `${JSON.stringify(subnet)} is no address and no block of addresses.`,
        'Write 10.0.0.1 or 10.0.0.0/8.',
      );
    }
  }
  // Of connections Istio does not check from which namespace they come.
  yield* sourceProblems({ ...match, sourceNamespace: undefined }, path);
}
