import { parseDurationMs } from '../../kube/duration';
import { KubeObject, refOf } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { headerChangesOfFilters } from '../headerChanges';
import type { RequestOrigin, RouteRule } from '../types';
import { backendsOf } from './backends';
import { filterEffects, modifierWords } from './filterEffects';
import { InvalidRoute, isInvalid } from './rankedMatches';

/** Envoy's conditions that Istio adds to the codes of an HTTPRoute's `retry`. */
const RETRIED = [
  'connect-failure',
  'refused-stream',
  'unavailable',
  'cancelled',
];
const DEFAULT_ATTEMPTS = 2;

/** A rule as all pages know it, its matches left out: each of them has its own place in the order. */
export function toRule(
  set: MeshObjects,
  route: KubeObject,
  source: { body: Record<string, any>; position: number; from: RequestOrigin },
): RouteRule | InvalidRoute {
  const { body, position, from } = source;
  const effects = filterEffects(set, route, body, from);
  if (isInvalid(effects)) {
    return effects;
  }
  const destinations = effects.redirect
    ? []
    : backendsOf(set, route, body, from);
  if (isInvalid(destinations)) {
    return destinations;
  }
  const words = [
    ...(effects.headerOperations ?? []),
    ...backendWords(body.backendRefs),
  ];
  const headerChanges = headerChangesOfFilters(body.filters);
  return {
    index: 0,
    name: typeof body.name === 'string' ? body.name : undefined,
    matches: [],
    destinations,
    ...(route.kind === 'HTTPRoute' ? patienceOf(body) : {}),
    ...effects,
    ...(words.length > 0 ? { headerOperations: words } : {}),
    ...(headerChanges ? { headerChanges } : {}),
    ...(destinations.length === 0 && !effects.redirect
      ? { directResponse: { status: 500 } }
      : {}),
    source: { object: refOf(route), at: ['spec', 'rules', position] },
  };
}

/** Header changes for one backend only. */
function backendWords(listed: unknown): string[] {
  return itemsOf(listed)
    .filter(isMap)
    .flatMap(backend =>
      itemsOf(backend.filters)
        .filter(isMap)
        .flatMap(filter => [
          ...modifierWords(
            filter.requestHeaderModifier,
            `requests to ${String(backend.name)}`,
          ),
          ...modifierWords(
            filter.responseHeaderModifier,
            `responses of ${String(backend.name)}`,
          ),
        ]),
    );
}

/** `timeouts.backendRequest` is the limit of each try where retries are set, else the limit of all. */
function patienceOf(
  body: Record<string, any>,
): Pick<RouteRule, 'timeoutMs' | 'retries'> {
  const timeouts = isMap(body.timeouts) ? body.timeouts : {};
  const request = parseDurationMs(timeouts.request) || undefined;
  const backendRequest = parseDurationMs(timeouts.backendRequest) || undefined;
  if (!isMap(body.retry)) {
    return { timeoutMs: backendRequest ?? request };
  }
  const { attempts, codes, backoff } = body.retry;
  const count = typeof attempts === 'number' ? attempts : DEFAULT_ATTEMPTS;
  return {
    timeoutMs: request,
    retries: {
      attempts: count,
      perTryTimeoutMs: backendRequest,
      retryOn:
        count === 0
          ? undefined
          : [
              ...RETRIED,
              ...itemsOf(codes).filter(code => typeof code === 'number'),
            ].join(','),
      ...(parseDurationMs(backoff)
        ? { backoffMs: parseDurationMs(backoff) }
        : {}),
    },
  };
}
