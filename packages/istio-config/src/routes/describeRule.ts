import { describeDuration } from '../kube/duration';
import { fieldsOf, textsOf } from '../kube/reading';
import { asksForPresence } from './stringMatch';
import type { RequestMatch, RouteRule, StringMatch } from './types';

/** Which requests a rule takes, in words: "POST /api/auth/login*", "header x-canary = true", "everything else". @public */
export function describeRequests(
  rule: RouteRule,
  options: { alone?: boolean } = {},
): string[] {
  if (rule.matches.length === 0) {
    return [
      options.alone || rule.index === 0 ? 'everything' : 'everything else',
    ];
  }
  return rule.matches.map(describeMatch);
}

function describeMatch(match: RequestMatch): string {
  const line = [
    match.method && pattern(match.method),
    match.uri && pattern(match.uri),
  ].filter(Boolean);
  const details = [
    match.authority && `host ${pattern(match.authority)}`,
    ...fieldsOf(match.headers).map(([name, wanted]) =>
      condition(`header ${name}`, wanted),
    ),
    ...fieldsOf(match.withoutHeaders).map(
      ([name, wanted]) => `not ${condition(`header ${name}`, wanted)}`,
    ),
    ...fieldsOf(match.queryParams).map(([name, wanted]) =>
      condition(`query ${name}`, wanted),
    ),
    match.sniHosts && `SNI ${textsOf(match.sniHosts).join(' or ')}`,
    match.destinationSubnets &&
      `to ${textsOf(match.destinationSubnets).join(' or ')}`,
    match.port && `port ${match.port}`,
    match.sourceNamespace && `from namespace ${match.sourceNamespace}`,
    match.sourceLabels &&
      `from callers labelled ${fieldsOf(match.sourceLabels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ')}`,
  ].filter(Boolean);
  const parts = [line.join(' '), ...details].filter(Boolean);
  return parts.length ? parts.join(', ') : 'everything';
}

function pattern(match: StringMatch): string {
  const { exact, prefix, regex, bySegments } = match;
  return (
    exact ??
    (prefix !== undefined
      ? `${prefix}${bySegments ? ' and below' : '*'}`
      : `~${regex ?? ''}`)
  );
}

function condition(what: string, match: StringMatch | undefined): string {
  return !match || asksForPresence(match)
    ? `${what} present`
    : `${what} = ${pattern(match)}`;
}

/** What else happens to a rule's requests: "times out after 10 s", "retries 2×, 5 s each". @public */
export function describeTreatment(rule: RouteRule): string[] {
  const { fault, retries } = rule;
  const words: (string | undefined | false)[] = [
    rule.timeoutMs !== undefined &&
      `times out after ${describeDuration(rule.timeoutMs)}`,
    retries &&
      (retries.attempts === 0
        ? 'never retries'
        : `retries ${retries.attempts}×${
            retries.perTryTimeoutMs
              ? `, ${describeDuration(retries.perTryTimeoutMs)} each`
              : ''
          }${
            retries.backoffMs
              ? `, ${describeDuration(retries.backoffMs)} apart at first`
              : ''
          }`),
    fault?.delay &&
      fault.delay.share > 0 &&
      `${percent(fault.delay.share)} are delayed ${describeDuration(
        fault.delay.fixedDelayMs,
      )} on purpose`,
    fault?.abort &&
      fault.abort.share > 0 &&
      `${percent(fault.abort.share)} are answered ${
        fault.abort.grpcStatus
          ? `with gRPC status ${fault.abort.grpcStatus}`
          : fault.abort.httpStatus
      } on purpose`,
    ...rule.mirrors.map(
      mirror =>
        `${percent(mirror.share)} are copied to ${
          mirror.subset ?? mirror.host
        }`,
    ),
    pathRewrite(rule.rewrite),
    rule.rewrite?.authority !== undefined &&
      `the host becomes ${rule.rewrite.authority}`,
    ...(rule.headerOperations ?? []),
    rule.cors &&
      `browsers may call from ${rule.cors.origins.join(', ') || 'nowhere'}`,
  ];
  return words.filter((word): word is string => Boolean(word));
}

function pathRewrite(rewrite: RouteRule['rewrite']): string | undefined {
  if (rewrite?.uri === undefined) {
    return undefined;
  }
  return typeof rewrite.replaces === 'object'
    ? `${rewrite.replaces.regex} in the path becomes ${rewrite.uri}`
    : `the path becomes ${rewrite.uri}`;
}

/**
 * What a rule answers itself instead of sending requests on: "redirected to https://a.b/c with 302", "answered 500".
 * Undefined where it sends them on.
 * @public
 */
export function describeAnswer(rule: RouteRule): string | undefined {
  if (rule.redirect) {
    const { scheme, authority, port, uri, prefix, status } = rule.redirect;
    const start = scheme
      ? `${scheme}://${authority ?? 'the same host'}`
      : authority ?? '';
    const target = `${start}${port === undefined ? '' : `:${port}`}${
      uri ?? (prefix ? `${prefix} and the rest of the path` : '')
    }`;
    return `redirected to ${target || 'itself'} with ${status}`;
  }
  return rule.directResponse && `answered ${rule.directResponse.status}`;
}

/** @public */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
