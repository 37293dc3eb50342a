import type {
  BackstageCredentials,
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  describeRef,
  findingsFor,
  KubeObject,
  MeshConfigSet,
  refOf,
} from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_ENTITY,
  ANNOTATION_MESHDECK_ONBOARDING,
  OnboardingRequest,
  OnboardingResult,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { isSystemNamespace } from '../placements/PlacementService';
import { toFinding } from '../views/objects';
import { checkManifests } from './checkManifests';

/** Findings that say no more than that pods are not there yet. */
const ABOUT_PODS = new Set(['IST0127', 'IST0173', 'MD0102']);

/** Brings new services into the mesh: all objects are rehearsed on the API server before the first is written. */
export class OnboardingService {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    userInfo: UserInfoService;
    logger: LoggerService;
    deadlineMs: number;
  }) {
    return new OnboardingService(options);
  }

  private constructor(
    private readonly options: Parameters<typeof OnboardingService.create>[0],
  ) {}

  /**
   * @throws NotAllowedError where the namespace is not open to the asker, ConflictError where the service exists and
   * belongs to another entity, InputError where a manifest reaches beyond the new service.
   */
  async onboard(
    request: OnboardingRequest,
    credentials: BackstageCredentials,
  ): Promise<OnboardingResult> {
    const { clusters, access, deadlineMs } = this.options;
    const entityRef = `component:default/${request.name}`;
    const { cluster } = request;
    const snapshot = await clusters.snapshot(cluster);
    const obstacle = changeObstacle(snapshot, { cluster, needs: [] });
    if (obstacle) {
      throw new InputError(`${obstacle} Nothing was written.`);
    }
    const { set } = snapshot;
    await this.checkOwner(set, request, credentials);
    const manifests = checkManifests(request, set.meshConfig.domain, entityRef);
    checkNotTaken(set, request, entityRef);
    const client = KubernetesClient.create({
      access,
      cluster,
      deadlineMs,
    });
    await this.rehearse(client, manifests);
    const planned = set.with(
      manifests.map(object => ({ type: 'put' as const, object })),
    );
    const findings = findingsFor(planned, request.namespace, request.name)
      // Its pods are not there yet.
      .filter(({ code }) => !ABOUT_PODS.has(code))
      .map(finding => toFinding(finding));
    const applied = request.dryRun
      ? manifests.map(object => `${describeRef(refOf(object))} (rehearsed)`)
      : await this.write(client, set, manifests);
    return { entityRef, applied, findings };
  }

  /** Who asks must own the new service, and the namespace must be open to that owner. */
  private async checkOwner(
    set: MeshConfigSet,
    { namespace, owner }: OnboardingRequest,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const place = set.namespace(namespace);
    if (!place || isSystemNamespace(namespace, set.meshConfig.rootNamespace)) {
      throw new InputError(
        `Namespace ${namespace} does not exist, or belongs to the platform. Ask the platform team for one.`,
      );
    }
    const open = (
      place.metadata.annotations?.[ANNOTATION_MESHDECK_ONBOARDING] ?? ''
    )
      .split(',')
      .map(ref => ref.trim().toLowerCase());
    const { ownershipEntityRefs } = await this.options.userInfo.getUserInfo(
      credentials,
    );
    const mine = ownershipEntityRefs.map(ref => ref.toLowerCase());
    if (!mine.includes(owner.toLowerCase())) {
      throw new NotAllowedError(
        `You do not belong to ${owner}, so you cannot onboard a service for it.`,
      );
    }
    if (!open.includes(owner.toLowerCase())) {
      throw new NotAllowedError(
        `Namespace ${namespace} is not open to ${owner}. Who runs it adds ${owner} to its annotation ${ANNOTATION_MESHDECK_ONBOARDING}.`,
      );
    }
  }

  private async rehearse(
    client: KubernetesClient,
    manifests: KubeObject[],
  ): Promise<void> {
    for (const manifest of manifests) {
      try {
        await client.apply(manifest, { dryRun: true });
      } catch (error) {
        throw new InputError(
          `The cluster would refuse ${describeRef(refOf(manifest))}: ${
            (error as Error).message
          }. Nothing was written.`,
        );
      }
    }
  }

  /** Writes one by one; where one fails, what this call created is taken away again. */
  private async write(
    client: KubernetesClient,
    set: MeshConfigSet,
    manifests: KubeObject[],
  ): Promise<string[]> {
    const created: KubeObject[] = [];
    const applied: string[] = [];
    for (const manifest of manifests) {
      const { namespace, name } = manifest.metadata;
      const existed = set.get(manifest.kind, namespace, name) !== undefined;
      try {
        const object = await client.apply(manifest);
        if (!existed) {
          created.push(object);
        }
        applied.push(
          `${describeRef(refOf(object))} (${existed ? 'updated' : 'created'})`,
        );
      } catch (error) {
        const left = await this.takeBack(client, created);
        throw new ConflictError(
          `${describeRef(refOf(manifest))} could not be written: ${
            (error as Error).message
          }. ${
            left.length
              ? `Left behind, delete by hand: ${left.join(', ')}.`
              : 'What was created before it has been removed again.'
          }`,
        );
      }
    }
    this.options.logger.info(`Onboarded ${applied.join(', ')}`);
    return applied;
  }

  private async takeBack(
    client: KubernetesClient,
    created: KubeObject[],
  ): Promise<string[]> {
    const left: string[] = [];
    for (const object of [...created].reverse()) {
      try {
        await client.remove(object);
      } catch {
        left.push(describeRef(refOf(object)));
      }
    }
    return left;
  }
}

function checkNotTaken(
  set: MeshConfigSet,
  { namespace, name }: OnboardingRequest,
  entityRef: string,
): void {
  const existing = set.get('Service', namespace, name);
  const bound = existing?.metadata.annotations?.[ANNOTATION_MESHDECK_ENTITY];
  if (existing && bound?.toLowerCase() !== entityRef) {
    throw new ConflictError(
      `Service ${namespace}/${name} exists and belongs to ${
        bound ?? 'nobody known'
      }. Choose another name.`,
    );
  }
}
