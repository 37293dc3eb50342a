import { arrivalsOf, CallShape, walkFlow } from '../traffic/flows/Flow';
import type { ScopeFilter, Traffic } from '../traffic/Traffic';
import {
  clientOperation,
  inNamespaceOf,
  serverOperation,
  serviceNameOf,
} from './SpanDraft';

export interface Operation {
  name: string;
  spanKind: 'client' | 'server' | 'internal';
}

/** The services that make spans now. */
export function serviceNames(traffic: Traffic): string[] {
  const found = operationsByService(traffic, () => false);
  // What stays in a place is not worked out for a list of names.
  const scoped = traffic.profiles.flatMap(({ scope, services }) =>
    scope
      ? services.map(({ service }) => `${service.name}.${service.namespace}`)
      : [],
  );
  return [...new Set([...found.keys(), ...scoped])].sort();
}

/** The operations of one service. */
export function operationsOf(traffic: Traffic, service: string): Operation[] {
  const isInScope = inNamespaceOf(service);
  return operationsByService(traffic, isInScope).get(service) ?? [];
}

function operationsByService(
  traffic: Traffic,
  isInScope: ScopeFilter,
): Map<string, Operation[]> {
  const found = new Map<string, Map<string, Operation>>();
  const add = (service: string, operation: Operation) => {
    const known = found.get(service) ?? new Map<string, Operation>();
    found.set(service, known);
    known.set(`${operation.spanKind} ${operation.name}`, operation);
  };
  for (const flow of traffic.flowsAt(traffic.clock(), isInScope)) {
    if (!flow.traced) {
      continue;
    }
    const { applicationSpans = false } =
      traffic.profiles.find(({ platform }) => platform === flow.platform) ?? {};
    walkFlow(flow, shape => addShape(shape, applicationSpans, add));
  }
  return new Map(
    [...found].map(([service, operations]) => [
      service,
      [...operations.values()],
    ]),
  );
}

function addShape(
  shape: CallShape,
  applicationSpans: boolean,
  add: (service: string, operation: Operation) => void,
): void {
  for (const branch of shape.branches) {
    const { destination, seen } = branch;
    if (seen.bySource === 'requests') {
      add(serviceNameOf(shape.caller.workload), {
        name: clientOperation(branch),
        spanKind: 'client',
      });
    }
    if (destination && seen.byDestination === 'requests') {
      const service = serviceNameOf(destination);
      add(service, { name: serverOperation(branch), spanKind: 'server' });
      if (applicationSpans) {
        add(service, {
          name: `${shape.request.method} ${shape.request.path}`,
          spanKind: 'internal',
        });
      }
    }
  }
}

/** Who calls whom, with the number of calls in a window. */
export function dependencies(
  traffic: Traffic,
  window: { fromMs: number; toMs: number },
): { parent: string; child: string; callCount: number }[] {
  const counts = new Map<string, number>();
  for (const flow of traffic.flowsAt(window.toMs)) {
    if (!flow.traced) {
      continue;
    }
    const fullSeconds =
      flow.intensity.sinceOrigin(window.toMs) -
      flow.intensity.sinceOrigin(Math.max(window.fromMs, traffic.originMs));
    walkFlow(flow, (shape, perSecond) => {
      for (const branch of shape.branches) {
        if (branch.destination && shape.caller.proxy !== 'none') {
          const key = JSON.stringify([
            serviceNameOf(shape.caller.workload),
            serviceNameOf(branch.destination),
          ]);
          counts.set(
            key,
            (counts.get(key) ?? 0) +
              perSecond * branch.share * arrivalsOf(branch) * fullSeconds,
          );
        }
      }
    });
  }
  return [...counts]
    .filter(([, count]) => count >= 1)
    .map(([key, count]) => {
      const [parent, child] = JSON.parse(key);
      return { parent, child, callCount: Math.round(count) };
    });
}
