import type { KubeObject } from '@meshdeck/istio-config';
import { isObject } from './json';
import { badRequest } from './StatusError';

/** The `scale` of a workload: its replicas and nothing else. */
export function scaleOf(workload: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } =
    workload.metadata;
  const labels = Object.entries(workload.spec?.selector?.matchLabels ?? {});
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: workload.spec?.replicas ?? 1 },
    status: {
      replicas: workload.status?.replicas ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}

/** The workload with the replicas, and under the condition, that a scale says. */
export function scaled(workload: KubeObject, scale: unknown): KubeObject {
  const spec = isObject(scale) && isObject(scale.spec) ? scale.spec : {};
  const { replicas = 0 } = spec;
  if (!Number.isInteger(replicas))
    throw badRequest('spec.replicas: the value must be an integer');
  const metadata =
    isObject(scale) && isObject(scale.metadata) ? scale.metadata : {};
  return {
    ...workload,
    metadata: {
      ...workload.metadata,
      resourceVersion:
        (metadata.resourceVersion as string | undefined) ??
        workload.metadata.resourceVersion,
    },
    spec: { ...workload.spec, replicas },
  };
}
