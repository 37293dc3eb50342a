import { itemsOf } from '../../kube/reading';
import { isIpOrBlock } from './names';
import { Problem, refused } from './Problem';

/** Source: istio pkg/config/security/security.go, CheckEmptyValues. */
export function* emptyValueProblems(
  values: unknown,
  path: string,
): Iterable<Problem> {
  for (const [index, value] of itemsOf(values).entries()) {
    if (value === '') {
      yield refused(
        `${path}[${index}]`,
        'The value is empty.',
        'Remove it; "*" is any value that is there.',
      );
    }
  }
}

/** Source: same, ValidateIPs. */
export function* ipProblems(values: unknown, path: string): Iterable<Problem> {
  for (const [index, value] of itemsOf(values).entries()) {
    if (!isIpOrBlock(value)) {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(value)} is no address and no block of addresses.`,
        'Write 203.0.113.7 or 198.51.100.0/24, each an item of its own.',
      );
    }
  }
}

/** 0 is let through. Source: same, ValidatePorts. */
export function* policyPortProblems(
  values: unknown,
  path: string,
): Iterable<Problem> {
  for (const [index, value] of itemsOf(values).entries()) {
    if (!/^\d+$/.test(String(value)) || Number(value) > 65_535) {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(value)} is no port.`,
        'Write the number of the port, from 1 to 65535, in quotes.',
      );
    }
  }
}

const MOST_ACCOUNTS = 16;
const LONGEST_ACCOUNT = 320;

/** Source: same, CheckServiceAccount. */
export function* serviceAccountProblems(
  values: unknown,
  path: string,
): Iterable<Problem> {
  const given = itemsOf(values).map(String);
  if (given.length > MOST_ACCOUNTS) {
    yield refused(
      path,
      `It names ${given.length} service accounts; ${MOST_ACCOUNTS} is the most.`,
      'Write several sources.',
    );
  }
  for (const [index, value] of given.entries()) {
    if (!/^[^/*]+(\/[^/*]+)?$/.test(value) || value.length > LONGEST_ACCOUNT) {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(value)} names no service account.`,
        'Write account or namespace/account, without wildcards.',
      );
    }
  }
}

/** Source: same, CheckWildcardValues. */
export function* wildcardProblems(
  values: unknown,
  path: string,
): Iterable<Problem> {
  yield* emptyValueProblems(values, path);
  for (const [index, value] of itemsOf(values).map(String).entries()) {
    if (!/^(\*|\*?[^*]*|[^*]*\*)$/.test(value)) {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(value)} has a wildcard inside, or two.`,
        'Put one * at the start or the end.',
      );
    }
  }
}

/** Source: same, CheckTrustDomainValues. */
export function* trustDomainProblems(
  values: unknown,
  path: string,
): Iterable<Problem> {
  yield* wildcardProblems(values, path);
  for (const [index, value] of itemsOf(values).map(String).entries()) {
    if (value.includes('/')) {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(value)} is no trust domain.`,
        'Write it alone, as cluster.local.',
      );
    }
  }
}

const ONE = '{*}';
const REST = '{**}';
const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** Templates in a path: `{*}` is one segment, `{**}` the rest. Source: same, CheckValidPathTemplate. */
export function* pathTemplateProblems(
  values: unknown,
  path: string,
): Iterable<Problem> {
  for (const [index, value] of itemsOf(values).map(String).entries()) {
    const hasTemplate = value.includes(ONE) || value.includes(REST);
    const segments = value.replace(/^\/+|\/+$/g, '').split('/');
    const rest = segments.indexOf(REST);
    const isWrong = segments.some((segment, at) =>
      segment === ONE || segment === REST
        ? rest >= 0 && at > rest
        : /[{}]/.test(segment) || (hasTemplate && !LITERAL.test(segment)),
    );
    if (isWrong) {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(value)} is no template of a path.`,
        'Let {*} or {**} be whole segments, {**} the last of them, and the rest plain text.',
      );
    }
  }
}
