import { hostCovers } from '../hosts/hosts';
import { fieldsOf, textsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type {
  EffectiveRoutes,
  HttpRequest,
  RequestMatch,
  RequestOrigin,
  RouteDecision,
  RouteRule,
  StringMatch,
} from './types';
import { claimAt, routingClaim } from './routingClaim';
import {
  asksForPresence,
  describeStringMatch,
  stringMatches,
} from './stringMatch';

/** Which rule takes a concrete request, why, and why the rules above it do not. @public */
export function matchRequest(
  routes: EffectiveRoutes,
  request: HttpRequest,
  from?: RequestOrigin,
): RouteDecision {
  const skipped: { rule: RouteRule; why: string }[] = [];
  for (const rule of routes.rules) {
    const verdict = ruleTakes(rule, routes, request, from);
    if (verdict.takes) {
      return { rule, match: verdict.match, why: verdict.why, skipped };
    }
    skipped.push({ rule, why: verdict.why });
  }
  return {
    why: routes.rules.some(({ protocol }) => protocol)
      ? 'no rule fits, so the connection is closed'
      : 'no rule fits, so the mesh answers 404 itself',
    skipped,
  };
}

function ruleTakes(
  rule: RouteRule,
  routes: EffectiveRoutes,
  request: HttpRequest,
  from?: RequestOrigin,
): { takes: boolean; match?: RequestMatch; why: string } {
  if (rule.matches.length === 0) {
    return { takes: true, why: 'it takes everything' };
  }
  const misses: string[] = [];
  for (const match of rule.matches) {
    const checks = checksOf(match, routes, request, from);
    const miss = checks.find(check => !check.holds);
    if (!miss) {
      return {
        takes: true,
        match,
        why: checks.length
          ? `because ${checks.map(check => check.says).join(' and ')}`
          : 'it takes everything',
      };
    }
    misses.push(miss.says);
  }
  return { takes: false, why: [...new Set(misses)].join('; ') };
}

interface Check {
  holds: boolean;
  /** What is true of the request, whether it holds or not. */
  says: string;
}

function checksOf(
  match: RequestMatch,
  routes: EffectiveRoutes,
  request: HttpRequest,
  from?: RequestOrigin,
): Check[] {
  const [path, query = ''] = splitOnce(request.path, '?');
  const headers = headersOf(routes, request);
  const parameters = parametersOf(query);
  const checks: Check[] = [];
  const check = (
    what: string,
    wanted: StringMatch | undefined,
    value: string | undefined,
    ignoreCase = false,
  ) => {
    if (wanted) {
      const holds = stringMatches(wanted, value, { ignoreCase });
      checks.push({ holds, says: sentence(what, wanted, holds) });
    }
  };
  check('the path', match.uri, path, match.ignoreUriCase);
  check('the method', match.method, request.method);
  check('the host', match.authority, request.host ?? routes.host);
  check('the scheme', match.scheme, schemeOf(request));
  for (const [name, wanted] of fieldsOf(match.headers)) {
    const claim = claimCheck(name, wanted, request);
    if (claim) {
      checks.push(claim);
    } else {
      check(`header ${name}`, wanted ?? {}, headers.get(name.toLowerCase()));
    }
  }
  for (const [name, unwanted] of fieldsOf(match.withoutHeaders)) {
    const claim = claimCheck(name, unwanted, request);
    if (claim) {
      checks.push({ ...claim, holds: !claim.holds });
      continue;
    }
    // Unless it is asked for its presence, a header that is not there counts as an empty one.
    const value = headers.get(name.toLowerCase());
    const present = stringMatches(
      unwanted ?? {},
      asksForPresence(unwanted) ? value : value ?? '',
    );
    checks.push({
      holds: !present,
      says: sentence(`header ${name}`, unwanted ?? {}, present),
    });
  }
  for (const [name, wanted] of fieldsOf(match.queryParams)) {
    check(`query parameter ${name}`, wanted ?? {}, parameters.get(name));
  }
  checks.push(...connectionChecks(match, routes, request));
  if (match.sourceLabels && from?.type === 'mesh') {
    const holds = selects(match.sourceLabels, from.labels ?? {});
    const labels = fieldsOf(match.sourceLabels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ');
    checks.push({
      holds,
      says: `the caller ${holds ? 'is' : 'is not'} labelled ${labels}`,
    });
  }
  return checks;
}

/** Of a claim in place of a header; one of several texts is enough. */
function claimCheck(
  name: string,
  wanted: StringMatch | undefined,
  { claims }: HttpRequest,
): Check | undefined {
  const way = routingClaim(name);
  if (!way) {
    return undefined;
  }
  const match = wanted ?? {};
  const holds = claimAt(claims, way).some(value => stringMatches(match, value));
  return { holds, says: sentence(`claim ${way.join('.')}`, match, holds) };
}

function schemeOf({ isEncrypted }: HttpRequest): string {
  return isEncrypted ? 'https' : 'http';
}

/** Envoy has the first line and the host of a request among its headers. */
function headersOf(
  routes: EffectiveRoutes,
  request: HttpRequest,
): Map<string, string> {
  const { headers, method, path, host } = request;
  const written = Object.entries(headers ?? {}).map(
    ([name, value]): [string, string] => [name.toLowerCase(), value],
  );
  const authority = host ?? routes.host;
  return new Map([
    ...written,
    [':method', method],
    [':path', path],
    [':scheme', schemeOf(request)],
    [':authority', authority],
    ['host', authority],
  ]);
}

/** As they were sent: nothing is decoded, and of several of one name the first counts. */
function parametersOf(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [name, value = ''] = splitOnce(pair, '=');
    if (!parameters.has(name)) {
      parameters.set(name, value);
    }
  }
  return parameters;
}

/** What is known of the connection; a port that the request does not say may be any. */
function connectionChecks(
  match: RequestMatch,
  routes: EffectiveRoutes,
  request: HttpRequest,
): Check[] {
  const checks: Check[] = [];
  const { port, sniHosts } = match;
  if (port !== undefined && request.port !== undefined) {
    const holds = port === request.port;
    checks.push({ holds, says: `the port is ${holds ? '' : 'not '}${port}` });
  }
  if (sniHosts) {
    const name = request.sni ?? request.host ?? routes.host;
    const hosts = textsOf(sniHosts);
    const holds = hosts.some(host => hostCovers(host, name));
    checks.push({
      holds,
      says: `the SNI is ${holds ? '' : 'not '}${hosts.join(' or ')}`,
    });
  }
  return checks;
}

function sentence(what: string, match: StringMatch, holds: boolean): string {
  const words = describeStringMatch(match);
  if (holds) {
    return `${what} ${words}`;
  }
  const negated = words
    .replace(/^is present$/, 'is absent')
    .replace(/^is (?!absent)/, 'is not ')
    .replace(/^starts with /, 'does not start with ')
    .replace(/^matches /, 'does not match ');
  return `${what} ${negated}`;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
