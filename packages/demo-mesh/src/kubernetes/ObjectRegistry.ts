import type { KubeObject } from '@meshdeck/istio-config';
import { serverSideApply, trackUpdate } from './apply/serverSideApply';
import { prepared, withDefaults } from './defaults';
import { isSame, withoutNulls } from './json';
import {
  asCreated,
  asUpdated,
  isHeld,
  nameSuffix,
  nextGeneration,
  patched,
  type Patch,
  type Target,
} from './objectParts';
import type { ObjectStore } from './ObjectStore';
import {
  apiVersionOf,
  findResource,
  inVersion,
  resourceTypes,
  type ResourceType,
} from './resources';
import {
  alreadyExists,
  badRequest,
  invalid,
  notFound,
  type StatusCause,
} from './StatusError';
import { changeCauses, objectCauses, requiredValue } from './validation';
import {
  applicable,
  assertPreconditions,
  assertSameTarget,
  assertUnchanged,
  decoded,
} from './writeChecks';

export interface WriteOptions {
  /** Who writes, as `managedFields` will say. */
  manager: string;
  /** The version the writer speaks; the kind's preferred one if not said. */
  apiVersion?: string;
  /** Goes through all checks and stores nothing. */
  dryRun?: boolean;
  /** Changes the status and nothing else. */
  subresource?: 'status';
  /** Hears of fields that the kind doesn't have, which aren't stored. */
  onUnknownFields?: (paths: string[]) => void;
}

export interface DeleteOptions {
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

/** Says what is wrong with an object. */
export type ObjectCheck = (object: KubeObject) => StatusCause[];

/** Kubernetes' rules for writing objects, over a store. All of it is synchronous, so each write is atomic. */
export class ObjectRegistry {
  static create(options: {
    store: ObjectStore;
    /** Checks custom objects against their schemas. */
    check?: ObjectCheck;
  }) {
    return new ObjectRegistry(options.store, options.check ?? (() => []));
  }

  private constructor(
    private readonly store: ObjectStore,
    private readonly check: ObjectCheck,
  ) {}

