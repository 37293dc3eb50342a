import type { ObjectMeta } from '../kube/KubeObject';
import { ownField } from '../kube/reading';
import { parseQuantity } from './quantity';

/** What a sidecar asks for and may use, as Kubernetes quantities; a part is absent where nothing sets it. @public */
export interface ProxyResources {
  cpu?: string;
  cpuLimit?: string;
  memory?: string;
  memoryLimit?: string;
}

/** @public */
export interface ProxyResourcesAnswer {
  effective: ProxyResources;
  /** Where the values come from: the pod's annotations replace the injector's defaults as a whole. */
  from: 'annotations' | 'defaults';
  warnings: readonly { annotation: string; message: string; fix: string }[];
}

/** Istio's own defaults. Source: istio manifests/charts/istio-control/istio-discovery/values.yaml, global.proxy.resources. @public */
export const DEFAULT_PROXY_RESOURCES: ProxyResources = {
  cpu: '100m',
  cpuLimit: '2000m',
  memory: '128Mi',
  memoryLimit: '1024Mi',
};

const ANNOTATIONS: readonly [keyof ProxyResources, string][] = [
  ['cpu', 'sidecar.istio.io/proxyCPU'],
  ['cpuLimit', 'sidecar.istio.io/proxyCPULimit'],
  ['memory', 'sidecar.istio.io/proxyMemory'],
  ['memoryLimit', 'sidecar.istio.io/proxyMemoryLimit'],
];
const PAIRS = [
  ['cpu', 'cpuLimit'],
  ['memory', 'memoryLimit'],
] as const;

/**
 * The resources of the sidecar that a pod gets. One annotation is enough for the defaults to count no more: what the others
 * would set is then not set. Source: istio manifests/charts/istio-control/istio-discovery/files/injection-template.yaml,
 * the template `resources`.
 * @public
 */
export function proxyResources(
  pod: { metadata?: Partial<ObjectMeta> },
  defaults: ProxyResources = DEFAULT_PROXY_RESOURCES,
): ProxyResourcesAnswer {
  const warnings: { annotation: string; message: string; fix: string }[] = [];
  const written: ProxyResources = {};
  for (const [part, annotation] of ANNOTATIONS) {
    const value: unknown = ownField(pod.metadata?.annotations, annotation);
    if (value === undefined) {
      continue;
    }
    written[part] = String(value);
    if (parseQuantity(value) === undefined) {
      warnings.push({
        annotation,
        message: `${annotation} is "${value}", which is no quantity: the pod is not injected.`,
        fix: 'Write a quantity such as 100m or 128Mi.',
      });
    }
  }
  const isWritten = Object.keys(written).length > 0;
  const effective = withRequests(isWritten ? written : defaults);
  for (const [request, limit] of PAIRS) {
    const [wanted, most] = [effective[request], effective[limit]].map(
      parseQuantity,
    );
    if (wanted !== undefined && most !== undefined && most < wanted) {
      warnings.push({
        annotation: nameOf(limit),
        message: `The sidecar’s limit of ${effective[limit]} ${request} is below its request of ${effective[request]}: the API server refuses the pod.`,
        fix: `Raise ${nameOf(limit)} to ${effective[request]} or more.`,
      });
    }
  }
  return { effective, from: isWritten ? 'annotations' : 'defaults', warnings };
}

/** Where only a limit is set, Kubernetes takes it for the request too. */
function withRequests(written: ProxyResources): ProxyResources {
  return {
    ...written,
    ...(written.cpu ?? written.cpuLimit
      ? { cpu: written.cpu ?? written.cpuLimit }
      : {}),
    ...(written.memory ?? written.memoryLimit
      ? { memory: written.memory ?? written.memoryLimit }
      : {}),
  };
}

function nameOf(part: keyof ProxyResources): string {
  return ANNOTATIONS.find(([own]) => own === part)?.[1] ?? part;
}
