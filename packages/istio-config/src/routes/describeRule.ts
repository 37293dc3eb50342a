import { describeDuration } from '../kube/duration';
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
    ...Object.entries(match.headers ?? {}).map(([name, wanted]) =>
      condition(`header ${name}`, wanted),
    ),
    ...Object.entries(match.withoutHeaders ?? {}).map(
      ([name, wanted]) => `not ${condition(`header ${name}`, wanted)}`,
    ),
    ...Object.entries(match.queryParams ?? {}).map(([name, wanted]) =>
      condition(`query ${name}`, wanted),
    ),
    match.port && `port ${match.port}`,
    match.sourceNamespace && `from namespace ${match.sourceNamespace}`,
    match.sourceLabels &&
      `from callers labelled ${Object.entries(match.sourceLabels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ')}`,
  ].filter(Boolean);
  const parts = [line.join(' '), ...details].filter(Boolean);
  return parts.length ? parts.join(', ') : 'everything';
}

function pattern(match: StringMatch): string {
  return (
    match.exact ??
    (match.prefix !== undefined ? `${match.prefix}*` : `~${match.regex ?? ''}`)
  );
}

function condition(what: string, match: StringMatch | undefined): string {
  const isBare =
    match?.exact === undefined &&
    match?.prefix === undefined &&
    match?.regex === undefined;
  return isBare || !match ? `${what} present` : `${what} = ${pattern(match)}`;
}

/** What else happens to a rule's requests: "waits 10 s", "retries 2×, 5 s each". @public */
export function describeTreatment(rule: RouteRule): string[] {
  const { fault, retries } = rule;
  const words: (string | undefined | false)[] = [
    rule.timeoutMs !== undefined && `waits ${describeDuration(rule.timeoutMs)}`,
    retries &&
      (retries.attempts === 0
        ? 'never retries'
        : `retries ${retries.attempts}×${
            retries.perTryTimeoutMs
              ? `, ${describeDuration(retries.perTryTimeoutMs)} each`
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
        fault.abort.httpStatus
      } on purpose`,
    ...rule.mirrors.map(
      mirror =>
        `${percent(mirror.share)} are copied to ${
          mirror.subset ?? mirror.host
        }`,
    ),
    rule.rewrite?.uri !== undefined && `the path becomes ${rule.rewrite.uri}`,
    rule.rewrite?.authority !== undefined &&
      `the host becomes ${rule.rewrite.authority}`,
    ...(rule.headerOperations ?? []),
    rule.cors &&
      `browsers may call from ${rule.cors.origins.join(', ') || 'nowhere'}`,
  ];
  return words.filter((word): word is string => Boolean(word));
}

/** @public */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
