import { ownField } from '@meshdeck/istio-config';

/** What a container asks for and may use, as Kubernetes quantities. */
export interface ContainerResources {
  requests?: Amounts;
  limits?: Amounts;
}

interface Amounts {
  cpu?: string | number;
  memory?: string | number;
}

/** Templates are few, pods are many: those of one template share one value. */
const MOST_SHARED = 1000;
const shared = new Map<string, ContainerResources>();

/** CPU and memory of a container's resources; undefined where nothing is set. */
export function trimResources(
  resources: unknown,
): ContainerResources | undefined {
  const requests = cpuAndMemory(ownField(resources, 'requests'));
  const limits = cpuAndMemory(ownField(resources, 'limits'));
  if (!requests && !limits) {
    return undefined;
  }
  const kept: ContainerResources = {
    ...(requests ? { requests } : {}),
    ...(limits ? { limits } : {}),
  };
  const key = JSON.stringify(kept);
  const known = shared.get(key);
  if (known) {
    return known;
  }
  if (shared.size >= MOST_SHARED) {
    shared.clear();
  }
  shared.set(key, kept);
  return kept;
}

function cpuAndMemory(amounts: unknown): Amounts | undefined {
  const cpu = quantityOf(ownField(amounts, 'cpu'));
  const memory = quantityOf(ownField(amounts, 'memory'));
  return cpu === undefined && memory === undefined
    ? undefined
    : { cpu, memory };
}

/** Quantities are short; whatever else stands there is none. */
function quantityOf(value: unknown): string | number | undefined {
  return typeof value === 'number' ||
    (typeof value === 'string' && value.length <= 40)
    ? value
    : undefined;
}
