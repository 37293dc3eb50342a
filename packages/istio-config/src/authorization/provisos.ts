import { isMap, itemsOf, textsOf } from '../kube/reading';
import { fromMatches } from './ruleMatching';
import type { SeenRequest } from './seenRequest';

/** What only a request shows of its caller, and how it is said. */
const SHOWN_BY_REQUEST: Record<string, (values: string[]) => string> = {
  requestPrincipals: values =>
    values.includes('*')
      ? 'with a valid token'
      : `with a token of ${values.join(' or ')}`,
  notRequestPrincipals: values =>
    values.includes('*')
      ? 'without a valid token'
      : `without a token of ${values.join(' or ')}`,
  ipBlocks: values => `from ${values.join(' or ')}`,
  notIpBlocks: values => `from elsewhere than ${values.join(' or ')}`,
  remoteIpBlocks: values => `for a client in ${values.join(' or ')}`,
  notRemoteIpBlocks: values =>
    `for a client elsewhere than in ${values.join(' or ')}`,
};

/**
 * What besides its identity a caller needs for a rule to fit; empty where nothing, undefined where the rule is about others.
 * A caller is known by its identity alone here, so neither a token nor an address can be said to be missing.
 */
export function provisosFor(
  rule: any,
  caller: SeenRequest,
): string | undefined {
  const items = itemsOf(rule?.from);
  if (items.length === 0) {
    return '';
  }
  const ways = items.flatMap(item => {
    const source = isMap(item?.source) ? item.source : {};
    const known = Object.fromEntries(
      Object.entries(source).filter(
        ([field]) => !Object.hasOwn(SHOWN_BY_REQUEST, field),
      ),
    );
    return fromMatches({ from: [{ source: known }] }, caller)
      ? [inWords(source)]
      : [];
  });
  if (ways.length === 0) {
    return undefined;
  }
  return ways.includes('') ? '' : ` ${[...new Set(ways)].join(' or ')}`;
}

function inWords(source: Record<string, unknown>): string {
  return Object.entries(SHOWN_BY_REQUEST)
    .flatMap(([field, words]) => {
      const values = textsOf(source[field]);
      return values.length > 0 ? [words(values)] : [];
    })
    .join(' and ');
}
