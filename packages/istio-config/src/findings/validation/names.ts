import { isIp } from '../../kube/isIp';
import { fieldsOf } from '../../kube/reading';
import { Problem, refused } from './Problem';

const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const WILDCARD_LABEL = new RegExp(`^(?:\\*|(?:\\*|\\*-)?${LABEL})$`);
const QUALIFIED = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_KEY = new RegExp(
  `^(?<prefix>${LABEL}(?:\\.${LABEL})*/)?(?<name>${QUALIFIED})$`,
);
const LABEL_VALUE = new RegExp(`^(?:${QUALIFIED})?$`);

const LONGEST_LABEL = 63;
const LONGEST_DOMAIN = 255;
const LONGEST_PREFIX = 253;

/** Source: istio pkg/config/labels/instance.go, IsDNS1123Label. */
export function isDnsLabel(text: unknown): boolean {
  return (
    typeof text === 'string' &&
    text.length <= LONGEST_LABEL &&
    DNS_LABEL.test(text)
  );
}

/** Why a name is no domain; undefined where it is one. Source: istio pkg/config/validation/agent, ValidateFQDN. */
export function domainProblem(name: unknown): string | undefined {
  return lengthProblem(name) ?? labelsProblem(String(name));
}

/** As `domainProblem`, but the first label may be `*` or begin with it. Source: same, ValidateWildcardDomain. */
export function wildcardDomainProblem(name: unknown): string | undefined {
  const tooLong = lengthProblem(name);
  if (tooLong) {
    return tooLong;
  }
  const text = String(name);
  const dot = text.indexOf('.');
  const first = dot < 0 ? text : text.slice(0, dot);
  if (first.length > LONGEST_LABEL || !WILDCARD_LABEL.test(first)) {
    return `${JSON.stringify(first)} is no part of a host name`;
  }
  return dot < 0 ? undefined : labelsProblem(text.slice(dot + 1));
}

function lengthProblem(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') {
    return 'it is empty';
  }
  return name.length > LONGEST_DOMAIN
    ? `it is longer than ${LONGEST_DOMAIN} characters`
    : undefined;
}

function labelsProblem(domain: string): string | undefined {
  const labels = domain.split('.');
  const last = labels[labels.length - 1];
  if (/^[+-]?\d+$/.test(last)) {
    return `its last part ${JSON.stringify(last)} is a number`;
  }
  const wrong = labels.find(
    (label, index) =>
      !isDnsLabel(label) && !(label === '' && index === labels.length - 1),
  );
  return wrong === undefined
    ? undefined
    : `${JSON.stringify(wrong)} is no part of a host name`;
}

/** A wildcard inside a name, as in `a*.example.com`. Source: same, ValidatePartialWildCard. */
export function isPartialWildcard(host: string): boolean {
  return host.includes('*') && host.length !== 1 && !host.startsWith('*.');
}

/** Why a gateway or a Sidecar does not take a host: short names and wildcards inside a name do not count there. */
export function wholeHostProblem(host: string): string | undefined {
  if (host !== '*' && !host.includes('.')) {
    return 'a short name is not enough';
  }
  return isPartialWildcard(host)
    ? 'a wildcard is the whole first part'
    : wildcardDomainProblem(host);
}

/** An address, or a block of them. Source: istio pkg/config/validation/agent, ValidateIPSubnet. */
export function isIpOrBlock(text: unknown): boolean {
  const parts = String(text).split('/');
  if (parts.length === 1) {
    return isIp(text);
  }
  const most = parts[0].includes(':') ? 128 : 32;
  return (
    parts.length === 2 &&
    isIp(parts[0]) &&
    !parts[0].includes('%') &&
    /^(0|[1-9]\d{0,2})$/.test(parts[1]) &&
    Number(parts[1]) <= most
  );
}

export function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}

export function* portProblems(value: unknown, path: string): Iterable<Problem> {
  if (!isPort(value)) {
    yield refused(
      path,
      `${JSON.stringify(value ?? 0)} is no port.`,
      'Write the number of a port, from 1 to 65535.',
    );
  }
}

export function* portNameProblems(
  name: unknown,
  path: string,
): Iterable<Problem> {
  if (!isDnsLabel(name)) {
    yield refused(
      path,
      `${JSON.stringify(name ?? '')} is no name of a port.`,
      'Use letters, digits and dashes, such as http-api.',
    );
  }
}

/** Source: istio pkg/config/labels/instance.go, Validate. */
export function* labelProblems(
  labels: unknown,
  path: string,
): Iterable<Problem> {
  for (const [key, value] of fieldsOf(labels)) {
    const { prefix = '', name = undefined } = LABEL_KEY.exec(key)?.groups ?? {};
    if (
      name === undefined ||
      prefix.length - 1 > LONGEST_PREFIX ||
      name.length > LONGEST_LABEL
    ) {
      yield refused(
        path,
        `${JSON.stringify(key)} is no name of a label.`,
        'Use letters, digits, dashes, dots and underscores.',
      );
    }
    if (!LABEL_VALUE.test(String(value))) {
      yield refused(
        `${path}.${key}`,
        `${JSON.stringify(value)} is no value of a label.`,
        'Use letters, digits, dashes, dots and underscores; a label has no wildcards.',
      );
    }
  }
}

/** A name with its wildcard covers another, or is covered by it. Source: istio pkg/config/host/name.go, Matches. */
export function hostsOverlap(one: string, other: string): boolean {
  const [long, short] = one.length < other.length ? [other, one] : [one, other];
  if (one.startsWith('*') && other.startsWith('*')) {
    return long.slice(1).endsWith(short.slice(1));
  }
  if (one.startsWith('*')) {
    return other.endsWith(one.slice(1));
  }
  return other.startsWith('*') ? one.endsWith(other.slice(1)) : one === other;
}

/** Every name that the first takes, the second takes, too. Source: same, SubsetOf. */
export function isCoveredBy(host: string, cover: string): boolean {
  if (!cover.startsWith('*')) {
    return host === cover;
  }
  return host.startsWith('*')
    ? host.length >= cover.length && host.slice(1).endsWith(cover.slice(1))
    : host.endsWith(cover.slice(1));
}

const HTTP = ['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'];
const TLS = ['https', 'tls'];
const PROTOCOLS = [...HTTP, ...TLS, 'tcp', 'udp', 'mongo', 'redis', 'mysql'];

/** Source: istio pkg/config/protocol/instance.go, Parse. */
export function isProtocol(text: unknown): boolean {
  return PROTOCOLS.includes(String(text).toLowerCase());
}

export function isHttpProtocol(text: unknown): boolean {
  return HTTP.includes(String(text).toLowerCase());
}

export function isTlsProtocol(text: unknown): boolean {
  return TLS.includes(String(text).toLowerCase());
}

export function* protocolProblems(
  protocol: unknown,
  path: string,
): Iterable<Problem> {
  if (protocol && !isProtocol(protocol)) {
    yield refused(
      path,
      `Istio knows no protocol ${JSON.stringify(protocol)}.`,
      `Use one of ${PROTOCOLS.map(name => name.toUpperCase()).join(', ')}.`,
    );
  }
}
