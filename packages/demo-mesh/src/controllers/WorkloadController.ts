import type { KubeObject } from '@meshdeck/istio-config';
import {
  findResource,
  ObjectRegistry,
  StatusError,
  type ObjectStore,
  type ResourceType,
  type StoreEvent,
} from '../kubernetes';
import { deploymentStatus, isSettled } from './deploymentStatus';
import {
  isOwnedBy,
  podFor,
  replicaSetFor,
  runningStatus,
  seededName,
  templateHash,
} from './podTemplates';

/** Whether pods of a template get Istio's proxy in a namespace, or ztunnel's. */
export type InjectionRule = (
  namespace: KubeObject | undefined,
  podTemplateMetadata: KubeObject['metadata'],
) => boolean;

const deployments = findResource('apps', 'v1', 'deployments')!;
const replicaSets = findResource('apps', 'v1', 'replicasets')!;
const pods = findResource('', 'v1', 'pods')!;
const namespaces = findResource('', 'v1', 'namespaces')!;

const MANAGER = { manager: 'kube-controller-manager' };
const KUBELET = { manager: 'kubelet' };
const STATUS = { subresource: 'status' } as const;

/**
 * "Runs" the Deployments of the stand-in cluster: keeps their ReplicaSets and pods, all of them healthy at once. Of a Rollout
 * it starts the pods of the ReplicaSets that a platform brings; nobody steps it.
 */
export class WorkloadController {
  static create(options: {
    store: ObjectStore;
    injects: InjectionRule;
    /** Asked where nothing is injected. */
    captures?: InjectionRule;
  }) {
    const { store, injects, captures = () => false } = options;
    return new WorkloadController(store, injects, captures);
  }

  private readonly registry: ObjectRegistry;
  private readonly due = new Set<string>();
  private readonly podsMade = new Map<string, number>();
  private isWorking = false;
  private unsubscribe: (() => void) | undefined;

  private constructor(
    private readonly store: ObjectStore,
    private readonly injects: InjectionRule,
    private readonly captures: InjectionRule,
  ) {
    this.registry = ObjectRegistry.create({ store });
  }

  /** Brings all there is in order and keeps it so, within each write. */
  start(): void {
    this.unsubscribe ??= this.store.onEvent(event => this.react(event));
    for (const deployment of this.store.list(deployments)) {
      const { namespace, name } = deployment.metadata;
      if (!isSettled(deployment)) this.due.add(keyOf(namespace, name));
    }
    this.startRollouts();
    this.work();
  }

  stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  private react({ type, resource, object }: StoreEvent): void {
    const { namespace, name } = object.metadata;
    if (resource === deployments) {
      this.due.add(keyOf(namespace, name));
    } else if (resource === namespaces && type === 'ADDED') {
      for (const { metadata } of this.store.list(deployments)) {
        if (metadata.namespace === name)
          this.due.add(keyOf(name, metadata.name));
      }
    } else if (resource === replicaSets && type !== 'ADDED') {
      this.addOwner(object, 'Deployment');
    } else if (resource === pods && type === 'DELETED') {
      const owner = object.metadata.ownerReferences?.[0];
      const replicaSet =
        owner && this.store.find(replicaSets, namespace, owner.name);
      if (replicaSet) this.addOwner(replicaSet, 'Deployment');
    }
    this.work();
  }

  private startRollouts(): void {
    this.isWorking = true;
    for (const replicaSet of this.store.list(replicaSets)) {
      const { namespace, ownerReferences = [] } = replicaSet.metadata;
      const home = this.store.find(namespaces, undefined, namespace ?? '');
      if (home && ownerReferences.some(({ kind }) => kind === 'Rollout'))
        this.scale(replicaSet, replicaSet.spec.replicas ?? 1, home);
    }
    this.isWorking = false;
  }

  private addOwner(object: KubeObject, kind: string): void {
    const owner = object.metadata.ownerReferences?.find(
      reference => reference.kind === kind,
    );
    if (owner) this.due.add(keyOf(object.metadata.namespace, owner.name));
  }

  /** Its own writes come back as events, so it never works on two things at once. */
  private work(): void {
    if (this.isWorking) return;
    this.isWorking = true;
    try {
      for (const key of this.due) {
        this.due.delete(key);
        const [namespace, name] = key.split('/');
        this.reconcile(namespace, name);
      }
    } finally {
      this.isWorking = false;
    }
  }

  private reconcile(namespace: string, name: string): void {
    const deployment = this.store.find(deployments, namespace, name);
    if (!deployment) {
      this.removeOrphans(namespace, name);
      return;
    }
    const home = this.store.find(namespaces, undefined, namespace);
    if (!home || home.metadata.deletionTimestamp) return;
    if (deployment.metadata.deletionTimestamp || deployment.spec?.paused)
      return;
    let failure: string | undefined;
    try {
      this.run(deployment, home);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      failure = error.message;
    }
    this.report(deployment, failure);
  }

