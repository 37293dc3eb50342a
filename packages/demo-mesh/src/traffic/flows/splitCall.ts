import {
  destinationRulesFor,
  MeshObjects,
  RouteRule,
  selects,
  serviceHost,
  serviceOfHost,
  Workload,
  workloadsOf,
} from '@meshdeck/istio-config';
import type { ServiceName } from '../TrafficProfile';
import { chooseRule } from './chooseRule';
import type { Caller, CallShape } from './Flow';

/** One way that a share of the calls goes, before anything is known of how it ends. */
export interface Way {
  share: number;
  mirrored: boolean;
  service: ServiceName & { port: number; host: string };
  subset?: string;
  rule?: RouteRule;
  target:
    | { type: 'workload'; workload: Workload }
    | { type: 'outside' }
    /** The proxy answers itself. */
    | { type: 'answer'; code: number; flags: string; delayMs: number };
}

export interface AskedCall {
  caller: Caller;
  to: ServiceName & { port: number; host: string };
  request: CallShape['request'];
}

const MISSING = {
  'no-such-service': 'NC',
  'no-such-subset': 'NC',
  'no-pods': 'UH',
} as const;

/** Where the calls go: rule, faults, weights, and the pods behind a Service. Nobody routes for a caller without a proxy. */
export function splitCall(
  set: MeshObjects,
  call: AskedCall,
  routed: boolean,
): Way[] {
  if (!routed) {
    return spread(workloadsOf(set, call.to.namespace, call.to.name), {
      share: 1,
      mirrored: false,
      service: call.to,
    });
  }
  const { caller, to, request } = call;
  const rule = chooseRule(set, caller, to, request);
  if (!rule) {
    return [answer(call, 1, { code: 404, flags: 'NR', delayMs: 0 })];
  }
  return [
    ...aborted(call, rule),
    ...answered(call, rule),
    ...mirrored(set, call, rule),
  ];
}

function answered(call: AskedCall, rule: RouteRule): Way[] {
  const share = 1 - (rule.fault?.abort?.share ?? 0);
  const code = rule.redirect?.status ?? rule.directResponse?.status;
  if (share <= 0) {
    return [];
  }
  if (code !== undefined) {
    return [answer(call, share, { code, flags: '-', delayMs: 0 }, rule)];
  }
  return rule.destinations.length === 0
    ? [answer(call, share, { code: 503, flags: 'NC', delayMs: 0 }, rule)]
    : rule.destinations.flatMap(destination =>
        toDestination(call, rule, destination, share),
      );
}

function toDestination(
  call: AskedCall,
  rule: RouteRule,
  destination: RouteRule['destinations'][number],
  share: number,
): Way[] {
  const way = {
    share: share * destination.share,
    mirrored: false,
    service: {
      ...(destination.service ?? { namespace: 'unknown', name: 'unknown' }),
      port: destination.port ?? call.to.port,
      host: destination.host,
    },
    subset: destination.subset,
    rule,
  };
  if (way.share <= 0) {
    return [];
  }
  if (destination.state !== 'ok') {
    return [
      {
        ...way,
        target: {
          type: 'answer',
          code: 503,
          flags: MISSING[destination.state],
          delayMs: 0,
        },
      },
    ];
  }
  return destination.service
    ? spread(destination.workloads, way)
    : [{ ...way, target: { type: 'outside' } }];
}

function aborted(call: AskedCall, rule: RouteRule): Way[] {
  const { abort, delay } = rule.fault ?? {};
  if (!abort || abort.share <= 0) {
    return [];
  }
  const delayed = delay?.share ?? 0;
  return [
    answer(
      call,
      abort.share * (1 - delayed),
      { code: abort.httpStatus, flags: 'FI', delayMs: 0 },
      rule,
    ),
    answer(
      call,
      abort.share * delayed,
      {
        code: abort.httpStatus,
        flags: 'DI,FI',
        delayMs: delay?.fixedDelayMs ?? 0,
      },
      rule,
    ),
  ].filter(way => way.share > 0);
}

function mirrored(set: MeshObjects, call: AskedCall, rule: RouteRule): Way[] {
  return rule.mirrors.flatMap(mirror => {
    const service = serviceOfHost(set, mirror.host);
    if (!service) {
      return [];
    }
    const named = {
      namespace: service.metadata.namespace ?? '',
      name: service.metadata.name,
    };
    const subset = destinationRulesFor(set, mirror.host, {
      clientNamespace: call.caller.workload.namespace,
      serviceNamespace: named.namespace,
    }).subsets.find(candidate => candidate.name === mirror.subset);
    const behind = workloadsOf(set, named.namespace, named.name).filter(
      workload =>
        mirror.subset === undefined ||
        (subset !== undefined && selects(subset.labels, workload.labels)),
    );
    return spread(behind, {
      share: mirror.share,
      mirrored: true,
      service: { ...named, port: call.to.port, host: mirror.host },
      subset: mirror.subset,
      rule,
    }).filter(way => way.target.type === 'workload');
  });
}

/** Over the workloads by their ready pods: what a load balancer does with equal pods. */
function spread(
  workloads: readonly Workload[],
  way: Omit<Way, 'target'>,
): Way[] {
  const ready = workloads.filter(workload => workload.readyPods > 0);
  const pods = ready.reduce((sum, workload) => sum + workload.readyPods, 0);
  if (pods === 0) {
    return [
      {
        ...way,
        target: { type: 'answer', code: 503, flags: 'UH', delayMs: 0 },
      },
    ];
  }
  return ready.map(workload => ({
    ...way,
    share: (way.share * workload.readyPods) / pods,
    target: { type: 'workload', workload },
  }));
}

function answer(
  call: AskedCall,
  share: number,
  given: { code: number; flags: string; delayMs: number },
  rule?: RouteRule,
): Way {
  return {
    share,
    mirrored: false,
    service: call.to,
    rule,
    target: { type: 'answer', ...given },
  };
}

/** A Service as a call names it. */
export function addressOf(
  set: MeshObjects,
  service: ServiceName,
  port?: number,
): AskedCall['to'] | undefined {
  const object = set.get('Service', service.namespace, service.name);
  const first = object?.spec?.ports?.[0]?.port;
  if (!object || typeof (port ?? first) !== 'number') {
    return undefined;
  }
  return {
    ...service,
    port: port ?? first,
    host: serviceHost(service.namespace, service.name, set.meshConfig.domain),
  };
}
