import type { KubeObject, ObjectMeta } from '../kube/KubeObject';
import { fieldsOf, itemsOf, ownField } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { ambientOf } from './enrolment';
import { injectionOf } from './injection';
import { isProxied } from './inboundCapture';
import { isReady } from './podReadiness';
import type { Workload } from './Workload';

const OWNERS = ['Deployment', 'StatefulSet', 'DaemonSet'];
/** Argo Rollouts' own label of pods; Istio, too, takes pods with it as a Rollout's (pkg/kube/inject, GetDeployMetaFromPod). */
const ROLLOUT_HASH = 'rollouts-pod-template-hash';

/** All workloads: what owns pods, and pods without an owner. @public */
export function workloads(set: MeshObjects): readonly Workload[] {
  return set.derive(allWorkloads);
}

/** The workloads that a Service selects. @public */
export function workloadsOf(
  set: MeshObjects,
  namespace: string,
  service: string,
): readonly Workload[] {
  const selector = set.get('Service', namespace, service)?.spec?.selector;
  if (!selector || Object.keys(selector).length === 0) {
    return [];
  }
  const byLabel = set.derive(workloadsByLabel, namespace);
  const [fewest = workloadsIn(set, namespace)] = fieldsOf(selector)
    .map(label => byLabel.get(label.join('=')) ?? [])
    .sort((a, b) => a.length - b.length);
  return fewest.filter(workload => selects(selector, workload.labels));
}

/** By `label=value`: a namespace may have hundreds of workloads, and as many Services to look for theirs. */
function workloadsByLabel(
  set: MeshObjects,
  namespace: string,
): ReadonlyMap<string, readonly Workload[]> {
  const index = new Map<string, Workload[]>();
  for (const workload of workloadsIn(set, namespace)) {
    for (const label of fieldsOf(workload.labels)) {
      const key = label.join('=');
      const list = index.get(key);
      if (list) {
        list.push(workload);
      } else {
        index.set(key, [workload]);
      }
    }
  }
  return index;
}

/** @public */
export function workloadsIn(
  set: MeshObjects,
  namespace: string,
): readonly Workload[] {
  return set.derive(workloadsOfNamespace, namespace);
}

/** @public */
export function findWorkload(
  set: MeshObjects,
  namespace: string,
  name: string,
): Workload | undefined {
  return workloadsIn(set, namespace).find(workload => workload.name === name);
}

function allWorkloads(set: MeshObjects): readonly Workload[] {
  return set
    .namespacesWith([...OWNERS, 'Pod'])
    .flatMap(namespace => workloadsIn(set, namespace));
}

function workloadsOfNamespace(
  set: MeshObjects,
  namespace: string,
): readonly Workload[] {
  const podsByOwner = new Map<string, KubeObject[]>();
  const bare: KubeObject[] = [];
  for (const pod of set.inNamespace('Pod', namespace)) {
    if (pod.metadata.deletionTimestamp) {
      continue;
    }
    const owner = ownerOf(set, pod);
    if (owner) {
      const list = podsByOwner.get(owner) ?? [];
      podsByOwner.set(owner, list);
      list.push(pod);
    } else {
      bare.push(pod);
    }
  }
  const owned = OWNERS.flatMap(kind => set.inNamespace(kind, namespace)).map(
    owner =>
      toWorkload(set, {
        namespace,
        name: owner.metadata.name,
        kind: owner.kind,
        owner,
        pods: podsByOwner.get(keyOf(owner.kind, owner)) ?? [],
        template: owner.spec?.template ?? {},
      }),
  );
  const rolledOut = set
    .inNamespace('Rollout', namespace)
    .filter(({ apiVersion }) => apiVersion.startsWith('argoproj.io/'))
    .flatMap(rollout => versionsOfRollout(set, rollout, podsByOwner));
  const alone = bare.map(pod =>
    toWorkload(set, {
      namespace,
      name: pod.metadata.name,
      kind: 'Pod',
      pods: [pod],
      template: pod,
    }),
  );
  return [...owned, ...rolledOut, ...alone];
}

/** A workload for each version of a Rollout that has pods: they differ in labels, and subsets tell them apart by these. */
function versionsOfRollout(
  set: MeshObjects,
  rollout: KubeObject,
  podsByOwner: ReadonlyMap<string, KubeObject[]>,
): Workload[] {
  const { name, namespace = '' } = rollout.metadata;
  const versions = new Map<string, KubeObject[]>();
  for (const pod of podsByOwner.get(keyOf('Rollout', rollout)) ?? []) {
    const hash = pod.metadata.labels?.[ROLLOUT_HASH] ?? '';
    versions.set(hash, [...(versions.get(hash) ?? []), pod]);
  }
  const source = { namespace, name, kind: 'Rollout', owner: rollout };
  return versions.size === 0
    ? [
        toWorkload(set, {
          ...source,
          pods: [],
          template: ownField(rollout.spec, 'template') ?? {},
        }),
      ]
    : [...versions.values()].map(pods =>
        toWorkload(set, { ...source, pods, template: pods[0] }),
      );
}

