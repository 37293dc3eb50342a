import { randomUUID } from 'node:crypto';
import type {
  BackstageCredentials,
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  describeRef,
  findingsFor,
  type KubeObject,
  type MeshConfig,
  MeshObjects,
  refOf,
} from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_ONBOARDING,
  type OnboardingRequest,
  type OnboardingResult,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { EntityIndex } from '../access/EntityIndex';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { isSystemNamespace } from '../placements/systemNamespaces';
import { SourceError } from '../sources/SourceError';
import { toFinding } from '../facts/objects';
import { checkEntity } from './checkEntity';
import { checkManifests } from './checkManifests';
import { checkNeighbours } from './checkNeighbours';
import type { Subject } from './manifests/Subject';
import { ownerRef } from './marks';
import { openOwners } from './openOwners';
import { DONE, type PlannedWrite, planWrites } from './planWrites';
import { readNeighbours } from './readNeighbours';
import { ReversibleWrites } from './ReversibleWrites';

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
  }) {
    return new OnboardingService(options);
  }

  private constructor(
    private readonly options: Parameters<typeof OnboardingService.create>[0],
  ) {}

  /**
   * @throws NotAllowedError where the namespace is not open to the asker, ConflictError where something is there that
   * belongs to somebody else, InputError where a manifest reaches beyond the new service.
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
    const entityRef = `component:default/${name}`;
    const subject: Subject = {
      namespace,
      name,
      owner,
      entityRef,
      domain: mesh.domain,
    };
    const manifests = checkManifests(request.manifests, subject);
    await checkEntity(this.options.entities, subject);
    const neighbours = await readNeighbours(client, subject, manifests);
    checkNeighbours(subject, manifests, neighbours);
    const planned = await planWrites(client, manifests, neighbours.existing);
    const applied = request.dryRun
      ? planned.map(step => `${labelOf(step)} (rehearsed)`)
      : await writeAll(client, planned);
    if (!request.dryRun) {
      logger.info(`Onboarded in ${cluster}: ${applied.join(', ')}`);
    }
    return {
      entityRef,
      applied,
      findings: findingsOf(set, manifests, subject),
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

/** Writes one by one; where one fails, all that this call wrote is taken back. */
async function writeAll(
  client: KubernetesClient,
  planned: readonly PlannedWrite[],
): Promise<string[]> {
  const callId = randomUUID();
  const writes = ReversibleWrites.create({ client, callId });
  const applied: string[] = [];
  for (const step of planned) {
    try {
      await writes.write(step);
      applied.push(`${labelOf(step)} (${DONE[step.type]})`);
    } catch (error) {
      const left = await writes.undo();
      const message = `${labelOf(step)} could not be written: ${
        (error as Error).message
      }. ${
        left.length
          ? `Look at what is left, and delete what you do not want: ${left.join(
              ', ',
            )}. Running the template again goes on from there.`
          : 'What was written before it has been taken back.'
      }`;
      throw error instanceof SourceError
        ? new ServiceUnavailableError(message)
        : new ConflictError(message);
    }
  }
  return applied;
}

function labelOf({ manifest }: PlannedWrite): string {
  return describeRef(refOf(manifest));
}

function findingsOf(
  set: MeshObjects,
  manifests: readonly KubeObject[],
  { namespace, name }: Subject,
): OnboardingResult['findings'] {
  const planned = set.with(
    manifests.map(object => ({ type: 'put' as const, object })),
  );
  return (
    findingsFor(planned, namespace, name)
      // Its pods are not there yet.
      .filter(({ code }) => !ABOUT_PODS.has(code))
      .map(finding => toFinding(finding))
  );
}
