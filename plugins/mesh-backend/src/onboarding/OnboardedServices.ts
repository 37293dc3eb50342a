import type { LoggerService } from '@backstage/backend-plugin-api';
import { type KubeObject, MeshObjects } from '@meshdeck/istio-config';
import {
  LABEL_MESHDECK_ONBOARDED,
  type OnboardedCluster,
  type OnboardedView,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { LRUCache } from 'lru-cache';
import type { ClusterStore } from '../cluster/ClusterStore';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { type Claim, claimOf } from './claimOf';
import { isMarked } from './marks';

/** What decides over an onboarded entity. */
const KINDS = ['Namespace', 'Service'];

/** What one cluster says of onboarded Services. */
interface Reading {
  cluster: string;
  isWhole: boolean;
  claims: Claim[];
}

/** The entities of Services that Meshdeck onboarded, read from the clusters: nothing of them is kept elsewhere. */
export class OnboardedServices {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    logger: LoggerService;
    deadlineMs: number;
  }) {
    return new OnboardedServices(options);
  }

  private readonly said = new LRUCache<string, true>({ max: 1000 });

  private constructor(
    private readonly options: Parameters<typeof OnboardedServices.create>[0],
  ) {}

  /** From memory, but for the clusters to confirm: their API servers are asked. */
  async view(confirm: readonly string[] = []): Promise<OnboardedView> {
    const names = await this.options.clusters.names();
    const readings = await Promise.all(
      names.map(cluster => this.read(cluster, confirm.includes(cluster))),
    );
    const winners = this.settle(readings.flatMap(({ claims }) => claims));
    return {
      clusters: readings.map(
        ({ cluster, isWhole, claims }): OnboardedCluster => ({
          cluster,
          isWhole,
          entities: claims
            .filter(claim => winners.has(claim))
            .flatMap(({ entity }) => entity ?? []),
          held: claims
            .filter(({ doubt }) => doubt !== undefined)
            .map(({ place }) => place),
        }),
      ),
    };
  }

  private async read(cluster: string, isFresh: boolean): Promise<Reading> {
    const store = await this.options.clusters.get(cluster);
    const isWhole = store?.holdsAll(KINDS) ?? false;
    const set =
      isFresh && isWhole ? await this.ask(cluster) : setOf(store, isWhole);
    return {
      cluster,
      isWhole: isWhole && set !== undefined,
      claims: set ? claimsIn(set, cluster) : [],
    };
  }

  /** Undefined where the API server does not say. */
  private async ask(cluster: string): Promise<MeshObjects | undefined> {
    const { access, deadlineMs, clusters } = this.options;
    const client = KubernetesClient.create({ access, cluster, deadlineMs });
    try {
      const [namespaces, services, { set }] = await Promise.all([
        client.list({ apiVersion: 'v1', kind: 'Namespace' }),
        client.list(
          { apiVersion: 'v1', kind: 'Service' },
          { labelSelector: `${LABEL_MESHDECK_ONBOARDED}=true` },
        ),
        clusters.snapshot(cluster),
      ]);
      const { meshConfig } = set;
      return MeshObjects.create([...namespaces, ...services], { meshConfig });
    } catch {
      return undefined;
    }
  }

  /** Of several Services that claim an entity the oldest has it, whichever was read first. */
  private settle(claims: readonly Claim[]): Set<Claim> {
    const believed = new Map<string, Claim>();
    for (const claim of [...claims].sort(oldestFirst)) {
      const { entityRef, doubt } = claim;
      const winner = believed.get(entityRef);
      const label = `Service ${claim.place} of cluster ${claim.cluster}`;
      if (doubt !== undefined) {
        this.logOnce(
          `${label} is labelled ${LABEL_MESHDECK_ONBOARDED}, but gives the catalog nothing: ${doubt}.`,
        );
      } else if (winner) {
        this.logOnce(
          `${label} claims ${entityRef}, which is that of the older Service ${winner.place} of cluster ${winner.cluster}: the catalog shows only that one.`,
        );
      } else {
        believed.set(entityRef, claim);
      }
    }
    return new Set(believed.values());
  }

  private logOnce(sentence: string): void {
    if (!this.said.has(sentence)) {
      this.said.set(sentence, true);
      this.options.logger.warn(sentence);
    }
  }
}

function setOf(
  store: ClusterStore | undefined,
  isWhole: boolean,
): MeshObjects | undefined {
  return isWhole ? store?.snapshot().set : undefined;
}

function claimsIn(set: MeshObjects, cluster: string): Claim[] {
  const { rootNamespace } = set.meshConfig;
  return set
    .all('Service')
    .filter(isMarked)
    .map((service: KubeObject) =>
      claimOf(service, {
        cluster,
        namespace: set.namespace(service.metadata.namespace ?? ''),
        rootNamespace,
      }),
    );
}

function oldestFirst(a: Claim, b: Claim): number {
  const [first, second] = [a, b].map(({ since, cluster, place }) =>
    // A time that is not known is later than any other.
    [since || '9', cluster, place].join(' '),
  );
  return first < second ? -1 : 1;
}
