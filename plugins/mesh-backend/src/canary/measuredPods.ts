import {
  itemsOf,
  KubeObject,
  ownField,
  parseQuantity,
  Workload,
} from '@meshdeck/istio-config';
import type { ResourceUse } from '@meshdeck/plugin-mesh-common';
import type { PodGroup } from '../sources/prometheus/podQueries';

/** A query names so many pods at most, of all versions together. */
const MOST_PODS = 60;
/** Beyond so many versions nobody compares. */
const MOST_VERSIONS = 12;
const MOST_CONTAINERS = 10;

/** What a container may use: per pod, in cores or bytes. */
export interface Bound {
  amount: number;
  of: 'limit' | 'request';
}

/** The pods of a version that Prometheus is asked about, and what bounds their containers. */
export interface MeasuredPods {
  group: PodGroup;
  /** By container; undefined where nothing bounds it. */
  bounds: Record<
    ResourceUse['resource'],
    ReadonlyMap<string, Bound | undefined>
  >;
}

/** The pods of each version that are looked at: all of them or, where there are too many, as many of each version. */
export function measuredPods(
  versions: readonly (readonly Workload[])[],
): MeasuredPods[] {
  const most = Math.floor(
    MOST_PODS / Math.min(Math.max(versions.length, 1), MOST_VERSIONS),
  );
  return versions.map((workloads, index) => {
    const pods = workloads
      .flatMap(workload => workload.pods)
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .slice(0, index < MOST_VERSIONS ? most : 0);
    const containers = containersOf(pods);
    return {
      group: {
        namespace: pods[0]?.metadata.namespace ?? '',
        pods: pods.map(({ metadata }) => metadata.name),
        containers: [...containers.keys()],
      },
      bounds: {
        cpu: boundsOf(
          containers,
          resources =>
            amountOf(resources, 'limits', 'cpu') ??
            amountOf(resources, 'requests', 'cpu'),
        ),
        // Memory over the request is nobody's limit.
        memory: boundsOf(containers, resources =>
          amountOf(resources, 'limits', 'memory'),
        ),
      },
    };
  });
}

/** The resources of the containers of some pods that run as long as the pod, by name. */
function containersOf(pods: readonly KubeObject[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const { spec } of pods) {
    const running = [
      ...itemsOf(spec?.containers),
      ...itemsOf(spec?.initContainers).filter(
        container => ownField(container, 'restartPolicy') === 'Always',
      ),
    ];
    for (const container of running) {
      const name = ownField(container, 'name');
      if (
        typeof name === 'string' &&
        (found.has(name) || found.size < MOST_CONTAINERS)
      ) {
        const known = found.get(name) ?? [];
        found.set(name, known);
        known.push(ownField(container, 'resources'));
      }
    }
  }
  return found;
}

/** The mean bound of each container; none where one of its pods has none. */
function boundsOf(
  containers: ReadonlyMap<string, readonly unknown[]>,
  boundOf: (resources: unknown) => Bound | undefined,
): Map<string, Bound | undefined> {
  return new Map(
    [...containers].map(([name, all]) => {
      const bounds = all.map(boundOf).filter(bound => bound !== undefined);
      return [
        name,
        bounds.length === all.length
          ? {
              amount:
                bounds.reduce((sum, { amount }) => sum + amount, 0) /
                bounds.length,
              of: bounds.every(({ of }) => of === 'limit')
                ? 'limit'
                : 'request',
            }
          : undefined,
      ];
    }),
  );
}

function amountOf(
  resources: unknown,
  kind: 'limits' | 'requests',
  resource: ResourceUse['resource'],
): Bound | undefined {
  const amount = parseQuantity(ownField(ownField(resources, kind), resource));
  return amount !== undefined && Number.isFinite(amount) && amount > 0
    ? { amount, of: kind === 'limits' ? 'limit' : 'request' }
    : undefined;
}
