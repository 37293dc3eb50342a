import { MeshObjects, Workload } from '@meshdeck/istio-config';
import type { FleetRow } from '@meshdeck/plugin-mesh-common';
import { Claimable, claimableService } from '../ownership/claimable';
import { isSystemNamespace } from '../placements/systemNamespaces';
import { canaryInShort } from '../rollouts/canaryInShort';
import { serviceFacts, ServiceFacts } from '../facts/serviceFacts';
import { failedRolloutOf } from '../health/failedRolloutOf';
import { measuredServices } from '../health/measuredPlace';
import type { MeasuredPlace } from '../metrics/MetricsService';
import { imageVersion, proxyContainerOf } from './proxyVersions';

/** What the objects of a cluster say of one service, as the fleet shows it. */
export interface FleetFacts
  extends Pick<
    FleetRow,
    'dataPlane' | 'canary' | 'findings' | 'proxyVersions' | 'pods' | 'readyPods'
  > {
  namespace: string;
  service: string;
  /** What a health is made of, beside the numbers. */
  config: ServiceFacts;
  rollout?: string;
  measured: Pick<MeasuredPlace, 'behind' | 'hasAmbient'>;
  /** What it says of whose it is. */
  claimable: Claimable;
}

/** The services of the fleet, as `namespace/name`: those with a selector, outside the platform's own namespaces. */
export function fleetServices(set: MeshObjects): readonly string[] {
  return set.derive(servicesIn);
}

/** The same value as long as nothing that it was derived from changes. */
export function fleetFacts(
  set: MeshObjects,
  key: string,
): FleetFacts | undefined {
  return set.derive(factsOf, key);
}

function servicesIn(set: MeshObjects): readonly string[] {
  return set
    .all('Service')
    .filter(
      ({ metadata: { namespace }, spec }) =>
        Object.keys(spec?.selector ?? {}).length > 0 &&
        !isSystemNamespace(namespace, set.meshConfig.rootNamespace),
    )
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .sort();
}

function factsOf(set: MeshObjects, key: string): FleetFacts | undefined {
  const [namespace, service] = key.split('/');
  if (!set.get('Service', namespace, service)) {
    return undefined;
  }
  const facts = serviceFacts(set, { namespace, service });
  const { rules, findings, workloads } = facts;
  const count = (level: string) =>
    findings.filter(finding => finding.level === level).length;
  return {
    namespace,
    service,
    config: facts,
    rollout: failedRolloutOf(set, { namespace, service }),
    measured: measuredServices(set, { namespace, service }),
    dataPlane: dataPlaneOf(workloads),
    canary: canaryInShort(set, { namespace, service }, rules),
    findings: {
      error: count('error'),
      warning: count('warning'),
      info: count('info'),
    },
    proxyVersions: versionsOf(workloads),
    pods: workloads.reduce((sum, { pods }) => sum + pods.length, 0),
    readyPods: workloads.reduce((sum, { readyPods }) => sum + readyPods, 0),
    claimable: claimableService(set, { namespace, service }, workloads),
  };
}

function dataPlaneOf(workloads: readonly Workload[]): FleetRow['dataPlane'] {
  const planes = new Set(workloads.map(({ dataPlane }) => dataPlane));
  const [only = 'none'] = planes;
  return planes.size > 1 ? 'mixed' : only;
}

function versionsOf(workloads: readonly Workload[]): string[] {
  const versions = workloads.flatMap(({ pods }) =>
    pods.map(pod => imageVersion(proxyContainerOf(pod)?.image)),
  );
  return [...new Set(versions.filter(version => version !== undefined))].sort();
}
