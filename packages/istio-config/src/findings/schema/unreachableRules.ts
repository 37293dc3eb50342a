import { KubeObject } from '../../kube/KubeObject';
import { placeOf } from '../../kube/place';
import { fieldsOf, isMap, itemsOf, textsOf } from '../../kube/reading';
import { matchCovers } from '../../routes/matchCovers';
import type { RequestMatch } from '../../routes/types';
import { defineFinding } from '../Finding';
import type { Mend } from '../Mend';

const SOURCE =
  'istio: pkg/config/validation/validation.go, analyzeUnreachableHTTPRules';

interface Issue {
  type: 'unreachable' | 'ineffective';
  path: string;
  message: string;
}

/** A rule that no request can reach, because the ones above take all it matches. */
export const unreachableRule = defineFinding({
  code: 'IST0130',
  level: 'warning',
  inputs: ['VirtualService'],
  source: SOURCE,
  *find({ VirtualService: services }) {
    for (const resource of services) {
      for (const { type, path, message } of issuesOf(resource)) {
        if (type === 'unreachable') {
          yield {
            resource,
            path,
            message,
            fix: 'Put it above the rule that takes its requests, or remove it.',
            mend: {
              does: 'Removes the rule that is never used; requests are answered as before.',
              edits: [{ at: placeOf(path) }],
            },
          };
        }
      }
    }
  },
});

/** A match that a rule above already has. */
export const ineffectiveMatch = defineFinding({
  code: 'IST0131',
  level: 'info',
  inputs: ['VirtualService'],
  source: SOURCE,
  *find({ VirtualService: services }) {
    for (const resource of services) {
      for (const { type, path, message } of issuesOf(resource)) {
        if (type === 'ineffective') {
          yield {
            resource,
            path,
            message,
            fix: 'Remove the match, or put the more particular one first.',
            mend: mendOf(resource, path),
          };
        }
      }
    }
  },
});

/**
 * A rule of which no other match would be left is not to take everything. Each match of a delegate has to fit one of the rule that leads
 * to it, or Istio drops it with its rule: there a match that gets no requests may still be needed.
 */
function mendOf(resource: KubeObject, path: string): Mend | undefined {
  const at = placeOf(path);
  const [field, protocol, index] = at;
  const rule = resource[field]?.[protocol]?.[index];
  return itemsOf(rule?.match).length > 1 && !rule.delegate
    ? {
        does: 'Removes the match that is never used; requests are answered as before.',
        edits: [{ at }],
      }
    : undefined;
}

function issuesOf(service: KubeObject): Issue[] {
  const named = textsOf(service.spec?.gateways);
  const gateways = named.length > 0 ? named : ['mesh'];
  const { namespace } = service.metadata;
  return ['http', 'tcp', 'tls'].flatMap(protocol =>
    issuesIn(itemsOf(service.spec?.[protocol]), protocol, {
      gateways,
      namespace,
    }),
  );
}

function issuesIn(
  rules: readonly any[],
  protocol: string,
  { gateways, namespace }: { gateways: readonly string[]; namespace?: string },
): Issue[] {
  const above: RulesAbove = {
    seen: new Map(),
    prefixes: [],
    delegating: [],
    namespace,
  };
  const issues = rules.flatMap((rule, index) =>
    isMap(rule) ? issuesOfRule(rule, index, protocol, above) : [],
  );
  return [...issues, ...covered(above.prefixes, gateways)];
}

/** What the rules that were read so far take. */
interface RulesAbove {
  /** By match: the rule that has it. */
  seen: Map<string, string>;
  prefixes: PrefixMatch[];
  /** The first rule without a match. */
  takesAll?: string;
  /** Rules with a delegate: what its rules leave goes on to the rules below, but not to the same delegate again. */
  delegating: { name: string; delegate: string; keys: ReadonlySet<string> }[];
  /** In which a delegate is that says none. */
  namespace?: string;
}

function delegateOf(
  rule: Record<string, any>,
  namespace = '',
): string | undefined {
  const { delegate } = rule;
  return isMap(delegate)
    ? `${delegate.namespace || namespace}/${delegate.name}`
    : undefined;
}

