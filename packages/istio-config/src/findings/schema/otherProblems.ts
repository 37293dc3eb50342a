import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, itemsOf, textsOf } from '../../kube/reading';
import { isPort } from './placeholders';
import { Problem, refused, warned } from './Problem';

const SERVER_MODES = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'];
const CLIENT_MODES = ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'];

/** Source: istio pkg/config/validation/validation.go, ValidateDestinationRule. */
export function* destinationRuleProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  if (typeof spec?.host !== 'string' || !spec.host) {
    yield refused(
      'spec.host',
      'It names no host.',
      'Set host to the service that it is for.',
    );
  }
  const names = new Set<unknown>();
  for (const [index, subset] of itemsOf(spec?.subsets).entries()) {
    if (!subset?.name) {
      yield refused(
        `spec.subsets[${index}].name`,
        'A subset has no name, so no route can name it.',
        'Give it a name.',
      );
    } else if (names.has(subset.name)) {
      yield refused(
        `spec.subsets[${index}].name`,
        `The subset ${subset.name} is defined twice; the later one is dropped.`,
        'Rename or remove it.',
      );
    }
    names.add(subset?.name);
  }
  const mode: unknown = spec?.trafficPolicy?.tls?.mode;
  if (mode !== undefined && !CLIENT_MODES.includes(String(mode))) {
    yield refused(
      'spec.trafficPolicy.tls.mode',
      `There is no TLS mode ${mode}.`,
      `Use one of ${CLIENT_MODES.join(', ')}.`,
    );
  }
}

/** Source: validation.go, ValidatePeerAuthentication. */
export function* peerAuthenticationProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  const modes: [string, unknown][] = [
    ['spec.mtls.mode', spec?.mtls?.mode],
    ...fieldsOf(spec?.portLevelMtls).map(([port, value]): [string, unknown] => [
      `spec.portLevelMtls.${port}.mode`,
      value?.mode,
    ]),
  ];
  for (const [path, mode] of modes) {
    if (mode !== undefined && !SERVER_MODES.includes(String(mode))) {
      yield refused(
        path,
        `There is no mTLS mode ${mode}.`,
        `Use one of ${SERVER_MODES.join(', ')}.`,
      );
    }
  }
  const ports = fieldsOf(spec?.portLevelMtls);
  for (const [port] of ports) {
    if (!isPort(Number(port))) {
      yield refused(
        `spec.portLevelMtls.${port}`,
        `portLevelMtls has the key ${JSON.stringify(port)}, which is no port.`,
        'Use the number of the workload’s port, from 1 to 65535.',
      );
    }
  }
  if (ports.length > 0 && fieldsOf(spec?.selector?.matchLabels).length === 0) {
    yield refused(
      'spec.portLevelMtls',
      'portLevelMtls needs a selector: ports are those of a workload. Istio refuses the object.',
      'Add selector.matchLabels, or remove portLevelMtls.',
    );
  }
}

const HTTP_ONLY = [
  'hosts',
  'notHosts',
  'methods',
  'notMethods',
  'paths',
  'notPaths',
];
const ACTIONS = ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'];

/** Source: validation.go, ValidateAuthorizationPolicy. */
export function* authorizationPolicyProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  const action: unknown = spec?.action ?? 'ALLOW';
  const rules = itemsOf(spec?.rules);
  if (!ACTIONS.includes(String(action))) {
    yield refused(
      'spec.action',
      `There is no action ${action}.`,
      `Use one of ${ACTIONS.join(', ')}.`,
    );
  }
  if ((action === 'DENY' || action === 'CUSTOM') && rules.length === 0) {
    yield refused(
      'spec.rules',
      `A ${action} policy without rules matches nothing: Istio refuses it.`,
      'Add a rule; rules: [{}] matches every request.',
    );
  }
  if (action === 'CUSTOM' && !spec?.provider?.name) {
    yield refused(
      'spec.provider',
      'A CUSTOM policy must name the provider that decides.',
      'Set provider.name to an extension provider of the mesh.',
    );
  }
  for (const [index, rule] of itemsOf(spec?.rules).entries()) {
    for (const [position, item] of itemsOf(rule?.to).entries()) {
      const operation = item?.operation;
      for (const field of ['ports', 'notPorts']) {
        for (const [place, port] of itemsOf(operation?.[field]).entries()) {
          if (!isPort(Number(port))) {
            yield refused(
              `spec.rules[${index}].to[${position}].operation.${field}[${place}]`,
              `${JSON.stringify(port)} is no port.`,
              'Write the number of the port, from 1 to 65535, in quotes.',
            );
          }
        }
      }
      const isEmpty = fieldsOf(operation).every(
        ([, values]) => itemsOf(values).length === 0,
      );
      if (isEmpty) {
        yield refused(
          `spec.rules[${index}].to[${position}].operation`,
          'An operation without any field is refused.',
          'Remove it: without `to` a rule is for every operation.',
        );
      }
    }
    const operations = itemsOf(rule?.to).map(item => item?.operation ?? {});
    if (
      action === 'DENY' &&
      operations.length > 0 &&
      operations.every(
        operation =>
          HTTP_ONLY.some(field => textsOf(operation[field]).length > 0) &&
          textsOf(operation.ports).length === 0,
      ) &&
      itemsOf(rule?.from).length === 0 &&
      itemsOf(rule?.when).length === 0
    ) {
      yield warned(
        `spec.rules[${index}].to`,
        'On TCP ports, where there are no paths or methods, this rule denies everything.',
        'Name the ports that it is for.',
      );
    }
  }
}

/** Source: gateway.go, ValidateGateway. */
export function* gatewayProblems({ spec }: KubeObject): Iterable<Problem> {
  const servers = itemsOf(spec?.servers);
  if (servers.length === 0) {
    yield refused(
      'spec.servers',
      'It has no server, so it opens no port.',
      'Add a server with a port and hosts.',
    );
  }
  for (const [index, server] of servers.entries()) {
    const path = `spec.servers[${index}]`;
    const protocol = String(server?.port?.protocol ?? '').toUpperCase();
    const number = Number(server?.port?.number);
    if (!(number >= 1 && number <= 65_535)) {
      yield refused(
        `${path}.port`,
        'The server has no valid port.',
        'Set port.number, from 1 to 65535.',
      );
    }
    if (textsOf(server?.hosts).length === 0) {
      yield refused(
        `${path}.hosts`,
        'The server names no host.',
        'List its hosts; "*" takes all.',
      );
    }
    if ((protocol === 'HTTPS' || protocol === 'TLS') && !server?.tls) {
      yield refused(
        `${path}.tls`,
        `The server speaks ${protocol} and has no tls block.`,
        'Set tls.mode and a credentialName, or mode PASSTHROUGH.',
      );
    }
  }
}

/** Source: validation.go, ValidateServiceEntry. */
export function* serviceEntryProblems({ spec }: KubeObject): Iterable<Problem> {
  if (textsOf(spec?.hosts).length === 0) {
    yield refused(
      'spec.hosts',
      'It names no host.',
      'List the hosts that it adds to the mesh.',
    );
  }
  if (textsOf(spec?.hosts).includes('*')) {
    yield refused(
      'spec.hosts',
      'The host * is refused: it would take over every name.',
      'Name the hosts, or a wildcard such as *.example.com.',
    );
  }
  if (spec?.workloadSelector && itemsOf(spec.endpoints).length > 0) {
    yield refused(
      'spec.endpoints',
      'It has endpoints and a workloadSelector; it can have one of them.',
      'Remove one.',
    );
  }
}