function keyOf(kind: string, object: KubeObject, name = object.metadata.name) {
  return `${kind}/${object.metadata.namespace ?? ''}/${name}`;
}

/** The key of the workload a pod belongs to, through its ReplicaSet where it has one. */
function ownerOf(set: MeshObjects, pod: KubeObject): string | undefined {
  const reference = pod.metadata.ownerReferences?.find(
    owner => owner.controller !== false,
  );
  if (!reference) {
    return undefined;
  }
  if (reference.kind !== 'ReplicaSet') {
    return OWNERS.includes(reference.kind)
      ? keyOf(reference.kind, pod, reference.name)
      : undefined;
  }
  const hash = pod.metadata.labels?.[ROLLOUT_HASH];
  if (hash && reference.name.endsWith(`-${hash}`)) {
    return keyOf('Rollout', pod, reference.name.slice(0, -hash.length - 1));
  }
  const deployment =
    set
      .get('ReplicaSet', pod.metadata.namespace, reference.name)
      ?.metadata.ownerReferences?.find(owner => owner.kind === 'Deployment')
      ?.name ?? reference.name.replace(/-[a-z0-9]+$/, '');
  return keyOf('Deployment', pod, deployment);
}

/** Of pods, as their owner has it. */
interface Template extends Pick<KubeObject, 'spec'> {
  metadata?: Pick<ObjectMeta, 'labels' | 'annotations'>;
}

function toWorkload(
  set: MeshObjects,
  source: Pick<Workload, 'namespace' | 'name' | 'kind' | 'owner' | 'pods'> & {
    template: Template;
  },
): Workload {
  const { template, pods, ...rest } = source;
  const labels: Record<string, string> =
    template.metadata?.labels ?? pods[0]?.metadata.labels ?? {};
  const spec = template.spec ?? {};
  const serviceAccount = spec.serviceAccountName ?? 'default';
  return {
    ...rest,
    pods,
    labels,
    canonicalService:
      labels['service.istio.io/canonical-name'] ??
      labels['app.kubernetes.io/name'] ??
      labels.app ??
      source.name,
    canonicalRevision:
      labels['service.istio.io/canonical-revision'] ??
      labels['app.kubernetes.io/version'] ??
      labels.version ??
      'latest',
    serviceAccount,
    principal: `${set.meshConfig.trustDomain}/ns/${source.namespace}/sa/${serviceAccount}`,
    dataPlane: dataPlaneOf(set, source),
    readyPods: pods.filter(isReady).length,
  };
}

function dataPlaneOf(
  set: MeshObjects,
  source: {
    namespace: string;
    pods: readonly KubeObject[];
    template: Template;
  },
): Workload['dataPlane'] {
  // Pods that started before the label have no proxy yet; the others say what the workload is.
  const pod = source.pods.find(isProxied) ?? source.pods[0];
  const spec = pod?.spec ?? source.template.spec ?? {};
  if (isProxied({ spec })) {
    return 'sidecar';
  }
  if (
    pod?.metadata.annotations?.['ambient.istio.io/redirection'] === 'enabled'
  ) {
    return 'ambient';
  }
  const namespace = set.namespace(source.namespace);
  const subject = {
    metadata: pod?.metadata ?? source.template.metadata,
    hostNetwork: spec.hostNetwork,
  };
  // Until pods run, the injector comes first: a pod with a sidecar is not captured.
  if (!pod && injectionOf(namespace, subject).injects) {
    return 'sidecar';
  }
  return ambientOf(namespace, subject).isAmbient ? 'ambient' : 'none';
}

/** The workload's own port behind a Service port: a number, a name of a container port, or the same number. @public */
export function targetPortOf(
  service: KubeObject | undefined,
  port: number,
  workload: Workload,
): number {
  const target = itemsOf(service?.spec?.ports).find(
    candidate => candidate?.port === port,
  )?.targetPort;
  if (typeof target === 'number') {
    return target;
  }
  if (typeof target === 'string') {
    const spec = workload.pods[0]?.spec ?? workload.owner?.spec?.template?.spec;
    const named = itemsOf(spec?.containers)
      .flatMap(container => itemsOf(container?.ports))
      .find(candidate => candidate?.name === target);
    return named?.containerPort ?? port;
  }
  return port;
}
