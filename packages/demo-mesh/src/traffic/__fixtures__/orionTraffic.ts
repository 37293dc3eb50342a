import { examplePlatforms } from '../../prometheus/__fixtures__/examplePlatforms';
import type { Branch, CallShape } from '../flows/Flow';
import { walkFlow } from '../flows/Flow';
import type { Traffic } from '../Traffic';
import type { InMemoryCluster } from './InMemoryCluster';

export const NOON = Date.UTC(2026, 0, 10, 12);

interface Call {
  from: string;
  to: string;
  path: string;
  /** The names of the headers it carries. */
  headers?: string;
}

/** The requests per second of one kind of call, by what became of them, as the caller's proxy or the server's sees it. */
export function outcomes(traffic: Traffic, call: Call, timeMs = NOON) {
  const seen: Record<string, number> = {};
  const arrived: Record<string, number> = {};
  let offered = 0;
  traffic.flowsAt(timeMs).forEach(flow =>
    walkFlow(flow, (shape, perSecond) => {
      if (!isCall(shape, call)) {
        return;
      }
      offered += perSecond;
      shape.branches.forEach(branch => {
        const where = branch.destination?.name ?? 'nobody';
        branch.outcomes.forEach(({ share, code, flags }) => {
          const key = `${where} ${code} ${flags}`;
          seen[key] = (seen[key] ?? 0) + perSecond * branch.share * share;
        });
        branch.arrivals.forEach(({ perRequest, code, flags }) => {
          const key = `${where} ${code} ${flags}`;
          arrived[key] =
            (arrived[key] ?? 0) + perSecond * branch.share * perRequest;
        });
      });
    }),
  );
  const share = (counts: Record<string, number>, pattern: RegExp) =>
    Object.entries(counts)
      .filter(([key]) => pattern.test(key))
      .reduce((sum, [, count]) => sum + count, 0) / offered;
  return {
    offered,
    atCaller: (pattern: RegExp) => share(seen, pattern),
    atServer: (pattern: RegExp) => share(arrived, pattern),
  };
}

function isCall(shape: CallShape, call: Call): boolean {
  return (
    shape.caller.workload.name === call.from &&
    `${shape.service.namespace}/${shape.service.name}` === call.to &&
    shape.request.path === call.path &&
    (call.headers === undefined ||
      Object.keys(shape.request.headers).join() === call.headers)
  );
}

export const LOGIN = {
  from: 'gateway-service',
  to: 'orion/auth-service',
  path: '/api/auth/login',
};
export const ME = {
  from: 'gateway-service',
  to: 'orion/auth-service',
  path: '/api/auth/me',
};

export function editRoute(
  cluster: InMemoryCluster,
  change: (http: any[]) => void,
): void {
  cluster.edit('VirtualService', 'orion', 'auth-service', object =>
    change(object.spec.http),
  );
}

/** ORION's traffic after a change to its objects. */
export function after(change: (cluster: InMemoryCluster) => void): Traffic {
  let now = NOON - 60_000;
  const { cluster, traffic } = examplePlatforms({
    names: ['orion'],
    clock: () => now,
  });
  change(cluster);
  now = NOON;
  return traffic;
}

export function branches(traffic: Traffic, call: Call): Branch[] {
  const found: Branch[] = [];
  traffic.flowsAt(NOON).forEach(flow =>
    walkFlow(flow, shape => {
      if (isCall(shape, call)) {
        found.push(...shape.branches);
      }
    }),
  );
  return found;
}

/** Of the requests for /users/me without headers: how many take longer at the gateway service's own proxy. */
export function slowShare(traffic: Traffic, ms: number): number {
  const [branch] = branches(traffic, {
    from: 'istio-ingressgateway',
    to: 'orion/gateway-service',
    path: '/users/me',
    headers: '',
  });
  const [ok] = branch.arrivals;
  return 1 - ok.latency.cdf(ms);
}

export function metricNames(traffic: Traffic, source: string, service: string) {
  return [
    ...new Set(
      [...traffic.meters()]
        .filter(
          ({ labels }) =>
            labels.source_workload === source &&
            labels.destination_service_name === service,
        )
        .map(({ kind }) => kind),
    ),
  ];
}
