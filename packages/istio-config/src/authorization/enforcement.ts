import type { KubeObject } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { WaypointAnswer, waypointFor } from '../workloads/waypoints';
import { workloadsOf } from '../workloads/workloads';
import { attachesToWaypoint, attachesToWorkload } from './attachment';
import { policiesFor, waypointPolicies } from './policies';
import { tokenReaders } from './token';
import type { PolicyTarget } from './types';

/** The Service that a caller names. */
type ServiceName = { namespace: string; name: string };

/** The waypoint that decides before a workload in ambient mode: that of the Service, else that of the workload itself. */
export function waypointBefore(
  set: MeshObjects,
  workload: PolicyTarget,
  service: ServiceName | undefined,
): WaypointAnswer {
  if (workload.dataPlane !== 'ambient') {
    return { why: 'waypoints are for ambient mode' };
  }
  return waypointFor(
    set,
    service
      ? {
          type: 'service',
          namespace: service.namespace,
          labels: set.get('Service', service.namespace, service.name)?.metadata
            .labels,
        }
      : {
          type: 'workload',
          namespace: workload.namespace,
          labels: workload.labels,
        },
  );
}

/** The RequestAuthentications that are enforced on the way to a workload: ztunnel reads no tokens, and without a proxy nobody does. @public */
export function tokenReadersBefore(
  set: MeshObjects,
  workload: PolicyTarget,
  service?: ServiceName,
): KubeObject[] {
  const { waypoint } = waypointBefore(set, workload, service);
  if (waypoint) {
    const places = new Set([
      set.meshConfig.rootNamespace,
      waypoint.namespace ?? '',
      service?.namespace ?? workload.namespace,
    ]);
    return [...places]
      .flatMap(namespace => set.inNamespace('RequestAuthentication', namespace))
      .filter(reader => attachesToWaypoint(set, reader, waypoint, service));
  }
  return seesRequests(workload) ? tokenReaders(set, workload) : [];
}

/** The AuthorizationPolicies in force where requests, and so their tokens, are seen. @public */
export function requestPolicies(
  set: MeshObjects,
  workload: PolicyTarget,
  service?: ServiceName,
): KubeObject[] {
  const { waypoint } = waypointBefore(set, workload, service);
  if (waypoint) {
    return waypointPolicies(set, waypoint, service);
  }
  return seesRequests(workload) ? policiesFor(set, workload) : [];
}

function seesRequests({ dataPlane }: PolicyTarget): boolean {
  return dataPlane !== 'ambient' && dataPlane !== 'none';
}

/** The policies of a kind that concern a Service: those of the workloads behind it, and those on its waypoint. @public */
export function attachedTo(
  set: MeshObjects,
  kind: 'AuthorizationPolicy' | 'RequestAuthentication',
  service: ServiceName,
): KubeObject[] {
  const behind = workloadsOf(set, service.namespace, service.name);
  const waypoints = behind.flatMap(
    workload => waypointBefore(set, workload, service).waypoint ?? [],
  );
  const places = new Set([
    set.meshConfig.rootNamespace,
    service.namespace,
    ...waypoints.flatMap(({ namespace }) => namespace ?? []),
  ]);
  return [...places]
    .flatMap(namespace => set.inNamespace(kind, namespace))
    .filter(
      policy =>
        ([set.meshConfig.rootNamespace, service.namespace].includes(
          policy.metadata.namespace ?? '',
        ) &&
          behind.some(workload => attachesToWorkload(set, policy, workload))) ||
        waypoints.some(waypoint =>
          attachesToWaypoint(set, policy, waypoint, service),
        ),
    );
}
