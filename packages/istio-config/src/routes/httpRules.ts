import { resolveHost, serviceHost } from '../hosts/hosts';
import { parseDurationMs } from '../kube/duration';
import { KubeObject, namespaceOf, refOf } from '../kube/KubeObject';
import { isMap, itemsOf, ownField } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { httpRulesOf } from './delegates';
import { toDestination } from './destinations';
import { portBesideRule } from './entryCluster';
import { hasCluster } from './hasCluster';
import { headerChangesOf } from './headerChanges';
import { MatchContext, matchesFor } from './matchesFor';
import { operationsOf } from './operations';
import type { RequestOrigin, RouteDestination, RouteRule } from './types';
import { sharesOf } from './weights';

/** Seen from where and by which proxy, and through which port where that is known. */
export interface RuleContext extends MatchContext {
  from: RequestOrigin;
}

/** The HTTP rules of a VirtualService that can take a request of this origin, those of its delegates in their place. */
export function httpRoutesOf(
  set: MeshObjects,
  object: KubeObject,
  context: RuleContext,
): RouteRule[] {
  return httpRulesOf(set, object).flatMap(({ http, owner, at, root }) => {
    const matches = matchesFor(http, root, context);
    return matches
      ? [
          {
            ...toRule(set, owner, http, {
              ...context,
              ruleNamespace: namespaceOf(object),
            }),
            matches,
            source: { object: refOf(owner), at },
          },
        ]
      : [];
  });
}

function toRule(
  set: MeshObjects,
  owner: KubeObject,
  http: any,
  context: RuleContext & { ruleNamespace: string },
): Omit<RouteRule, 'matches' | 'source'> {
  const namespace = namespaceOf(owner);
  return {
    index: 0,
    name: typeof http.name === 'string' ? http.name : undefined,
    destinations: destinationsOf(set, http.route, namespace, context),
    timeoutMs: parseDurationMs(http.timeout) || undefined,
    retries: retriesOf(http.retries ?? set.meshConfig.defaultHttpRetryPolicy),
    fault: faultOf(http.fault),
    mirrors: mirrorsOf(set, http, namespace, context),
    ...answerOf(http),
    ...operationsOf(http),
  };
}

function answerOf(http: any): Pick<RouteRule, 'redirect' | 'directResponse'> {
  const { redirect, directResponse } = http;
  return {
    redirect: isMap(redirect)
      ? {
          uri: redirect.uri,
          ...(redirect.prefixRewrite ? { prefix: redirect.prefixRewrite } : {}),
          authority: redirect.authority,
          ...(typeof redirect.scheme === 'string'
            ? { scheme: redirect.scheme }
            : {}),
          ...(typeof redirect.port === 'number' ? { port: redirect.port } : {}),
          ...(redirect.derivePort === 'FROM_REQUEST_PORT'
            ? { keepsPort: true as const }
            : {}),
          status: redirect.redirectCode ?? 301,
        }
      : undefined,
    directResponse: isMap(directResponse)
      ? { status: directResponse.status }
      : undefined,
  };
}

/**
 * The weighted destinations of a VirtualService's rule, of whatever protocol.
 *
 * @param namespace - by which short names are read.
 * @param context - with the namespace of an HTTP rule's VirtualService; of a delegate's that is the one that delegates.
 */
export function destinationsOf(
  set: MeshObjects,
  listed: unknown,
  namespace: string,
  context: PortContext,
): RouteDestination[] {
  const { from, port } = context;
  const routes = itemsOf(listed).filter(
    route => typeof route?.destination?.host === 'string',
  );
  const shares = sharesOf(routes.map(route => route.weight));
  return routes.map(({ destination, weight, headers }, position) => {
    const headerChanges = headerChangesOf(headers);
    const host = resolveHost(
      destination.host,
      namespace,
      set.meshConfig.domain,
    );
    const found = toDestination(
      set,
      {
        host,
        subset: destination.subset ?? undefined,
        port: portOf(set, host, destination.port, context),
        weight: weight ?? undefined,
        share: shares[position],
      },
      from,
      port,
    );
    return {
      ...found,
      ...(headerChanges ? { headerChanges } : {}),
      ...unknownCluster(set, found, from, port),
    };
  });
}

/** Where requests come from and on which port; of HTTP rules with the namespace of the VirtualService. */
interface PortContext extends Pick<RuleContext, 'from' | 'port'> {
  ruleNamespace?: string;
}

function portOf(
  set: MeshObjects,
  host: string,
  written: unknown,
  { from, port: asked, ruleNamespace: namespace }: PortContext,
): number | undefined {
  return (
    ownField(written, 'number') ??
    (namespace === undefined
      ? undefined
      : portBesideRule(set, host, from, { namespace, asked }))
  );
}

/** A Sidecar may leave out where a rule leads, though it imports the rule. */
function unknownCluster(
  set: MeshObjects,
  { service, port: own, refused }: RouteDestination,
  from: RequestOrigin,
  asked: number | undefined,
): Pick<RouteDestination, 'refused'> {
  const port = own ?? asked;
  if (refused || !service || port === undefined || from.type === 'gateway') {
    return {};
  }
  const { namespace, name } = service;
  const host = serviceHost(namespace, name, set.meshConfig.domain);
  return hasCluster(set, from, { host, namespace, port })
    ? {}
    : {
        refused: {
          status: 503,
          why: `the Sidecar of the caller leaves out port ${port} of ${host}`,
        },
      };
}

function retriesOf(retries: any): RouteRule['retries'] {
  return typeof retries?.attempts === 'number'
    ? {
        attempts: retries.attempts,
        perTryTimeoutMs: parseDurationMs(retries.perTryTimeout),
        retryOn: retries.retryOn,
      }
    : undefined;
}

function faultOf(fault: any): RouteRule['fault'] {
  const delayMs = parseDurationMs(fault?.delay?.fixedDelay);
  const abort = abortOf(fault?.abort);
  if (delayMs === undefined && !abort) {
    return undefined;
  }
  return {
    delay:
      delayMs === undefined
        ? undefined
        : { share: percentage(fault.delay), fixedDelayMs: delayMs },
    abort,
  };
}

function abortOf(abort: any): NonNullable<RouteRule['fault']>['abort'] {
  if (typeof abort?.httpStatus === 'number') {
    return { share: percentage(abort), httpStatus: abort.httpStatus };
  }
  const grpcStatus: unknown = abort?.grpcStatus;
  return typeof grpcStatus === 'string' && grpcStatus
    ? {
        share: percentage(abort),
        httpStatus: 200,
        grpcStatus,
      }
    : undefined;
}

/** Istio's `percentage.value`, or the older `percent`; without either no request is concerned. */
function percentage(block: any): number {
  const value = block?.percentage?.value ?? block?.percent ?? 0;
  return Math.min(Math.max(Number(value) / 100 || 0, 0), 1);
}

function mirrorsOf(
  set: MeshObjects,
  http: any,
  namespace: string,
  context: PortContext,
): RouteRule['mirrors'] {
  const single = http.mirror
    ? [
        {
          destination: http.mirror,
          percentage: http.mirrorPercentage ?? {
            value: http.mirrorPercent ?? 100,
          },
        },
      ]
    : [];
  return [...itemsOf(http.mirrors), ...single]
    .filter(mirror => typeof mirror?.destination?.host === 'string')
    .map(mirror => {
      const { host: written, subset, port } = mirror.destination;
      const host = resolveHost(written, namespace, set.meshConfig.domain);
      return {
        host,
        subset,
        port: portOf(set, host, port, context),
        share: mirror.percentage ? percentage(mirror) : 1,
      };
    });
}
