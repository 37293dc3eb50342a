import type { MeshObjects } from '../MeshObjects';
import { Workload } from '../workloads/Workload';
import { workloads } from '../workloads/workloads';
import type { AccessRequest, PolicyTarget } from './types';
import { CallerAccess, callerAccess, namedPrincipals } from './callerAccess';

/** One identity and what it may do. @public */
export interface Caller extends CallerAccess {
  /** Absent for callers without a certificate. */
  principal?: string;
  /** The workloads that run under it; none for an identity that policies name and nothing uses. */
  workloads: readonly Pick<Workload, 'namespace' | 'name' | 'kind'>[];
}

/**
 * Which identities may reach a workload's port, and which operations: every workload's of the mesh, those that policies
 * name, and callers without any. From the policies alone; whether mTLS lets them in is another question.
 * @public
 */
export function callers(
  set: MeshObjects,
  workload: PolicyTarget,
  port: number,
  service?: AccessRequest['service'],
): Caller[] {
  const running = new Map<string, Workload[]>();
  for (const candidate of workloads(set)) {
    if (candidate.dataPlane !== 'none') {
      running.set(candidate.principal, [
        ...(running.get(candidate.principal) ?? []),
        candidate,
      ]);
    }
  }
  const principals = new Set([
    ...running.keys(),
    ...namedPrincipals(set, workload, service),
  ]);
  return [...[...principals].sort(), undefined].map(principal => ({
    ...callerAccess(set, workload, { principal, port, service }),
    principal,
    workloads: (running.get(principal ?? '') ?? []).map(
      ({ namespace, name, kind }) => ({ namespace, name, kind }),
    ),
  }));
}
