import { containersOf, hasProxy, isInMesh } from '../findings/inMesh';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf, ownField } from '../kube/reading';
import { selects } from '../kube/selectors';

const OWNERS = ['Deployment', 'StatefulSet', 'DaemonSet'];
const INJECT = 'sidecar.istio.io/inject';
const READY = { conditions: [{ type: 'Ready', status: 'True' }] };

const promised = new WeakSet<KubeObject>();

/** Whether a pod is one that a manifest promises, and not one of a cluster. */
export function isPromised(pod: KubeObject): boolean {
  return promised.has(pod);
}

/**
 * Objects as they will be once their manifests are applied: manifests in a repository have no pods of their own, and their
 * pods no status; selectors must not be said to select nothing because of that.
 */
export function asApplied(objects: readonly KubeObject[]): KubeObject[] {
  const namespaces = new Map(
    objects
      .filter(({ kind }) => kind === 'Namespace')
      .map(object => [object.metadata.name, object]),
  );
  const pods = new Map<string, KubeObject[]>();
  for (const pod of objects.filter(({ kind }) => kind === 'Pod')) {
    const key = namespaceOf(pod);
    pods.set(key, [...(pods.get(key) ?? []), pod]);
  }
  const homeOf = (object: KubeObject) =>
    namespaces.get(namespaceOf(object) || 'default');
  // The injector adds the sidecar when a manifest is applied; where others have it, it was.
  const areInjected = objects.some(
    ({ kind, spec }) => kind === 'Pod' && hasProxy(spec),
  );
  return [
    ...objects.map(object =>
      object.kind === 'Pod' && object.status === undefined
        ? podOfManifest(object, homeOf(object), areInjected)
        : object,
    ),
    ...objects
      .filter(
        owner =>
          runsPods(owner) &&
          owner.spec?.replicas !== 0 &&
          !hasPods(owner, pods.get(namespaceOf(owner)) ?? []),
      )
      .map(owner => podOfTemplate(owner, homeOf(owner))),
  ];
}

/** Where a namespace shows pods of a cluster, it shows all that there are. */
function hasPods({ spec }: KubeObject, pods: readonly KubeObject[]): boolean {
  const selector =
    spec?.selector?.matchLabels ?? spec?.template?.metadata?.labels;
  return pods.some(
    pod => pod.status !== undefined || selects(selector, pod.metadata.labels),
  );
}

function podOfManifest(
  pod: KubeObject,
  namespace: KubeObject | undefined,
  areInjected: boolean,
): KubeObject {
  const joins =
    !hasProxy(pod.spec) &&
    (mayJoin(pod, namespace) || (!areInjected && isInMesh(pod, namespace)));
  const completed = {
    ...pod,
    spec: joins
      ? { ...pod.spec, containers: withProxy(itemsOf(pod.spec?.containers)) }
      : pod.spec,
    status: READY,
  };
  promised.add(completed);
  return completed;
}

function podOfTemplate(
  owner: KubeObject,
  namespace: KubeObject | undefined,
): KubeObject {
  const template = owner.spec?.template ?? {};
  const { labels, annotations } = template.metadata ?? {};
  const names = containersOf(template.spec).map(container => ({
    name: container?.name,
    ports: itemsOf(container?.ports),
  }));
  const joins = isInMesh(template, namespace) || mayJoin(template, namespace);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${owner.metadata.name}-promised`,
      namespace: owner.metadata.namespace,
      labels,
      annotations,
      ownerReferences: [
        {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name: owner.metadata.name,
          controller: true,
        },
      ],
    },
    spec: {
      serviceAccountName: template.spec?.serviceAccountName,
      hostNetwork: template.spec?.hostNetwork,
      containers: joins ? withProxy(names) : names,
    },
    status: READY,
  };
  promised.add(pod);
  return pod;
}

/** Whether nothing in the files says that a pod stays outside the mesh; its namespace's label may be set elsewhere. */
function mayJoin(
  pod: Pick<KubeObject, 'spec'> & {
    metadata?: Partial<KubeObject['metadata']>;
  },
  namespace: KubeObject | undefined,
): boolean {
  const wish =
    ownField(pod.metadata?.labels, INJECT) ??
    ownField(pod.metadata?.annotations, INJECT);
  if (wish !== undefined || pod.spec?.hostNetwork) {
    return wish === 'true' && !pod.spec?.hostNetwork;
  }
  return ![namespace?.metadata.labels, pod.metadata?.labels].some(labels =>
    ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'].some(
      label => ownField(labels, label) !== undefined,
    ),
  );
}

function withProxy(containers: readonly unknown[]): unknown[] {
  return containers.some(
    container => ownField(container, 'name') === 'istio-proxy',
  )
    ? [...containers]
    : [...containers, { name: 'istio-proxy' }];
}

/** A Rollout runs pods as a Deployment does; of ReplicaSets only its own are written down by people. */
function runsPods({ apiVersion, kind, metadata }: KubeObject): boolean {
  if (kind === 'ReplicaSet') {
    return itemsOf(metadata.ownerReferences).some(
      owner => owner?.kind === 'Rollout',
    );
  }
  return (
    OWNERS.includes(kind) ||
    (kind === 'Rollout' && apiVersion.startsWith('argoproj.io/'))
  );
}
