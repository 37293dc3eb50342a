import {
  connection,
  evaluateAccess,
  MeshObjects,
  pathOf,
  RouteRule,
  targetPortOf,
  Workload,
} from '@meshdeck/istio-config';
import { Latency } from '../Latency';
import { AttemptClass, withRetriesAndTimeout } from './attempts';
import type { Branch, Caller, CallShape } from './Flow';
import { AskedCall, splitCall, Way } from './splitCall';
import { isInWaypoint } from './waypoints';

const REFUSED_MS = 3;
const DENIED = Latency.create({ p50Ms: 0.7, p99Ms: 3 });
const OWN_ANSWER = Latency.create({ p50Ms: 0.4, p99Ms: 2 });
const OUTSIDE = Latency.create({ p50Ms: 80, p99Ms: 600 });
const NO_RETRY = { probability: 0, more: 0 };

/** How the application behind a workload answers, and what it calls meanwhile. */
export type ApplicationOf = (
  workload: Workload,
  call: AskedCall,
  way: Way,
) => {
  answers: readonly AttemptClass[];
  calls: Branch['calls'];
  delays: CallShape['delays'];
};

/** What a proxy answers itself to who may not call. */
const DENIAL: ReturnType<ApplicationOf> = {
  answers: [{ share: 1, code: 403, flags: '-', latency: DENIED }],
  calls: [],
  delays: [],
};

/** What becomes of a kind of call: where it goes, whether it may, how it ends. The rules are all istio-config's. */
export function callShape(
  set: MeshObjects,
  call: AskedCall,
  protocol: CallShape['protocol'],
  applicationOf: ApplicationOf,
): CallShape {
  const inWaypoint =
    call.caller.proxy === 'ambient' && isInWaypoint(set, call.to);
  const routed =
    protocol !== 'tcp' &&
    (['sidecar', 'gateway'].includes(call.caller.proxy) || inWaypoint);
  const bySource = reportOf(call.caller, inWaypoint, protocol);
  const delays: { share: number; ms: number }[] = [];
  const branches = splitCall(set, call, routed).map((way): Branch => {
    const base = {
      share: way.share,
      mirrored: way.mirrored,
      service: way.service,
      subset: way.subset,
      rule: way.rule && describeRule(way.rule),
    };
    const { target } = way;
    if (target.type !== 'workload') {
      return { ...base, ...withoutWorkload(target, bySource) };
    }
    const branch = toWorkload(set, call, way, target.workload, {
      protocol,
      applicationOf,
      bySource,
    });
    delays.push(
      ...branch.delays.map(({ share, ms }) => ({
        share: share * way.share,
        ms,
      })),
    );
    return { ...base, ...branch.rest };
  });
  return {
    caller: call.caller,
    service: call.to,
    protocol,
    request: call.request,
    branches,
    delays,
  };
}

function describeRule(rule: RouteRule): Branch['rule'] {
  const uri = rule.matches.find(match => match.uri)?.uri;
  return (
    rule.source && {
      object: rule.source.object,
      path: pathOf(rule.source.at),
      name: rule.name,
      matchedPath:
        uri?.prefix === undefined ? uri?.exact ?? uri?.regex : `${uri.prefix}*`,
    }
  );
}

type Rest = Omit<Branch, 'share' | 'mirrored' | 'service' | 'subset' | 'rule'>;

function reportOf(
  caller: Caller,
  inWaypoint: boolean,
  protocol: CallShape['protocol'],
): Branch['seen']['bySource'] {
  if (caller.proxy === 'none') {
    return 'nothing';
  }
  if (protocol === 'tcp') {
    return 'tcp';
  }
  if (caller.proxy === 'ambient') {
    return inWaypoint ? 'waypoint' : 'tcp';
  }
  return 'requests';
}

function withoutWorkload(
  target: Exclude<Way['target'], { type: 'workload' }>,
  bySource: Branch['seen']['bySource'],
): Rest {
  const outcome =
    target.type === 'outside'
      ? { code: 200, flags: '-', latency: OUTSIDE }
      : {
          code: target.code,
          flags: target.flags,
          latency: OWN_ANSWER.plus(target.delayMs),
        };
  return {
    security: 'none',
    seen: { bySource, byDestination: 'nothing' },
    retry: NO_RETRY,
    outcomes: [{ share: 1, ...outcome }],
    arrivals: [],
    calls: [],
  };
}

