import { isHeadless } from '../kube/headless';
import type { MeshObjects } from '../MeshObjects';
import { changedHeaders } from '../routes/headerChanges';
import { destinationsOf } from '../routes/httpRules';
import { portNumbers } from '../routes/portProtocol';
import { redirectLocation } from '../routes/redirectLocation';
import { rewritePath } from '../routes/rewritePath';
import { triesAfter } from '../routes/triedAgain';
import type {
  RequestMatch,
  RequestOrigin,
  RouteDestination,
  RouteRule,
} from '../routes/types';
import { isReady } from '../workloads/podReadiness';
import { arrive } from './arrive';
import { toCalledAddress } from './calledAddress';
import { nearPods } from './nearPods';
import type { ArrivingHeaders, Call, CallEnd, CallOutcome } from './types';

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
  const sent: Sent = {
    path: rewritePath(rule, match, call.path ?? '/'),
    host: rule.rewrite?.authority || call.host,
    headers: {
      request: changedHeaders('request', call.headers ?? {}, rule, destination),
      response: changedHeaders('response', {}, rule, destination),
    },
  };
  const unsent = whyUnsent(set, call, destination);
  if (unsent) {
    return [unsent];
  }
  const copies = mirrorsOf(set, call, rule).map(mirror => {
    const lost = whyUnsent(set, call, mirror);
    return lost ? [lost] : sendTo(set, call, mirror, sent);
  });
  return sendTo(set, call, destination, sent).map(outcome => ({
    ...triedAgain(outcome, rule, call),
    ...(copies.length > 0 ? { copies } : {}),
  }));
}

function triedAgain(outcome: CallEnd, rule: RouteRule, call: Call): CallEnd {
  const isLeft = outcome.type === 'reaches' || outcome.type === 'leaves';
  return isLeft && call.answeredWith !== undefined
    ? { ...outcome, tries: 1 + triesAfter(rule, call.answeredWith) }
    : outcome;
}

/** Where copies go, of those that are made at all. */
function mirrorsOf(
  set: MeshObjects,
  call: Call,
  { mirrors }: RouteRule,
): RouteDestination[] {
  const { gateway, port } = call;
  const { namespace, labels, dataPlane } = call.from;
  const from: RequestOrigin = gateway
    ? { type: 'gateway', gateway: gateway.name }
    : { type: 'mesh', namespace, labels, dataPlane };
  const routes = mirrors
    .filter(({ share }) => share > 0)
    .map(({ host, subset, port: number }) => ({
      destination: { host, subset, port: { number } },
    }));
  return destinationsOf(set, routes, namespace, { from, port });
}

/** Why the caller’s proxy answers itself, since it has nobody to send to. */
function whyUnsent(
  set: MeshObjects,
  call: Call,
  { service, refused, state }: RouteDestination,
): CallEnd | undefined {
  if (refused) {
    return { type: 'answered', ...refused };
  }
  const object = service && set.get('Service', service.namespace, service.name);
  const isCalled =
    object !== undefined &&
    isHeadless(object) &&
    !call.gateway &&
    isThere(state);
  return state === 'ok' || isCalled
    ? undefined
    : { type: 'answered', status: 503, why: state };
}

/** What is sent to a destination. */
interface Sent {
  path: string;
  host: string;
  headers: ArrivingHeaders;
}

function sendTo(
  set: MeshObjects,
  call: Call,
  destination: RouteDestination,
  sent: Sent,
): CallEnd[] {
  const { service, workloads, host, subset } = destination;
  const { path, headers } = sent;
  const object = service && set.get('Service', service.namespace, service.name);
  if (object && isHeadless(object) && !call.gateway) {
    return toCalledAddress(set, call, {
      service: object,
      port: destination.port ?? call.port,
      ...{ subset, ...sent },
    });
  }
  // Of a Service without a selector the endpoints may be anywhere.
  if (!service || workloads.length === 0) {
    const why = 'its endpoints are not of the mesh';
    const port = destination.port ?? call.port;
    const asked = sent.host;
    return [{ type: 'leaves', host, asked, port, path, headers, why }];
  }
  const ports = portNumbers(object);
  const only = call.gateway && ports.length === 1 ? ports[0] : undefined;
  const port = destination.port ?? only ?? call.port;
  const { isNear, whyNobody } = nearPods(set, call, destination, port);
  const near = workloads.filter(({ pods }) =>
    pods.some(pod => isReady(pod) && isNear(pod)),
  );
  return [
    ...near.flatMap(workload =>
      arrive(set, call, {
        ...{ workload, service, port, subset, isNear, ...sent },
      }),
    ),
    ...(whyNobody
      ? [{ type: 'answered' as const, status: 503, why: whyNobody }]
      : []),
  ];
}

/** Who calls a pod by its address needs no list of them. */
function isThere(state: RouteDestination['state']): boolean {
  return state === 'ok' || state === 'no-pods';
}
