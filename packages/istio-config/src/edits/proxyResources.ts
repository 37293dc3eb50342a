import type { MeshObjects } from '../MeshObjects';
import { parseQuantity } from '../workloads/quantity';
import type { ChangePlan } from './ChangePlan';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';
import { editTemplate, type WorkloadAnswer } from './editWorkload';

/** @public */
export interface ProxyResourcesAnswers extends WorkloadAnswer {
  /** All that the sidecar asks for and may use, as Kubernetes quantities: what is absent is then not set at all. */
  cpu?: string;
  cpuLimit?: string;
  memory?: string;
  memoryLimit?: string;
}

const ANNOTATIONS = {
  cpu: 'sidecar.istio.io/proxyCPU',
  cpuLimit: 'sidecar.istio.io/proxyCPULimit',
  memory: 'sidecar.istio.io/proxyMemory',
  memoryLimit: 'sidecar.istio.io/proxyMemoryLimit',
} as const;
const PARTS = ['cpu', 'cpuLimit', 'memory', 'memoryLimit'] as const;
const WORDS = {
  cpu: 'CPU',
  cpuLimit: 'a CPU limit of',
  memory: 'memory',
  memoryLimit: 'a memory limit of',
} as const;
const PAIRS = [
  ['cpu', 'cpuLimit'],
  ['memory', 'memoryLimit'],
] as const;

/**
 * Sets what the sidecars of a workload ask for and may use. With none of them, the injector's defaults come back.
 *
 * @throws EditRefused
 * @public
 */
export function planProxyResources(
  set: MeshObjects,
  service: ServiceName,
  { workload, ...resources }: ProxyResourcesAnswers,
): ChangePlan {
  requireQuantities(resources);
  const edit = editTemplate(
    set,
    service,
    { workload },
    PARTS.map(part => ({
      at: ['annotations', ANNOTATIONS[part]],
      value: resources[part],
    })),
  );
  const named = PARTS.flatMap(part => {
    const value = resources[part];
    return value === undefined ? [] : `${WORDS[part]} ${value}`;
  });
  return {
    edits: [edit],
    sentence: `The sidecars of ${workload} get ${
      named.length > 0 ? named.join(', ') : 'the mesh’s default resources'
    }. Its pods are replaced one after the other.`,
  };
}

function requireQuantities(
  resources: Omit<ProxyResourcesAnswers, 'workload'>,
): void {
  for (const part of PARTS) {
    const value = resources[part];
    const amount = value === undefined ? 1 : parseQuantity(value);
    if (amount === undefined || amount <= 0) {
      throw new EditRefused(
        `${part} is "${value}"; expected a quantity such as 100m or 128Mi.`,
      );
    }
  }
  for (const [request, limit] of PAIRS) {
    const [wanted, most] = [resources[request], resources[limit]].map(
      parseQuantity,
    );
    if (wanted !== undefined && most !== undefined && most < wanted) {
      throw new EditRefused(
        `The limit of ${resources[limit]} is below the request of ${resources[request]}: no pod would start.`,
      );
    }
  }
}