function toWorkload(
  set: MeshObjects,
  call: AskedCall,
  way: Way,
  workload: Workload,
  context: {
    protocol: CallShape['protocol'];
    applicationOf: ApplicationOf;
    bySource: Branch['seen']['bySource'];
  },
): { rest: Rest; delays: CallShape['delays'] } {
  const { bySource, protocol } = context;
  const { service } = way;
  const caller =
    call.caller.proxy === 'none' ? undefined : call.caller.workload;
  const verdict = connection(set, caller, {
    workload,
    service: { namespace: service.namespace, name: service.name },
    port: service.port,
    subset: way.subset,
  });
  const security = verdict.outcome === 'mtls' ? 'mutual_tls' : 'none';
  if (verdict.outcome === 'refused') {
    return {
      rest: refused(workload, bySource),
      delays: [],
    };
  }
  const seen: Branch['seen'] = {
    bySource,
    byDestination: reportAt(workload, protocol),
  };
  const isAllowed = mayCall(set, call, way, workload, verdict.outcome);
  const delay = way.rule?.fault?.delay;
  const application = isAllowed
    ? context.applicationOf(workload, call, way)
    : DENIAL;
  const attempts =
    isAllowed && protocol === 'tcp'
      ? {
          outcomes: [...application.answers].slice(0, 1),
          arrivals: application.answers
            .slice(0, 1)
            .map(item => ({ ...item, perRequest: 1 })),
          retry: NO_RETRY,
        }
      : withRetriesAndTimeout(application.answers, way.rule);
  return {
    rest: {
      destination: workload,
      security,
      seen,
      retry: attempts.retry,
      outcomes: delayed(attempts.outcomes, delay),
      arrivals: attempts.arrivals,
      calls: application.calls,
    },
    delays: [...faultDelays(delay), ...application.delays],
  };
}

function mayCall(
  set: MeshObjects,
  call: AskedCall,
  { service }: Way,
  workload: Workload,
  outcome: ReturnType<typeof connection>['outcome'],
): boolean {
  return (
    workload.dataPlane === 'none' ||
    evaluateAccess(set, workload, {
      principal:
        outcome === 'mtls' ? call.caller.workload.principal : undefined,
      port: targetPortOf(
        set.get('Service', service.namespace, service.name),
        service.port,
        workload,
      ),
      method: call.request.method,
      path: call.request.path,
      host: call.caller.through?.host ?? service.host,
      headers: call.request.headers,
    }).allowed
  );
}

/**
 * A connection that the server's listener has no filter chain for is closed before any request: the server counts no
 * request, and a caller without a proxy is counted by nobody.
 */
function refused(
  workload: Workload,
  bySource: Branch['seen']['bySource'],
): Rest {
  const code = bySource === 'nothing' ? 0 : 503;
  return {
    destination: workload,
    security: 'none',
    seen: {
      bySource,
      byDestination: workload.dataPlane === 'none' ? 'nothing' : 'refused',
    },
    retry: NO_RETRY,
    outcomes: [
      {
        share: 1,
        code,
        flags: workload.dataPlane === 'none' ? 'UF,URX' : 'UC',
        latency: Latency.fixed(REFUSED_MS),
      },
    ],
    arrivals: [],
    calls: [],
  };
}

function reportAt(
  workload: Workload,
  protocol: CallShape['protocol'],
): Branch['seen']['byDestination'] {
  if (workload.dataPlane === 'none') {
    return 'nothing';
  }
  return workload.dataPlane === 'ambient' || protocol === 'tcp'
    ? 'tcp'
    : 'requests';
}

function faultDelays(
  delay: { share: number; fixedDelayMs: number } | undefined,
): CallShape['delays'] {
  return delay && delay.share > 0
    ? [{ share: delay.share, ms: delay.fixedDelayMs }]
    : [];
}

/** Envoy's delay happens in the caller's proxy: the server sees nothing of it. */
function delayed(
  outcomes: Branch['outcomes'],
  delay: { share: number; fixedDelayMs: number } | undefined,
): Branch['outcomes'] {
  if (!delay || delay.share <= 0) {
    return outcomes;
  }
  return outcomes
    .flatMap(outcome => [
      { ...outcome, share: outcome.share * (1 - delay.share) },
      {
        ...outcome,
        share: outcome.share * delay.share,
        flags: outcome.flags === '-' ? 'DI' : `DI,${outcome.flags}`,
        latency: outcome.latency.plus(delay.fixedDelayMs),
      },
    ])
    .filter(outcome => outcome.share > 0);
}
