import type { MeshObjects } from '../MeshObjects';
import { portNumbers } from '../routes/portProtocol';
import { redirectLocation } from '../routes/redirectLocation';
import { rewritePath } from '../routes/rewritePath';
import type {
  RequestMatch,
  RouteDestination,
  RouteRule,
} from '../routes/types';
import { arrive } from './arrive';
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
      .flatMap(destination => followDestination(set, call, way, destination)),
  ];
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
  if (state !== 'ok') {
    return [{ type: 'answered', status: 503, why: state }];
  }
  const path = rewritePath(rule, match, call.path ?? '/');
  const asked = rule.rewrite?.authority || call.host;
  // Of a Service without a selector the endpoints may be anywhere.
  if (!service || workloads.length === 0) {
    const why = 'its endpoints are not of the mesh';
    const port = destination.port ?? call.port;
    return [{ type: 'leaves', host, asked, port, path, why }];
  }
  const ports = portNumbers(
    set.get('Service', service.namespace, service.name),
  );
  const only = call.gateway && ports.length === 1 ? ports[0] : undefined;
  const port = destination.port ?? only ?? call.port;
  return workloads.flatMap(workload =>
    arrive(set, call, { workload, service, port, subset, path, host: asked }),
  );
}
