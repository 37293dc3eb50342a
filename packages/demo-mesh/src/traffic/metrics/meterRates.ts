import { Branch, CallShape, RootFlow, walkFlow } from '../flows/Flow';
import type { Intensity } from '../Intensity';
import { connectionLabels, Labels, Reporter, requestLabels } from './labels';
import {
  deniedAmounts,
  httpAmounts,
  MeterKind,
  refusedAmounts,
  tcpAmounts,
} from './meters';

/** How fast the counters of one set of labels grow. */
export interface MeterRate {
  kind: MeterKind;
  labels: Labels;
  rates: Map<Intensity, Float64Array>;
}

/** What all proxies together count while these flows flow, by labels. */
export function meterRates(
  flows: readonly RootFlow[],
  options: { namesPlaintextCallers: boolean },
): Map<string, MeterRate> {
  const meters = new Map<string, MeterRate>();
  for (const flow of flows) {
    const add = (
      kind: MeterKind,
      labels: Labels,
      perSecond: number,
      amounts: Float64Array,
    ) => {
      if (perSecond <= 0) {
        return;
      }
      const key = `${kind}${JSON.stringify(labels)}`;
      const meter = meters.get(key) ?? { kind, labels, rates: new Map() };
      meters.set(key, meter);
      const total =
        meter.rates.get(flow.intensity) ?? new Float64Array(amounts.length);
      meter.rates.set(flow.intensity, total);
      amounts.forEach((amount, slot) => {
        total[slot] += amount * perSecond;
      });
    };
    walkFlow(flow, (shape, perSecond) =>
      addCall(shape, perSecond, add, options),
    );
  }
  return meters;
}

type Add = (
  kind: MeterKind,
  labels: Labels,
  perSecond: number,
  amounts: Float64Array,
) => void;

function addCall(
  shape: CallShape,
  perSecond: number,
  add: Add,
  options: { namesPlaintextCallers: boolean },
): void {
  for (const branch of shape.branches) {
    const here = perSecond * branch.share;
    const { bySource, byDestination } = branch.seen;
    const requests = (
      reporter: Reporter,
      rate: number,
      result: Parameters<typeof requestLabels>[3] & {
        latency: Parameters<typeof httpAmounts>[1];
      },
    ) =>
      add(
        'http',
        requestLabels(reporter, shape, branch, result, options),
        here * rate,
        httpAmounts(result, result.latency),
      );
    const connections = (
      reporter: Reporter,
      flags: string,
      amounts: Float64Array,
    ) =>
      add(
        'tcp',
        {
          ...connectionLabels(reporter, shape, branch, options),
          request_protocol: 'tcp',
          response_flags: flags,
          ...(isZtunnel(reporter, shape, branch) ? { app: 'ztunnel' } : {}),
        },
        here,
        amounts,
      );

    if (bySource === 'requests' || bySource === 'waypoint') {
      const reporter = bySource === 'waypoint' ? 'waypoint' : 'source';
      // Nobody waits for a mirror's answer, but its proxy reports the call like any other.
      branch.outcomes.forEach(outcome =>
        requests(reporter, outcome.share, outcome),
      );
    }
    // A policy about connections shows as connections without an answer, and ztunnel says why.
    const isDenied =
      branch.outcomes.length > 0 &&
      branch.outcomes.every(({ code }) => code === 403);
    const exchanged = isDenied ? deniedAmounts() : tcpAmounts();
    const flags = (reporter: Reporter) =>
      isDenied && isZtunnel(reporter, shape, branch) ? 'DENY' : '-';
    if (bySource === 'tcp') {
      connections('source', flags('source'), exchanged);
    }
    if (byDestination === 'requests') {
      branch.arrivals.forEach(arrival =>
        requests('destination', arrival.perRequest, arrival),
      );
    }
    if (byDestination === 'tcp') {
      connections('destination', flags('destination'), exchanged);
    }
    if (byDestination === 'refused') {
      connections('destination', 'NR', refusedAmounts());
    }
  }
}

/** Whether the node's ztunnel reports, and not a proxy of the workload's own. */
function isZtunnel(
  reporter: Reporter,
  { caller }: CallShape,
  { destination }: Branch,
): boolean {
  return reporter === 'source'
    ? caller.proxy === 'ambient'
    : destination?.dataPlane === 'ambient';
}
