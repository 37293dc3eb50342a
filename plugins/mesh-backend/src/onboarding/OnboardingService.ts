import type {
  BackstageCredentials,
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  findingsFor,
  type KubeObject,
  type MeshConfig,
  MeshObjects,
  onboardedEntity,
  planOnboarding,
} from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_ONBOARDING,
  type OnboardingRequest,
  type OnboardingResult,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { EntityIndex } from '../access/EntityIndex';
import { personOf } from '../changes/personOf';
import { RememberedDelivery } from '../changes/RememberedDelivery';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import type { ChangeMemory } from '../memory/ChangeMemory';
import { isSystemNamespace } from '../placements/systemNamespaces';
import { toFinding } from '../facts/objects';
import { checkEntity } from './checkEntity';
import { checkNeighbours } from './checkNeighbours';
import { describePlan } from './describePlan';
import { ownerRef } from './marks';
import { OnboardingWriter } from './OnboardingWriter';
import { openOwners } from './openOwners';
import { readNeighbours } from './readNeighbours';
import { refuseEdits } from './refuseEdits';
import type { Subject } from './Subject';

/** Findings that say no more than that pods are not there yet. */
const ABOUT_PODS = new Set(['IST0127', 'IST0173', 'MD0102']);

/** Brings new services into the mesh: all objects are rehearsed on the API server before the first is written. */
export class OnboardingService {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    entities: EntityIndex;
    userInfo: UserInfoService;
    logger: LoggerService;
    deadlineMs: number;
    memory: ChangeMemory;
  }) {
    return new OnboardingService(options);
  }

  private readonly writer: OnboardingWriter;

  private constructor(
    private readonly options: Parameters<typeof OnboardingService.create>[0],
  ) {
    const delivery = RememberedDelivery.create(options);
    this.writer = OnboardingWriter.create({ ...options, delivery });
  }

  /**
   * @throws NotAllowedError where the namespace is not open to the asker, ConflictError where something is there that
   * belongs to somebody else, InputError where the cluster would refuse an object.
   */
  async onboard(
    request: OnboardingRequest,
    credentials: BackstageCredentials,
  ): Promise<OnboardingResult> {
    const { clusters, access, deadlineMs, logger } = this.options;
    const { cluster, namespace, name } = request;
    const snapshot = await clusters.snapshot(cluster);
    const obstacle = changeObstacle(snapshot, { cluster, needs: [] });
    if (obstacle) {
      throw new InputError(`${obstacle} Nothing was written.`);
    }
    const { set } = snapshot;
    const client = KubernetesClient.create({ access, cluster, deadlineMs });
    const mesh = await readMesh(client);
    const owner = await this.checkOwner(client, mesh, request, credentials);
    const entityRef = onboardedEntity(name);
    const subject: Subject = { namespace, name, owner, entityRef };
    const answers = { ...request, owner, domain: mesh.domain };
    const { objects } = planOnboarding([], answers);
    await checkEntity(this.options.entities, subject);
    const neighbours = await readNeighbours(client, subject, objects);
    checkNeighbours(subject, objects, neighbours);
    const there = neighbours.existing;
    const plan = planOnboarding(there, answers);
    refuseEdits(plan.edits);
    const planned = {
      client,
      place: { cluster, namespace, service: name },
      entityRef,
      who: personOf(credentials),
      plan,
      there,
    };
    await this.writer.rehearse(planned);
    if (!request.dryRun) {
      await this.writer.write(planned);
      logger.info(`${plan.sentence} In ${cluster}, for ${entityRef}.`);
    }
    return {
      entityRef,
      applied: describePlan(plan, request.dryRun ?? false),
      findings: findingsOf(set, objects, subject),
    };
  }

  /** Who asks must own the new service, and the namespace must be open to that owner. Answers the owner in full. */
  private async checkOwner(
    client: KubernetesClient,
    mesh: MeshConfig,
    request: OnboardingRequest,
    credentials: BackstageCredentials,
  ): Promise<string> {
    const { namespace } = request;
    const place = isSystemNamespace(namespace, mesh.rootNamespace)
      ? undefined
      : await readNamespace(client, namespace);
    if (!place) {
      throw new InputError(
        `Namespace ${namespace} does not exist, or belongs to the platform. Ask the platform team for one.`,
      );
    }
    const owner = ownerRef(request.owner);
    if (!owner) {
      throw new InputError(
        `owner: "${request.owner}" names nobody. Expected one such as group:default/team-deals.`,
      );
    }
    const { ownershipEntityRefs } = await this.options.userInfo.getUserInfo(
      credentials,
    );
    if (!ownershipEntityRefs.some(ref => ownerRef(ref) === owner)) {
      throw new NotAllowedError(
        `You do not belong to ${owner}, so you cannot onboard a service for it.`,
      );
    }
    if (!openOwners(place).includes(owner)) {
      throw new NotAllowedError(
        `Namespace ${namespace} is not open to ${owner}. Who runs it adds ${owner} to its annotation ${ANNOTATION_MESHDECK_ONBOARDING}.`,
      );
    }
    return owner;
  }
}

/** Istio's own names, from its ConfigMap as it is now. */
async function readMesh(client: KubernetesClient): Promise<MeshConfig> {
  const configMaps = await client.list(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system' },
    { fieldSelector: 'metadata.name=istio' },
  );
  return MeshObjects.create(configMaps).meshConfig;
}

function readNamespace(
  client: KubernetesClient,
  name: string,
): Promise<KubeObject | undefined> {
  return client.find({ apiVersion: 'v1', kind: 'Namespace', name });
}

function findingsOf(
  set: MeshObjects,
  objects: readonly KubeObject[],
  { namespace, name }: Subject,
): OnboardingResult['findings'] {
  const planned = set.with(
    objects.map(object => ({ type: 'put' as const, object })),
  );
  return (
    findingsFor(planned, namespace, name)
      // Its pods are not there yet.
      .filter(({ code }) => !ABOUT_PODS.has(code))
      .map(finding => toFinding(finding))
  );
}
