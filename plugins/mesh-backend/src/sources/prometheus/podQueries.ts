import { Select, sumOfRates, withLabel } from './promql';

const CPU = 'container_cpu_usage_seconds_total';
const MEMORY = 'container_memory_working_set_bytes';
const PER_CONTAINER = ['pod', 'container'];

/** Pods that are looked at together, and the containers that count. */
export interface PodGroup {
  namespace: string;
  pods: readonly string[];
  /** By name: so neither a pod's total, which has an empty name, nor its sandbox `POD` is counted, too. */
  containers: readonly string[];
}

/** What one part of a pod query's answer is about, as its label `part` says. */
export interface PodPart {
  /** Place in the list of groups. */
  group: number;
  resource: 'cpu' | 'memory';
}

/**
 * What the containers of some groups of pods use, all in one query: cores and bytes by `container`, as the mean of the group's
 * pods that were there at the time, so that pods that come and go do not change it.
 */
export function podUseQuery(
  groups: readonly PodGroup[],
  window: string,
  select: Select,
): string {
  return groups
    .flatMap(({ namespace, pods, containers }, group) => {
      const labels = { namespace, pod: pods, container: containers };
      const meanOf = (part: PodPart, series: string) =>
        withLabel('part', partName(part), `avg(${series}) by (container)`);
      return [
        meanOf(
          { group, resource: 'cpu' },
          sumOfRates(select(CPU, labels), window, PER_CONTAINER),
        ),
        meanOf(
          { group, resource: 'memory' },
          `sum(${select(MEMORY, labels)}) by (${PER_CONTAINER.join(',')})`,
        ),
      ];
    })
    .join(' or ');
}

/** The value of the label `part`. */
export function partName({ group, resource }: PodPart): string {
  return `${group} ${resource}`;
}
