import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf, textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { headerWords } from '../operations';
import type { RequestOrigin, RouteRule } from '../types';
import { toBackend } from './backends';
import type { InvalidRoute } from './rankedMatches';

/** What the filters of a rule change. */
export type FilterEffects = Pick<
  RouteRule,
  'headerOperations' | 'redirect' | 'rewrite' | 'cors'
> & { mirrors: { host: string; port?: number; share: number }[] };

/**
 * The effects of a rule's filters. A filter that Istio does not know takes the whole object out of force.
 * Source: istio pilot/pkg/config/kube/gateway/conversion.go, convertHTTPRoute, convertGRPCRoute.
 */
export function filterEffects(
  set: MeshObjects,
  route: KubeObject,
  rule: Record<string, any>,
  from: RequestOrigin,
): FilterEffects | InvalidRoute {
  const effects: FilterEffects = { mirrors: [] };
  const words: string[] = [];
  for (const filter of itemsOf(rule.filters).filter(isMap)) {
    switch (filter.type) {
      case 'RequestHeaderModifier':
        words.push(...modifierWords(filter.requestHeaderModifier, 'requests'));
        break;
      case 'ResponseHeaderModifier':
        words.push(
          ...modifierWords(filter.responseHeaderModifier, 'responses'),
        );
        break;
      case 'RequestMirror': {
        const mirror = mirrorOf(set, route, filter.requestMirror, from);
        if (mirror) {
          effects.mirrors.push(mirror);
        }
        break;
      }
      case 'RequestRedirect':
      case 'URLRewrite':
      case 'CORS':
        if (route.kind === 'GRPCRoute') {
          return unknownFilter(filter.type);
        }
        Object.assign(effects, httpEffect(filter));
        break;
      default:
        return unknownFilter(filter.type);
    }
  }
  return words.length > 0 ? { ...effects, headerOperations: words } : effects;
}

function unknownFilter(type: unknown): InvalidRoute {
  return { invalid: `Istio does not know its filter ${String(type)}` };
}

/** Header changes in words; names are given once, the first counts. */
export function modifierWords(modifier: unknown, where: string): string[] {
  if (!isMap(modifier)) {
    return [];
  }
  const byName = (listed: unknown) =>
    Object.fromEntries(
      itemsOf(listed)
        .filter(entry => typeof entry?.name === 'string')
        .map(entry => [entry.name.toLowerCase(), entry.value]),
    );
  return headerWords(
    {
      set: byName(modifier.set),
      add: byName(modifier.add),
      remove: textsOf(modifier.remove),
    },
    where,
  );
}

function httpEffect(filter: Record<string, any>): Partial<FilterEffects> {
  const text = (value: unknown) =>
    typeof value === 'string' ? value : undefined;
  const path = isMap(filter.urlRewrite?.path ?? filter.requestRedirect?.path)
    ? filter.urlRewrite?.path ?? filter.requestRedirect.path
    : {};
  const uri = text(
    path.type === 'ReplacePrefixMatch'
      ? path.replacePrefixMatch
      : path.replaceFullPath,
  );
  if (filter.type === 'URLRewrite') {
    const authority = text(filter.urlRewrite?.hostname);
    return uri === undefined && authority === undefined
      ? {}
      : {
          rewrite: {
            // A slash at the end is not written twice.
            uri:
              path.type === 'ReplacePrefixMatch'
                ? uri?.replace(/\/$/, '') || '/'
                : uri,
            authority,
            ...(path.type === 'ReplaceFullPath'
              ? { replaces: 'path' as const }
              : {}),
          },
        };
  }
  if (filter.type === 'CORS') {
    return isMap(filter.cors)
      ? { cors: { origins: textsOf(filter.cors.allowOrigins) } }
      : {};
  }
  const redirect = filter.requestRedirect;
  return isMap(redirect)
    ? {
        redirect: {
          ...(path.type === 'ReplacePrefixMatch' ? { prefix: uri } : { uri }),
          authority: text(redirect.hostname),
          scheme: text(redirect.scheme),
          ...portOf(redirect),
          status:
            typeof redirect.statusCode === 'number' ? redirect.statusCode : 302,
        },
      }
    : {};
}

/** Without a scheme that would tell it, the port stays as it was. */
function portOf({
  port,
  scheme,
}: Record<string, any>): Pick<
  NonNullable<RouteRule['redirect']>,
  'port' | 'keepsPort'
> {
  if (typeof port === 'number') {
    return { port };
  }
  return scheme === undefined || scheme === null ? { keepsPort: true } : {};
}

/** A mirror whose backend cannot be used is left out, and the requests go on as they would. */
function mirrorOf(
  set: MeshObjects,
  route: KubeObject,
  mirror: any,
  from: RequestOrigin,
): FilterEffects['mirrors'][number] | undefined {
  if (!isMap(mirror?.backendRef)) {
    return undefined;
  }
  const backend = toBackend(set, route, mirror.backendRef, { from, share: 1 });
  return 'invalid' in backend || backend.refused
    ? undefined
    : {
        host: backend.host,
        port: backend.port,
        share: mirroredShare(mirror),
      };
}

function mirroredShare(mirror: Record<string, any>): number {
  const { fraction, percent } = mirror;
  const share = isMap(fraction)
    ? Number(fraction.numerator) / Number(fraction.denominator ?? 100)
    : Number(percent ?? 100) / 100;
  return Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) : 1;
}