  get({ resource, namespace, name }: Target): KubeObject {
    const object = this.store.find(resource, namespace, name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  create(
    resource: ResourceType,
    namespace: string | undefined,
    body: unknown,
    options: WriteOptions,
  ): KubeObject {
    const sent = decoded(resource, body, options);
    const name = sent.metadata.name || this.generatedName(resource, sent);
    const target = { resource, namespace, name };
    if (sent.metadata.resourceVersion) {
      throw badRequest(
        'resourceVersion should not be set on objects to be created',
      );
    }
    assertSameTarget(sent, target);
    this.assertNamespace(target);
    if (this.store.find(resource, namespace, name))
      throw alreadyExists(resource, name);
    const next = withDefaults(resource, withoutNulls(asCreated(target, sent)));
    const owned = this.tracked(resource, undefined, next, options);
    return this.insert(target, owned, options);
  }

  /** Replaces an object; without a `resourceVersion`, whatever happened to it meanwhile. */
  update(target: Target, body: unknown, options: WriteOptions): KubeObject {
    const { resource, name } = target;
    const live = this.get(target);
    const sent = decoded(resource, body, options);
    assertSameTarget(sent, target);
    if (!sent.metadata.resourceVersion && !resource.builtIn) {
      throw invalid(resource, name, [
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: 0x0: must be specified for an update',
          field: 'metadata.resourceVersion',
        },
      ]);
    }
    return this.replace(target, live, sent, options);
  }

  patch(target: Target, patch: Patch, options: WriteOptions): KubeObject {
    const { resource } = target;
    const live = this.get(target);
    const current = inVersion(live, options.apiVersion ?? live.apiVersion);
    const sent = decoded(resource, patched(resource, current, patch), options);
    assertSameTarget(sent, target);
    return this.replace(target, live, sent, options);
  }

  /** Server-side apply; creates the object where there is none. */
  apply(
    target: Target,
    body: unknown,
    options: WriteOptions & { force?: boolean },
  ): KubeObject {
    const { resource, namespace, name } = target;
    const config = decoded(resource, body, options);
    assertSameTarget(config, target);
    if (config.metadata.managedFields?.length)
      throw badRequest('metadata.managedFields must be nil');
    const live = this.store.find(resource, namespace, name);
    assertUnchanged(target, live, config);
    if (!live) {
      if (options.subresource) throw notFound(resource, name);
      this.assertNamespace(target);
    }
    const applied = serverSideApply({
      type: resource,
      live: live ?? {
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        metadata: { name, ...(namespace ? { namespace } : {}) },
      },
      config: applicable(resource, config, options.subresource),
      manager: options.manager,
      force: options.force ?? false,
      time: this.store.now(),
    });
    const next = withDefaults(resource, withoutNulls(applied));
    return live
      ? this.commit(target, live, next, options)
      : this.insert(target, asCreated(target, next), options);
  }

  /** Deletes; an object with finalizers is marked and stays until they are gone. */
  delete(target: Target, options: DeleteOptions = {}): KubeObject {
    const { resource, namespace, name } = target;
    const live = this.get(target);
    assertPreconditions(target, live, options.preconditions ?? {});
    if (options.dryRun) return live;
    if (!isHeld(live)) {
      if (resource.kind === 'Namespace') this.empty(live);
      return this.store.delete(resource, namespace, name) ?? live;
    }
    if (live.metadata.deletionTimestamp) return live;
    const { generation } = live.metadata;
    return this.store.put(resource, {
      ...live,
      metadata: {
        ...live.metadata,
        deletionTimestamp: this.store.now(),
        deletionGracePeriodSeconds: 0,
        ...(generation === undefined ? {} : { generation: generation + 1 }),
      },
    });
  }

  /** Says first that the namespace goes, so that nobody puts anything back. */
  private empty(namespaceObject: KubeObject): void {
    const namespace = namespaceObject.metadata.name;
    this.store.put(findResource('', 'v1', 'namespaces')!, {
      ...namespaceObject,
      metadata: {
        ...namespaceObject.metadata,
        deletionTimestamp: this.store.now(),
      },
      status: { phase: 'Terminating' },
    });
    for (const resource of resourceTypes.filter(type => type.namespaced)) {
      for (const { metadata } of this.store.list(resource)) {
        if (metadata.namespace === namespace)
          this.store.delete(resource, namespace, metadata.name);
      }
    }
  }

  private replace(
    target: Target,
    live: KubeObject,
    sent: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    const { resource } = target;
    assertUnchanged(target, live, sent);
    const next = withDefaults(
      resource,
      withoutNulls(asUpdated(resource, live, sent, options.subresource)),
    );
    const owned = this.tracked(resource, live, next, options);
    return this.commit(target, live, owned, options);
  }

  private tracked(
    resource: ResourceType,
    live: KubeObject | undefined,
    next: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    return trackUpdate({
      type: resource,
      live,
      next,
      manager: options.manager,
      apiVersion: options.apiVersion ?? apiVersionOf(resource),
      time: this.store.now(),
    });
  }

  private insert(
    target: Target,
    object: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    const next = prepared(target.resource, object);
    this.assertValid(target, next);
    return options.dryRun
      ? this.store.stamped(target.resource, next)
      : this.store.put(target.resource, next);
  }

  private commit(
    target: Target,
    live: KubeObject,
    object: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    const { resource, namespace, name } = target;
    const updated = prepared(resource, object);
    const next: KubeObject = {
      ...updated,
      apiVersion: live.apiVersion,
      metadata: {
        ...updated.metadata,
        resourceVersion: live.metadata.resourceVersion,
        ...(resource.generation
          ? { generation: nextGeneration(live, updated) }
          : {}),
      },
    };
    this.assertValid(target, next, live);
    // Writing what is there already is no change: no new version, no event.
    if (isSame(live, next)) return live;
    if (options.dryRun) return next;
    if (next.metadata.deletionTimestamp && !isHeld(next))
      return this.store.delete(resource, namespace, name) ?? next;
    return this.store.put(resource, next);
  }

  private generatedName(resource: ResourceType, sent: KubeObject): string {
    const prefix = sent.metadata.generateName;
    if (typeof prefix !== 'string' || prefix === '') {
      throw invalid(resource, '', [
        requiredValue('metadata.name', 'name or generateName is required'),
      ]);
    }
    const seed = `${prefix}${this.store.resourceVersion}`;
    return `${prefix}${nameSuffix(seed, 5)}`;
  }

  private assertNamespace({ resource, namespace }: Target): void {
    if (!resource.namespaced || namespace === undefined) return;
    const namespaces = findResource('', 'v1', 'namespaces')!;
    if (!this.store.find(namespaces, undefined, namespace))
      throw notFound(namespaces, namespace);
  }

  private assertValid(
    { resource, name }: Target,
    object: KubeObject,
    live?: KubeObject,
  ): void {
    const causes = objectCauses(resource, object);
    if (live) causes.push(...changeCauses(resource, live, object));
    if (!resource.builtIn && causes.length === 0)
      causes.push(...this.check(object));
    if (causes.length > 0) throw invalid(resource, name, causes);
  }
}
