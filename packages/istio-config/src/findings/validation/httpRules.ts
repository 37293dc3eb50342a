import { parseDurationNanos } from '../../kube/duration';
import { fieldsOf, isMap, itemsOf } from '../../kube/reading';
import { routeProblems } from './destinations';
import { faultProblems, mirrorProblems } from './faults';
import { headerOperationProblems, isAuthority, isHeaderName } from './headers';
import { httpConditionProblems } from './httpConditions';
import { portProblems } from './names';
import { Problem, refused, warned } from './Problem';
import { durationProblems, patternProblems, regexProblems } from './values';
import { retryProblems } from './retries';
import { statusProblems } from './statuses';

/** One http rule. Source: virtualservice.go, validateHTTPRoute. */
export function* httpRuleProblems(
  rule: unknown,
  path: string,
  isDelegate: boolean,
): Iterable<Problem> {
  if (!isMap(rule)) {
    yield refused(path, 'The rule is empty.', 'Remove it, or give it a route.');
    return;
  }
  yield* conflictProblems(rule, path, isDelegate);
  for (const [index, match] of itemsOf(rule.match).entries()) {
    yield* httpConditionProblems(match, `${path}.match[${index}]`);
  }
  yield* headerOperationProblems(rule.headers, `${path}.headers`);
  yield* corsProblems(rule.corsPolicy, `${path}.corsPolicy`);
  yield* faultProblems(rule.fault, `${path}.fault`);
  yield* mirrorProblems(rule, path);
  yield* redirectProblems(rule.redirect, rule.match, `${path}.redirect`);
  yield* directResponseProblems(rule.directResponse, `${path}.directResponse`);
  yield* retryProblems(rule.retries, `${path}.retries`);
  yield* rewriteProblems(rule, path);
  yield* routeProblems(rule.route, `${path}.route`);
  yield* durationProblems(rule.timeout, `${path}.timeout`);
}

/** What an answer of its own cannot stand beside. */
const BESIDE_ANSWER = ['route', 'fault', 'rewrite'];

/** Source: virtualservice.go, validateHTTPRouteConflict. */
function* conflictProblems(
  rule: Record<string, any>,
  path: string,
  isDelegate: boolean,
): Iterable<Problem> {
  if (rule.delegate && !isDelegate) {
    for (const field of ['redirect', 'route'].filter(name => rule[name])) {
      yield refused(
        `${path}.${field}`,
        `The rule has a delegate and a ${field}; it can have one of them.`,
        'Split it into two rules.',
      );
    }
    return;
  }
  if (rule.delegate) {
    yield refused(
      `${path}.delegate`,
      'A delegate cannot delegate further.',
      'Name the last VirtualService in the first one.',
    );
  }
  const answers = ['redirect', 'directResponse'].filter(field => rule[field]);
  for (const answer of answers.slice(0, 1)) {
    const others = [...BESIDE_ANSWER, ...answers.slice(1)].filter(field =>
      field === 'route' ? itemsOf(rule.route).length > 0 : rule[field],
    );
    for (const field of others) {
      yield refused(
        `${path}.${field}`,
        `The rule has a ${answer} and a ${field}; it can have one of them.`,
        'Split it into two rules.',
      );
    }
  }
  if (answers.length === 0 && itemsOf(rule.route).length === 0) {
    yield refused(
      path,
      'The rule has no route, redirect, directResponse or delegate: Istio refuses the object.',
      'Give it a route.',
    );
  }
  if (rule.mirror && itemsOf(rule.mirrors).length > 0) {
    yield refused(
      `${path}.mirror`,
      'The rule has mirror and mirrors; it can have one of them.',
      'Put the destination of mirror into mirrors.',
    );
  }
}

const METHODS = 'GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE *';
const NANOS_PER_SECOND = 1e9;

/** Source: validation.go, validateCORSPolicy. */
function* corsProblems(policy: unknown, path: string): Iterable<Problem> {
  if (!isMap(policy)) {
    return;
  }
  for (const [index, origin] of itemsOf(policy.allowOrigins).entries()) {
    const place = `${path}.allowOrigins[${index}]`;
    if (!origin?.exact && !origin?.prefix && !origin?.regex) {
      yield refused(
        place,
        'The origin is empty.',
        'Give exact, prefix or regex.',
      );
    } else {
      yield* regexProblems(origin, place);
    }
  }
  for (const [index, method] of itemsOf(policy.allowMethods).entries()) {
    if (!METHODS.split(' ').includes(method)) {
      yield refused(
        `${path}.allowMethods[${index}]`,
        `There is no method ${JSON.stringify(method)}.`,
        `Use one of ${METHODS.split(' ').join(', ')}.`,
      );
    }
  }
  for (const field of ['allowHeaders', 'exposeHeaders']) {
    for (const [index, name] of itemsOf(policy[field]).entries()) {
      if (!isHeaderName(String(name))) {
        yield refused(
          `${path}.${field}[${index}]`,
          `${JSON.stringify(name)} is no name of a header.`,
          'Use letters, digits and dashes, or "*" for all.',
        );
      }
    }
  }
  yield* durationProblems(policy.maxAge, `${path}.maxAge`);
  if ((parseDurationNanos(policy.maxAge) ?? 0) % NANOS_PER_SECOND !== 0) {
    yield refused(
      `${path}.maxAge`,
      `maxAge is ${policy.maxAge}, which is not in whole seconds.`,
      'Round it to seconds.',
    );
  }
}

