import { fieldsOf, itemsOf, textsOf } from '../kube/reading';
import type { RouteRule } from './types';

/** What a rule changes of requests and responses; only what it does change. */
export function operationsOf(
  http: any,
): Pick<RouteRule, 'rewrite' | 'headerOperations' | 'cors'> {
  const headers = [
    ...headerWords(http?.headers?.request, 'requests'),
    ...headerWords(http?.headers?.response, 'responses'),
    ...itemsOf(http?.route).flatMap(destinationWords),
  ];
  const regex = http?.rewrite?.uriRegexRewrite;
  return {
    ...(http?.rewrite
      ? {
          rewrite: {
            uri: http.rewrite.uri ?? regex?.rewrite,
            authority: http.rewrite.authority,
          },
        }
      : {}),
    ...(headers.length > 0 ? { headerOperations: headers } : {}),
    ...(http?.corsPolicy
      ? { cors: { origins: originsOf(http.corsPolicy) } }
      : {}),
  };
}

/** Header changes for one destination only. */
function destinationWords(route: any): string[] {
  const name = String(
    route?.destination?.subset ?? route?.destination?.host ?? '',
  );
  return [
    ...headerWords(route?.headers?.request, `requests to ${name}`),
    ...headerWords(route?.headers?.response, `responses of ${name}`),
  ];
}

/** "sets x-a on requests": what header operations do there. */
export function headerWords(operations: any, where: string): string[] {
  const names = (value: unknown) => fieldsOf(value).map(([name]) => name);
  const word = (verb: string, given: string[]) =>
    given.length > 0 ? [`${verb} ${given.join(', ')} on ${where}`] : [];
  return [
    ...word('sets', names(operations?.set)),
    ...word('adds', names(operations?.add)),
    ...word('removes', textsOf(operations?.remove)),
  ];
}

function originsOf(policy: any): string[] {
  const matches = itemsOf(policy.allowOrigins).map(origin => {
    if (origin?.prefix !== undefined) {
      return `${origin.prefix}*`;
    }
    return String(origin?.exact ?? `~${origin?.regex ?? ''}`);
  });
  return [...matches, ...textsOf(policy.allowOrigin)];
}