  private run(deployment: KubeObject, home: KubeObject): void {
    const { namespace } = deployment.metadata;
    const hash = templateHash(deployment);
    const all = this.ownedBy(replicaSets, deployment);
    const wanted = replicaSetFor(
      deployment,
      hash,
      1 + Math.max(0, ...all.map(revisionOf)),
    );
    const known = all.find(
      ({ metadata }) => metadata.name === wanted.metadata.name,
    );
    const current =
      known ?? this.registry.create(replicaSets, namespace, wanted, MANAGER);
    for (const old of all.filter(replicaSet => replicaSet !== known))
      this.scale(old, 0, home);
    this.scale(current, deployment.spec.replicas ?? 1, home);
    this.forgetOld(
      all.filter(replicaSet => replicaSet !== known),
      deployment.spec.revisionHistoryLimit ?? 10,
    );
  }

  private scale(given: KubeObject, replicas: number, home: KubeObject): void {
    const { namespace, name } = given.metadata;
    const target = { resource: replicaSets, namespace, name };
    const replicaSet = this.registry.patch(
      target,
      { type: 'merge', document: { spec: { replicas } } },
      MANAGER,
    );
    const running = this.ownedBy(pods, replicaSet);
    for (const surplus of running.slice(replicas)) this.remove(pods, surplus);
    for (let count = running.length; count < replicas; count++)
      this.startPod(replicaSet, home);
    this.registry.patch(
      target,
      {
        type: 'merge',
        document: {
          status: {
            replicas,
            fullyLabeledReplicas: replicas,
            readyReplicas: replicas,
            availableReplicas: replicas,
            observedGeneration: replicaSet.metadata.generation,
          },
        },
      },
      { ...MANAGER, ...STATUS },
    );
  }

  private startPod(replicaSet: KubeObject, home: KubeObject): void {
    const { namespace, uid = '' } = replicaSet.metadata;
    const template = replicaSet.spec.template.metadata ?? {};
    const withoutSidecar = this.captures(home, template) ? 'ambient' : 'none';
    const pod = this.registry.create(
      pods,
      namespace,
      podFor(
        replicaSet,
        this.podName(replicaSet, uid),
        this.injects(home, template) ? 'sidecar' : withoutSidecar,
      ),
      MANAGER,
    );
    this.registry.patch(
      { resource: pods, namespace, name: pod.metadata.name },
      {
        type: 'merge',
        document: { status: runningStatus(pod, this.store.now()) },
      },
      { ...KUBELET, ...STATUS },
    );
  }

  /** A pod that takes the place of another gets a name of its own, yet the same one in each run. */
  private podName(replicaSet: KubeObject, uid: string): string {
    const { namespace, name } = replicaSet.metadata;
    for (let ordinal = this.podsMade.get(uid) ?? 0; ; ordinal++) {
      const podName = `${name}-${seededName(
        `${namespace}/${name}#${ordinal}`,
        5,
      )}`;
      if (this.store.find(pods, namespace, podName)) continue;
      this.podsMade.set(uid, ordinal + 1);
      return podName;
    }
  }

  private report(deployment: KubeObject, failure: string | undefined): void {
    const { namespace, name } = deployment.metadata;
    const current = this.ownedBy(replicaSets, deployment).find(
      ({ metadata }) => metadata.name === `${name}-${templateHash(deployment)}`,
    );
    const replicas = current ? this.ownedBy(pods, current).length : 0;
    const status = deploymentStatus(deployment, {
      replicas,
      failure,
      now: this.store.now(),
    });
    this.registry.patch(
      { resource: deployments, namespace, name },
      { type: 'merge', document: { status } },
      { ...MANAGER, ...STATUS },
    );
  }

  private forgetOld(old: KubeObject[], limit: number): void {
    const surplus = old
      .sort((a, b) => revisionOf(b) - revisionOf(a))
      .slice(limit);
    for (const replicaSet of surplus) this.remove(replicaSets, replicaSet);
  }

  /** A Deployment takes its ReplicaSets along, and they their pods. */
  private removeOrphans(namespace: string, name: string): void {
    const orphans = this.store
      .list(replicaSets)
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace &&
          metadata.ownerReferences?.some(
            owner => owner.kind === 'Deployment' && owner.name === name,
          ),
      );
    for (const replicaSet of orphans) {
      for (const pod of this.ownedBy(pods, replicaSet)) this.remove(pods, pod);
      this.remove(replicaSets, replicaSet);
    }
  }

  private ownedBy(resource: ResourceType, owner: KubeObject): KubeObject[] {
    return this.store
      .list(resource)
      .filter(
        object =>
          object.metadata.namespace === owner.metadata.namespace &&
          !object.metadata.deletionTimestamp &&
          isOwnedBy(object, owner),
      );
  }

  private remove(resource: ResourceType, { metadata }: KubeObject): void {
    const { namespace, name } = metadata;
    if (this.store.find(resource, namespace, name))
      this.registry.delete({ resource, namespace, name });
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace}/${name}`;
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(
    metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0,
  );
}