/** Source: validation.go, validateHTTPRedirect. */
function* redirectProblems(
  redirect: unknown,
  matches: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(redirect)) {
    return;
  }
  const { uri, prefixRewrite, authority, scheme, redirectCode } = redirect;
  if (uri && prefixRewrite) {
    yield refused(
      path,
      'The redirect has uri and prefixRewrite; it can have one of them.',
      'Remove one.',
    );
  } else if (
    prefixRewrite &&
    itemsOf(matches).some(match => isMap(match?.uri) && !isPrefix(match.uri))
  ) {
    yield refused(
      `${path}.prefixRewrite`,
      'prefixRewrite replaces a prefix, and a condition of the rule has none.',
      'Match uri by prefix, or use uri instead.',
    );
  } else if (
    !uri &&
    !prefixRewrite &&
    !authority &&
    !scheme &&
    redirect.port === undefined &&
    redirect.derivePort === undefined
  ) {
    yield refused(
      path,
      'The redirect leads nowhere else.',
      'Set uri, authority, scheme or port.',
    );
  }
  if (redirectCode && !(redirectCode >= 300 && redirectCode <= 399)) {
    yield refused(
      `${path}.redirectCode`,
      `${redirectCode} is no code of a redirect.`,
      'Use 301, 302, 303, 307 or 308.',
    );
  }
  if (scheme && scheme !== 'http' && scheme !== 'https') {
    yield refused(
      `${path}.scheme`,
      `${JSON.stringify(scheme)} is no scheme.`,
      'Use http or https.',
    );
  }
  if (redirect.port) {
    yield* portProblems(redirect.port, `${path}.port`);
  }
}

function isPrefix(match: Record<string, any>): boolean {
  return match.prefix !== undefined;
}

const LARGE_BYTES = 100 * 1024;
const MOST_BYTES = 1024 * 1024;

/** Source: validation.go, validateHTTPDirectResponse. */
function* directResponseProblems(
  response: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(response)) {
    return;
  }
  const size = String(
    response.body?.string ?? response.body?.bytes ?? '',
  ).length;
  if (size > MOST_BYTES) {
    yield refused(
      `${path}.body`,
      'The answer is larger than 1 MB.',
      'Serve it from a service.',
    );
  } else if (size > LARGE_BYTES) {
    yield warned(
      `${path}.body`,
      'The answer is large, and istiod sends it to every proxy.',
      'Serve it from a service.',
    );
  }
  yield* statusProblems(response.status, `${path}.status`);
}

/** Source: validation.go, validateHTTPRewrite; virtualservice.go, validateAuthorityRewrite. */
function* rewriteProblems(
  rule: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const place = `${path}.rewrite`;
  const { rewrite } = rule;
  if (isMap(rewrite)) {
    const regex = rewrite.uriRegexRewrite;
    if (rewrite.uri && regex) {
      yield refused(
        place,
        'The rewrite has uri and uriRegexRewrite; it can have one of them.',
        'Remove one.',
      );
    } else if (!rewrite.uri && !regex && !rewrite.authority) {
      yield refused(
        place,
        'The rewrite changes nothing.',
        'Set uri, uriRegexRewrite or authority.',
      );
    } else if (regex && (!regex.match || !regex.rewrite)) {
      yield refused(
        `${place}.uriRegexRewrite`,
        'It needs both match and rewrite.',
        'Set both.',
      );
    } else if (regex) {
      yield* patternProblems(
        String(regex.match),
        `${place}.uriRegexRewrite.match`,
      );
    }
  }
  const { add, set } = rule.headers?.request ?? {};
  const authorities = [
    rewrite?.authority,
    ...[...fieldsOf(set), ...fieldsOf(add)]
      .filter(([name]) => isAuthority(name))
      .map(([, value]) => value),
  ].filter(Boolean);
  if (authorities.length > 1) {
    yield refused(
      `${path}.headers.request`,
      'The host of the request is set in more than one place.',
      'Set it once: rewrite.authority, or the header :authority.',
    );
  }
}
