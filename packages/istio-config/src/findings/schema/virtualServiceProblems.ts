import { RE2JS } from 're2js';
import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, isMap, itemsOf, textsOf } from '../../kube/reading';
import { parseDurationMs } from '../../kube/duration';
import { Problem, refused } from './Problem';

/** Source: istio pkg/config/validation/virtualservice.go and validation.go, ValidateVirtualService. */
export function* virtualServiceProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  const rules = ['http', 'tcp', 'tls'].flatMap(protocol =>
    itemsOf(spec?.[protocol]),
  );
  const isDelegate = textsOf(spec?.hosts).length === 0;
  if (isDelegate && itemsOf(spec?.gateways).length > 0) {
    yield refused(
      'spec.hosts',
      'It names gateways and no host: only a delegate has no host, and a delegate has no gateways.',
      'Add the host, or remove the gateways.',
    );
  }
  if (rules.length === 0) {
    yield refused(
      'spec',
      'It has no http, tcp or tls rule.',
      'Add a rule, or delete the object.',
    );
  }
  for (const [index, rule] of itemsOf(spec?.http).entries()) {
    yield* httpProblems(rule, `spec.http[${index}]`);
  }
  for (const protocol of ['tcp', 'tls']) {
    for (const [index, rule] of itemsOf(spec?.[protocol]).entries()) {
      yield* weightProblems(rule?.route, `spec.${protocol}[${index}].route`);
    }
  }
}

function* httpProblems(rule: unknown, path: string): Iterable<Problem> {
  if (!isMap(rule)) {
    yield refused(path, 'The rule is empty.', 'Remove it, or give it a route.');
    return;
  }
  const ends = ['redirect', 'directResponse', 'delegate'].filter(
    field => rule[field],
  );
  const routes = itemsOf(rule.route);
  if (routes.length === 0 && ends.length === 0) {
    yield refused(
      path,
      'The rule has no route, redirect, directResponse or delegate: Istio refuses the object.',
      'Give it a route.',
    );
  }
  if (routes.length > 0 && ends.length > 0) {
    yield refused(
      `${path}.${ends[0]}`,
      `The rule has a route and a ${ends[0]}; it can have one of them.`,
      'Split it into two rules.',
    );
  }
  yield* weightProblems(routes, `${path}.route`);
  for (const field of ['timeout']) {
    if (
      rule[field] !== undefined &&
      parseDurationMs(rule[field]) === undefined
    ) {
      yield refused(
        `${path}.${field}`,
        `${field} is ${JSON.stringify(rule[field])}, which is no duration.`,
        'Write it as 10s or 500ms.',
      );
    }
  }
  if (rule.retries?.attempts < 0) {
    yield refused(
      `${path}.retries.attempts`,
      'attempts is negative.',
      'Use 0 to switch retries off.',
    );
  }
  for (const [index, match] of itemsOf(rule.match).entries()) {
    yield* matchProblems(match, `${path}.match[${index}]`);
  }
}

/** Source: istio pkg/config/validation/virtualservice.go, validateHTTPRouteMatchRequest. */
function* matchProblems(match: unknown, path: string): Iterable<Problem> {
  for (const { where, text } of textMatchesOf(match)) {
    // A path may begin with nothing.
    if (text?.prefix === '' && where !== 'uri') {
      yield refused(
        `${path}.${where}.prefix`,
        'The prefix is empty: Istio refuses the object.',
        'To ask only that it is there, write {} without a prefix.',
      );
    }
    const regex: unknown = text?.regex;
    const isPresence = regex === '*' && where.startsWith('withoutHeaders.');
    const problem =
      typeof regex === 'string' && !isPresence
        ? regexProblem(regex)
        : undefined;
    if (problem) {
      yield refused(
        `${path}.${where}.regex`,
        `The pattern ${JSON.stringify(
          String(regex).slice(0, 80),
        )} is not valid in RE2's syntax: ${problem}`,
        'Correct it; RE2 has no look-around and no back references.',
      );
    }
  }
}

function* weightProblems(routes: unknown, path: string): Iterable<Problem> {
  const weights = itemsOf(routes).map(route => route?.weight ?? 0);
  const negative = weights.findIndex(weight => weight < 0);
  if (negative >= 0) {
    yield refused(
      `${path}[${negative}].weight`,
      `The weight ${weights[negative]} is negative.`,
      'Use 0 or more.',
    );
  } else if (
    weights.length > 1 &&
    weights.every(weight => !(Number(weight) > 0))
  ) {
    yield refused(
      path,
      'No destination has a weight: Istio cannot share the requests out and refuses the object.',
      'Give at least one destination a weight.',
    );
  }
}

function textMatchesOf(match: any): { where: string; text: any }[] {
  const single = ['uri', 'scheme', 'method', 'authority'].map(field => ({
    where: field,
    text: match?.[field],
  }));
  const many = ['headers', 'withoutHeaders', 'queryParams'].flatMap(field =>
    fieldsOf(match?.[field]).map(([name, text]) => ({
      where: `${field}.${name}`,
      text,
    })),
  );
  return [...single, ...many];
}

/** Source: envoy's default limit on the size of a program, and the webhook's on a pattern. */
const LONGEST_PATTERN = 1024;

function regexProblem(regex: string): string | undefined {
  if (regex.length > LONGEST_PATTERN) {
    return `it is longer than ${LONGEST_PATTERN} characters.`;
  }
  try {
    RE2JS.compile(regex);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
