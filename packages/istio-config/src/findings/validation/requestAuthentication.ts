import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import { isStrictHeaderName } from './headers';
import { Problem, refused, warned } from './Problem';
import { attachmentProblems } from './selectors';
import { durationProblems } from './values';

/** Source: istio pkg/config/validation/validation.go, ValidateRequestAuthentication. */
export function* requestAuthenticationProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  yield* attachmentProblems(spec);
  for (const [index, rule] of itemsOf(spec?.jwtRules).entries()) {
    if (isMap(rule)) {
      yield* jwtRuleProblems(rule, `spec.jwtRules[${index}]`);
    }
  }
}

function* jwtRuleProblems(
  rule: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const keysAt = rule.jwksUri ?? rule.jwks_uri;
  for (const field of ['issuer', 'jwksUri', 'jwks_uri']) {
    if (rule[field] === '') {
      yield refused(
        `${path}.${field}`,
        `${field} is empty.`,
        'Set it, or remove it.',
      );
    }
  }
  if (rule.issuer === undefined && !keysAt) {
    yield refused(
      `${path}.issuer`,
      'It names neither issuer nor jwksUri.',
      'Set issuer to who signs the tokens.',
    );
  }
  if (keysAt && !/^https?:/i.test(String(keysAt))) {
    yield refused(
      `${path}.jwksUri`,
      `${JSON.stringify(keysAt)} is no address that keys can be fetched from.`,
      'Write https://….',
    );
  }
  yield* keyProblems(rule.jwks, `${path}.jwks`);
  for (const field of [
    'audiences',
    'fromParams',
    'fromCookies',
    'spaceDelimitedClaims',
  ]) {
    for (const [index, value] of itemsOf(rule[field]).entries()) {
      if (!value) {
        yield refused(
          `${path}.${field}[${index}]`,
          'The value is empty.',
          'Remove it, or name it.',
        );
      }
    }
  }
  for (const [index, header] of itemsOf(rule.fromHeaders).entries()) {
    if (!header?.name) {
      yield refused(
        `${path}.fromHeaders[${index}].name`,
        'The header has no name.',
        'Name the header that holds the token.',
      );
    }
  }
  for (const [index, output] of itemsOf(rule.outputClaimToHeaders).entries()) {
    if (!output?.claim || !isStrictHeaderName(output?.header)) {
      yield refused(
        `${path}.outputClaimToHeaders[${index}]`,
        'It names no claim, or no valid header.',
        'Set claim, and header of letters, digits, dashes and underscores.',
      );
    }
  }
  yield* durationProblems(rule.timeout, `${path}.timeout`);
}

/** Members that only a private key has. */
const PRIVATE = ['d', 'k'];

function* keyProblems(jwks: unknown, path: string): Iterable<Problem> {
  if (!jwks) {
    return;
  }
  const keys = keysIn(String(jwks));
  if (!keys) {
    yield refused(
      path,
      'jwks is no set of keys.',
      'Write the JSON that the issuer publishes.',
    );
    return;
  }
  for (const [index, key] of keys.entries()) {
    if (PRIVATE.some(member => Object.hasOwn(key, member))) {
      yield warned(
        path,
        `Key ${index} of jwks is a private one, which everybody who reads this object can use.`,
        'Replace the key, and write only its public part.',
      );
    }
  }
}

const KEY_TYPES = ['RSA', 'EC', 'OKP', 'oct'];

function keysIn(text: string): Record<string, unknown>[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  // One key alone is taken, too.
  const keys: unknown[] =
    isMap(parsed) && Array.isArray(parsed.keys) ? parsed.keys : [parsed];
  return keys.every(
    (key): key is Record<string, unknown> =>
      isMap(key) && KEY_TYPES.includes(String(key.kty)),
  )
    ? keys
    : undefined;
}
