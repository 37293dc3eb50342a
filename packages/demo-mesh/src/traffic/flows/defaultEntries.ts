import {
  itemsOf,
  KubeObject,
  MeshObjects,
  Workload,
  workloads,
  workloadsOf,
} from '@meshdeck/istio-config';
import type { TrafficEntry, TrafficProfile } from '../TrafficProfile';
import { protocolOf } from './protocol';

const SCRAPE_INTERVAL_S = 15;
/** Istio makes these Services for Gateways; nobody calls them by name. */
const MANAGED_GATEWAY = 'gateway.istio.io/managed';
const MONITORING = { namespace: 'monitoring', workload: 'prometheus' };

/**
 * Calls that no profile names: the namespace's gateway service tries out services that are new to it, and monitoring
 * scrapes the services of the profile's namespaces.
 */
export function defaultEntries(
  set: MeshObjects,
  profiles: readonly TrafficProfile[],
  profile: TrafficProfile,
): TrafficEntry[] {
  const known = new Set(
    profiles.flatMap(({ services }) =>
      services.map(({ service }) => `${service.namespace}/${service.name}`),
    ),
  );
  return Object.entries(profile.gateways).flatMap(([namespace, gateway]) => {
    const caller = workloadsOf(set, namespace, gateway).find(
      ({ readyPods }) => readyPods > 0,
    );
    const services = set
      .inNamespace('Service', namespace)
      .filter(({ metadata }) => !metadata.labels?.[MANAGED_GATEWAY]);
    return services.flatMap(service => {
      const { name } = service.metadata;
      const behind = workloadsOf(set, namespace, name);
      const to = { namespace, name };
      return [
        ...(isScraped(service) ? scrapes(set, to, behind) : []),
        ...(caller && name !== gateway && !known.has(`${namespace}/${name}`)
          ? firstCalls(caller, to)
          : []),
      ];
    });
  });
}

/** Databases and the like have no metrics behind their port. */
function isScraped(service: KubeObject): boolean {
  const [first] = itemsOf(service.spec?.ports);
  return protocolOf(service, first?.port) !== 'tcp';
}

function scrapes(
  set: MeshObjects,
  to: TrafficEntry['to'],
  behind: readonly Workload[],
): TrafficEntry[] {
  const pods = behind.reduce((sum, { readyPods }) => sum + readyPods, 0);
  const scraper = workloads(set).some(
    ({ namespace, name }) =>
      namespace === MONITORING.namespace && name === MONITORING.workload,
  );
  return scraper && pods > 0
    ? [
        {
          from: MONITORING,
          to,
          request: { method: 'GET', path: '/metrics' },
          requestsPerSecond: pods / SCRAPE_INTERVAL_S,
          headers: [],
        },
      ]
    : [];
}

function firstCalls(caller: Workload, to: TrafficEntry['to']): TrafficEntry[] {
  const from = { namespace: caller.namespace, workload: caller.name };
  return [
    {
      from,
      to,
      request: { method: 'GET', path: '/health' },
      requestsPerSecond: 0.5,
      headers: [],
    },
    {
      from,
      to,
      request: { method: 'GET', path: `/api/${to.name}` },
      requestsPerSecond: 3,
      headers: [],
    },
  ];
}
