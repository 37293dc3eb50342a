import { isHeadless } from '../kube/headless';
import type { MeshObjects } from '../MeshObjects';
import { changedHeaders } from '../routes/headerChanges';
import { portNumbers } from '../routes/portProtocol';
import { redirectLocation } from '../routes/redirectLocation';
import { rewritePath } from '../routes/rewritePath';
import type {
  RequestMatch,
  RouteDestination,
  RouteRule,
} from '../routes/types';
import { arrive } from './arrive';
import { toCalledAddress } from './calledAddress';
import type { Call, CallOutcome } from './types';

/** The rule that takes a call, and by which of its matches. */
interface Way {
  rule: RouteRule;
  match?: RequestMatch;
}

/** What a rule makes of a call. */
export function followRule(
  set: MeshObjects,
  call: Call,
  way: Way,
): CallOutcome[] {
  const { rule } = way;
  const abort = rule.fault?.abort;
  const outcomes: CallOutcome[] = abort?.share
    ? [{ type: 'answered', status: abort.httpStatus, why: 'a fault' }]
    : [];
  if (abort && abort.share >= 1) {
    return outcomes;
  }
  const { redirect, directResponse } = rule;
  if (redirect) {
    const { status } = redirect;
    const location = redirectLocation(redirect, call, way.match);
    return [
      ...outcomes,
      { type: 'answered', status, location, why: 'a redirect' },
    ];
  }
  if (directResponse) {
    const { status } = directResponse;
    return [
      ...outcomes,
      { type: 'answered', status, why: 'a direct response' },
    ];
  }
  return [
    ...outcomes,
    ...rule.destinations
      .filter(({ share }) => share > 0)
      .flatMap(destination => followDestination(set, call, way, destination))
      .map(outcome => waitedFor(outcome, rule, call)),
  ];
}

/**
 * A rule waits for an answer as long as its timeout and that of each try allow; further tries take as long again. Without retries there
 * is no limit for a try. Source: istio pilot/pkg/networking/core/route/retry/retry.go, ConvertPolicy.
 */
function waitedFor(
  outcome: CallOutcome,
  { timeoutMs = Infinity, retries }: RouteRule,
  { answeredAfterMs = 0 }: Call,
): CallOutcome {
  const { attempts = 0, perTryTimeoutMs = Infinity } = retries ?? {};
  const patienceMs = Math.min(
    timeoutMs,
    attempts > 0 && perTryTimeoutMs > 0 ? perTryTimeoutMs : Infinity,
  );
  const isLeft = outcome.type === 'reaches' || outcome.type === 'leaves';
  return isLeft && answeredAfterMs > patienceMs
    ? {
        type: 'answered',
        status: 504,
        why: `the rule waits ${patienceMs} ms, and the answer takes ${answeredAfterMs} ms`,
      }
    : outcome;
}

function followDestination(
  set: MeshObjects,
  call: Call,
  { rule, match }: Way,
  destination: RouteDestination,
): CallOutcome[] {
  const { service, workloads, refused, state, host, subset } = destination;
  if (refused) {
    return [{ type: 'answered', ...refused }];
  }
  const object = service && set.get('Service', service.namespace, service.name);
  const path = rewritePath(rule, match, call.path ?? '/');
  const asked = rule.rewrite?.authority || call.host;
  const headers = {
    request: changedHeaders('request', call.headers ?? {}, rule, destination),
    response: changedHeaders('response', {}, rule, destination),
  };
  if (object && isHeadless(object) && !call.gateway && isThere(state)) {
    return toCalledAddress(set, call, {
      service: object,
      port: destination.port ?? call.port,
      ...{ subset, path, headers, host: asked },
    });
  }
  if (state !== 'ok') {
    return [{ type: 'answered', status: 503, why: state }];
  }
  // Of a Service without a selector the endpoints may be anywhere.
  if (!service || workloads.length === 0) {
    const why = 'its endpoints are not of the mesh';
    const port = destination.port ?? call.port;
    return [{ type: 'leaves', host, asked, port, path, headers, why }];
  }
  const ports = portNumbers(object);
  const only = call.gateway && ports.length === 1 ? ports[0] : undefined;
  const port = destination.port ?? only ?? call.port;
  return workloads.flatMap(workload =>
    arrive(set, call, {
      ...{ workload, service, port, subset, path, headers },
      host: asked,
    }),
  );
}

/** Who calls a pod by its address needs no list of them. */
function isThere(state: RouteDestination['state']): boolean {
  return state === 'ok' || state === 'no-pods';
}
