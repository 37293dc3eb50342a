import { createHash } from 'node:crypto';
import { KubeObject, proxyResources } from '@meshdeck/istio-config';

const TEMPLATE_HASH = 'pod-template-hash';
const PROXY_IMAGE = 'docker.io/istio/proxyv2:1.29.2';
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const proxyContainer = {
  name: 'istio-proxy',
  image: PROXY_IMAGE,
  args: ['proxy', 'sidecar'],
  ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
};

const proxyAnnotations = {
  'sidecar.istio.io/status': JSON.stringify({
    initContainers: [],
    containers: ['istio-proxy'],
    revision: 'default',
  }),
};

/** What Istio's CNI plugin writes on a pod whose traffic it redirects. */
const CAPTURED = { 'ambient.istio.io/redirection': 'enabled' };

function digest(seed: string): Buffer {
  return createHash('sha256').update(seed).digest();
}

/** Letters as in generated names, the same for the same seed. */
export function seededName(seed: string, length: number): string {
  return [...digest(seed).subarray(0, length)]
    .map(byte => ALPHABET[byte % ALPHABET.length])
    .join('');
}

/** Tells the versions of a Deployment's template apart. */
export function templateHash(deployment: KubeObject): string {
  const { metadata, spec } = deployment.spec?.template ?? {};
  return seededName(JSON.stringify(sorted({ metadata, spec })), 9);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, content]) => [key, sorted(content)]),
  );
}

export function podAddress(seed: string): string {
  const [a, b, c] = digest(seed);
  // 10.96 to 10.111 belong to services.
  return `10.${128 + (a % 128)}.${b}.${1 + (c % 254)}`;
}

export function ownerReference(owner: KubeObject) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  const references = object.metadata.ownerReferences ?? [];
  return references.some(({ uid }) => uid === owner.metadata.uid);
}

/** The ReplicaSet of one version of a Deployment's template. */
export function replicaSetFor(
  deployment: KubeObject,
  hash: string,
  revision: number,
): KubeObject {
  const { metadata, spec } = deployment;
  const template = spec.template;
  const labels = { ...template.metadata?.labels, [TEMPLATE_HASH]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': `${revision}` },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: spec.replicas ?? 1,
      selector: {
        ...spec.selector,
        matchLabels: { ...spec.selector?.matchLabels, [TEMPLATE_HASH]: hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** A pod of a ReplicaSet: with Istio's proxy, or captured by the node's ztunnel, or neither. */
export function podFor(
  replicaSet: KubeObject,
  name: string,
  dataPlane: 'sidecar' | 'ambient' | 'none',
): KubeObject {
  const { metadata = {}, spec } = replicaSet.spec.template;
  const isInjected = dataPlane === 'sidecar';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: replicaSet.metadata.namespace,
      labels: {
        ...metadata.labels,
        ...(isInjected ? proxyLabels(metadata.labels) : {}),
      },
      annotations: {
        ...metadata.annotations,
        ...(isInjected ? proxyAnnotations : {}),
        ...(dataPlane === 'ambient' ? CAPTURED : {}),
      },
      ownerReferences: [ownerReference(replicaSet)],
    },
    spec: {
      ...spec,
      serviceAccountName: spec.serviceAccountName ?? 'default',
      nodeName: 'demo-node',
      containers: [
        ...spec.containers,
        ...(isInjected && !hasProxy(spec)
          ? [{ ...proxyContainer, resources: resourcesOfProxy(metadata) }]
          : []),
      ],
    },
  };
}

/** As Istio's injector writes them. */
function resourcesOfProxy(metadata: KubeObject['metadata']) {
  const { cpu, memory, cpuLimit, memoryLimit } = proxyResources({
    metadata,
  }).effective;
  return {
    requests: { cpu, memory },
    limits: { cpu: cpuLimit, memory: memoryLimit },
  };
}

function hasProxy(spec: { containers: { name: string }[] }): boolean {
  return spec.containers.some(({ name }) => name === 'istio-proxy');
}

function proxyLabels(labels: Record<string, string> = {}) {
  const canonical = 'service.istio.io/canonical-name';
  const revision = 'service.istio.io/canonical-revision';
  return {
    'security.istio.io/tlsMode': 'istio',
    [canonical]:
      labels[canonical] ??
      labels['app.kubernetes.io/name'] ??
      labels.app ??
      'unknown',
    [revision]:
      labels[revision] ??
      labels['app.kubernetes.io/version'] ??
      labels.version ??
      'latest',
  };
}

/** The status of a pod that runs. */
export function runningStatus(pod: KubeObject, now: string): object {
  const podIP = podAddress(`${pod.metadata.namespace}/${pod.metadata.name}`);
  const containers = pod.spec.containers as { name: string; image: string }[];
  return {
    phase: 'Running',
    podIP,
    podIPs: [{ ip: podIP }],
    hostIP: '10.127.0.1',
    startTime: now,
    conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
      type => ({ type, status: 'True', lastTransitionTime: now }),
    ),
    containerStatuses: containers.map(({ name, image }) => ({
      name,
      image,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
    })),
  };
}
