import type { KubeObject } from '@meshdeck/istio-config';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What the store keeps of an object: without ownership of fields, and of pods and ReplicaSets only what the rules read. */
export function trimObject(object: KubeObject): KubeObject {
  const { managedFields, annotations, ...metadata } = object.metadata;
  const { [LAST_APPLIED]: _applied, ...ownAnnotations } = annotations ?? {};
  const kept = {
    ...metadata,
    ...(Object.keys(ownAnnotations).length
      ? { annotations: ownAnnotations }
      : {}),
  };
  if (object.kind === 'ReplicaSet') {
    return {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: kept,
      spec: { replicas: object.spec?.replicas },
      status: { readyReplicas: object.status?.readyReplicas },
    };
  }
  if (object.kind !== 'Pod') {
    return { ...object, metadata: kept };
  }
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: kept,
    spec: {
      serviceAccountName: object.spec?.serviceAccountName,
      hostNetwork: object.spec?.hostNetwork,
      containers: namesAndPorts(object.spec?.containers),
      initContainers: namesAndPorts(object.spec?.initContainers),
    },
    status: {
      phase: object.status?.phase,
      conditions: object.status?.conditions,
    },
  };
}

function namesAndPorts(containers: unknown) {
  return (Array.isArray(containers) ? containers : []).map(container => ({
    name: container?.name,
    image: container?.image,
    ports: container?.ports,
  }));
}
