import type {
  CertificatesView,
  CertificateView,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { CertificatesService } from '../certificates/CertificatesService';
import { GatewaySecret, gatewaySecrets } from '../certificates/gatewaySecrets';
import { PublicCertificates } from '../certificates/PublicCertificates';
import type { ClusterStores } from '../cluster/ClusterStores';
import { PerCluster } from '../cluster/PerCluster';
import { settled } from '../sources/settled';
import type { SourceCache } from '../sources/SourceCache';
import { fleetServices } from './fleetFacts';
import { LastKnown } from './LastKnown';
import { Slice } from '../eventLoop/Slice';

/** A certificate that ends in days need not be read every few seconds. */
const FRESH_MS = 10 * 60_000;
/** A portal is no scanner of Secrets: what a person looks through is enough. */
const MOST_SECRETS = 200;
const AT_ONCE = 5;
/** The part of a view's deadline that a reader waits for what was never read before. */
const SHARE_OF_DEADLINE = 0.3;

/** Certificates of a whole cluster that want a person before they end: the mesh's root, and those of gateways. */
export class FleetCertificates {
  static create(options: {
    clusters: ClusterStores;
    certificates: CertificatesService;
    access: MeshClusterAccess;
    cache: SourceCache;
    deadlineMs: number;
  }) {
    return new FleetCertificates(options);
  }

  private readonly secrets: PublicCertificates;
  private readonly gateways: PerCluster<LastKnown<CertificateView[]>>;

  private constructor(
    private readonly options: Parameters<typeof FleetCertificates.create>[0],
  ) {
    this.secrets = PublicCertificates.create(options);
    this.gateways = PerCluster.create(options.clusters);
  }

  async ofMesh(cluster: string): Promise<CertificatesView> {
    const [mesh, gateways] = await Promise.all([
      this.options.certificates.ofMesh(cluster),
      settled('kubernetes', { gateways: this.ofGateways(cluster) }),
    ]);
    return {
      certificates: [...mesh.certificates, ...(gateways.values.gateways ?? [])],
      sources: [...mesh.sources, gateways.source],
    };
  }

  private async ofGateways(cluster: string): Promise<CertificateView[]> {
    const kept = this.gateways.getOrMake(cluster, () =>
      LastKnown.create({ renew: () => this.read(cluster) }),
    );
    const known = await kept.get({
      // Right after a start the cluster has no gateways yet.
      isFresh: (value, ageMs) => value.length > 0 && ageMs < FRESH_MS,
      isUsable: () => true,
      patienceMs: this.options.deadlineMs * SHARE_OF_DEADLINE,
    });
    return known ?? [];
  }

  private async read(cluster: string): Promise<CertificateView[]> {
    const waiting = await this.secretsOf(cluster);
    const found: CertificateView[] = [];
    const reader = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        found.push(await this.secrets.ofGateway(cluster, next));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
    return found.sort((a, b) => a.of.localeCompare(b.of));
  }

  /** Each Secret once, whichever gateway it is read for. */
  private async secretsOf(cluster: string): Promise<GatewaySecret[]> {
    const set = this.options.clusters.peek(cluster)?.set;
    const found = new Map<string, GatewaySecret>();
    const slice = Slice.begin();
    for (const key of set ? fleetServices(set) : []) {
      if (slice.isOver()) {
        await slice.pause();
      }
      const [namespace, service] = key.split('/');
      for (const secret of gatewaySecrets(set!, { namespace, service })) {
        // That one gateway is refused says nothing of another.
        const { gateway, refused, namespace: home, name } = secret;
        const asked = refused ? `${gateway.namespace}/${gateway.name}` : '';
        const place = `${home}/${name} ${asked}`;
        found.set(place, found.get(place) ?? secret);
      }
      if (found.size >= MOST_SECRETS) {
        break;
      }
    }
    return [...found.values()];
  }
}