/** Of one rule; what it takes is added to `above`. */
function issuesOfRule(
  rule: Record<string, any>,
  index: number,
  protocol: string,
  above: RulesAbove,
): Issue[] {
  const path = `spec.${protocol}[${index}]`;
  const name = nameOf(rule, index);
  const matches = itemsOf(rule.match);
  const keys = new Set(matches.map(keyOf));
  const delegate = delegateOf(rule, above.namespace);
  const takesWhatItMatches = delegate === undefined;
  // A rule with more matches keeps all of the delegate that one with fewer keeps.
  const same = above.delegating.find(
    other =>
      other.delegate === delegate &&
      (other.keys.size === 0 ||
        (keys.size > 0 && [...keys].every(key => other.keys.has(key)))),
  );
  if (delegate !== undefined) {
    above.delegating.push({ name, delegate, keys });
  }
  const unreachable = (because: string): Issue => ({
    type: 'unreachable',
    path,
    message: `The rule ${name} is never used: ${because}.`,
  });
  if (above.takesAll !== undefined) {
    return [
      unreachable(
        `the rule ${above.takesAll} above has no match and takes everything`,
      ),
    ];
  }
  if (same?.keys.size === 0) {
    return [
      unreachable(
        `the rule ${same.name} above has no match and leads everything to ${delegate} already`,
      ),
    ];
  }
  if (matches.length === 0) {
    above.takesAll = takesWhatItMatches ? name : undefined;
    return [];
  }
  const own = new Map<string, string>();
  const duplicates = matches.flatMap((match, position) =>
    duplicatesOf(match, above, {
      path: `${path}.match[${position}]`,
      rule: name,
      name: nameOf(match, position),
      takesWhatItMatches,
      isHttp: protocol === 'http',
      own,
      same: same?.name,
    }),
  );
  if (takesWhatItMatches) {
    own.forEach((taker, key) => above.seen.set(key, taker));
  }
  return duplicates.length === matches.length
    ? [...duplicates, unreachable('rules above have all its matches')]
    : duplicates;
}

function duplicatesOf(
  match: any,
  above: RulesAbove,
  at: Pick<PrefixMatch, 'path' | 'rule' | 'name' | 'takesWhatItMatches'> & {
    isHttp: boolean;
    /** By match: the rule itself, where it has it already. */
    own: Map<string, string>;
    /** The rule above that leads all that this one does to the same delegate. */
    same?: string;
  },
): Issue[] {
  const { isHttp, own, same, ...place } = at;
  const key = keyOf(match);
  const earlier = above.seen.get(key) ?? own.get(key) ?? same;
  if (earlier !== undefined) {
    return [
      {
        type: 'ineffective',
        path: place.path,
        message: `The match ${place.name} of the rule ${place.rule} is never used: the rule ${earlier} has the same.`,
      },
    ];
  }
  own.set(key, place.rule);
  const prefix = isHttp ? prefixOf(match) : undefined;
  if (prefix) {
    above.prefixes.push({ ...prefix, ...place, match });
  }
  return [];
}

function nameOf(item: any, index: number): string {
  return typeof item?.name === 'string' && item.name
    ? `"${item.name}"`
    : String(index + 1);
}

/** The match without its name, in one order of fields. */
function keyOf(match: unknown): string {
  const { name: _name, ...rest } = isMap(match) ? match : { name: undefined };
  return JSON.stringify(sorted(rest));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return isMap(value)
    ? Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, sorted(item)])
    : value;
}

interface Conditions {
  prefix: string;
  port: unknown;
  method: string;
  authority: string;
  maps: Map<string, string>[];
}

interface PrefixMatch extends Conditions {
  match: RequestMatch;
  takesWhatItMatches: boolean;
  path: string;
  rule: string;
  name: string;
}

function prefixOf(match: any): Conditions | undefined {
  const prefix: unknown = match?.uri?.prefix;
  if (typeof prefix !== 'string' || !prefix) {
    return undefined;
  }
  const mapOf = (value: unknown) =>
    new Map(fieldsOf(value).map(([key, item]) => [key, textOf(item)]));
  return {
    prefix,
    port: match.port,
    // Source: genMatchHTTPRoutes: no method counts as GET in this comparison.
    method: textOf(match.method) || 'exact GET',
    authority: textOf(match.authority),
    maps: [match.headers, match.queryParams, match.withoutHeaders].map(mapOf),
  };
}

function textOf(match: any): string {
  if (match?.exact) {
    return `exact ${match.exact}`;
  }
  return match?.prefix ? `prefix ${match.prefix}` : '';
}

/**
 * Prefix matches below a shorter prefix with the same other conditions. Istio compares them loosely (two regular expressions
 * are the same to it, and a method is none); what is in use all the same is left alone.
 */
function covered(
  matches: readonly PrefixMatch[],
  gateways: readonly string[],
): Issue[] {
  return matches.flatMap((above, index) =>
    matches
      .slice(index + 1)
      .filter(
        below =>
          below.prefix !== above.prefix &&
          looksCovered(above, below) &&
          above.takesWhatItMatches &&
          matchCovers(above.match, below.match, gateways),
      )
      .map(below => ({
        type: 'ineffective' as const,
        path: below.path,
        message: `The match ${below.name} (prefix ${below.prefix}) of the rule ${below.rule} is never used: ${above.name} of the rule ${above.rule} above takes all of ${above.prefix}.`,
      })),
  );
}

function looksCovered(above: Conditions, below: Conditions): boolean {
  return (
    below.prefix.startsWith(above.prefix) &&
    below.port === above.port &&
    above.method.startsWith(below.method) &&
    above.authority.startsWith(below.authority) &&
    above.maps.every((own, index) => {
      const other = below.maps[index];
      return (
        own.size === other.size &&
        [...own].every(([key, value]) => {
          const wanted = other.get(key);
          return wanted !== undefined && value.startsWith(wanted);
        })
      );
    })
  );
}
