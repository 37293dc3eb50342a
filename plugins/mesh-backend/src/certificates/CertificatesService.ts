import { Workload, workloadsOf } from '@meshdeck/istio-config';
import type {
  CertificatesView,
  CertificateView,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { ClusterStores } from '../cluster/ClusterStores';
import type {
  PrometheusSource,
  Series,
} from '../sources/prometheus/PrometheusSource';
import { settled } from '../sources/settled';
import type { SourceCache } from '../sources/SourceCache';
import type { Sources } from '../sources/Sources';
import { gatewaySecrets } from './gatewaySecrets';
import { PublicCertificates } from './PublicCertificates';

/** The part of a view's deadline that reading a Secret may take. */
const SHARE_OF_DEADLINE = 0.7;
const DAYS_LEFT = 'envoy_server_days_until_first_cert_expiring';
const ROOT_END = 'citadel_server_root_cert_expiry_timestamp';
/** A proxy without certificates tells the largest number that it has. */
const MOST_DAYS = 100 * 366;

/** When certificates end: of the proxies and the mesh by metrics, of gateways by the public part of their Secrets. */
export class CertificatesService {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    sources: Sources;
    cache: SourceCache;
    deadlineMs: number;
  }) {
    return new CertificatesService(options);
  }

  private readonly secrets: PublicCertificates;

  private constructor(
    private readonly options: Parameters<typeof CertificatesService.create>[0],
  ) {
    this.secrets = PublicCertificates.create({
      ...options,
      deadlineMs: options.deadlineMs * SHARE_OF_DEADLINE,
    });
  }

  /** Of a service's proxies, and of the gateways that lead to it. */
  async ofPlacement(placement: Placement): Promise<CertificatesView> {
    const { clusters, sources } = this.options;
    const { cluster, namespace, service } = placement;
    const { set } = await clusters.snapshot(cluster);
    const prometheus = sources.prometheus(cluster);
    const workloads = workloadsOf(set, namespace, service).filter(
      ({ dataPlane }) => dataPlane === 'sidecar',
    );
    const [proxies, gateways] = await Promise.all([
      settled('prometheus', {
        proxies:
          prometheus && proxyCertificates(prometheus, placement, workloads),
      }),
      settled('kubernetes', { gateways: this.gatewayCertificates(placement) }),
    ]);
    return {
      certificates: [
        ...(gateways.values.gateways ?? []),
        ...(proxies.values.proxies ?? []),
      ],
      sources: [gateways.source, proxies.source],
    };
  }

  /** Of the mesh's root; everything that the mesh signs ends with it. */
  async ofMesh(cluster: string): Promise<CertificatesView> {
    const prometheus = this.options.sources.prometheus(cluster);
    const { values, source } = await settled('prometheus', {
      rootCertificate: prometheus && rootCertificate(prometheus, cluster),
    });
    return { certificates: values.rootCertificate ?? [], sources: [source] };
  }

  private async gatewayCertificates(
    placement: Placement,
  ): Promise<CertificateView[]> {
    const { set } = await this.options.clusters.snapshot(placement.cluster);
    return Promise.all(
      gatewaySecrets(set, placement).map(secret =>
        this.secrets.ofGateway(placement.cluster, secret),
      ),
    );
  }
}

async function proxyCertificates(
  prometheus: PrometheusSource,
  { id, namespace, service }: Placement,
  workloads: readonly Workload[],
): Promise<CertificateView[]> {
  const pods = workloads.flatMap(workload =>
    workload.pods.map(({ metadata }) => metadata.name),
  );
  if (pods.length === 0) {
    return [];
  }
  const series = await prometheus.query(
    id,
    `min(${prometheus.select(DAYS_LEFT, { namespace, pod: pods })})`,
  );
  const daysLeft = valueOf(series);
  return daysLeft === undefined || daysLeft > MOST_DAYS
    ? []
    : [
        {
          of: `proxies of ${service}`,
          daysLeft,
          from: 'metrics',
          message:
            daysLeft < 1
              ? 'The first of them ends within a day, as is usual: Istio renews them at half of their life.'
              : undefined,
        },
      ];
}

async function rootCertificate(
  prometheus: PrometheusSource,
  cluster: string,
): Promise<CertificateView[]> {
  const series = await prometheus.query(
    `mesh ${cluster}`,
    `min(${prometheus.select(ROOT_END, {})} > 0)`,
  );
  const endsAt = new Date((valueOf(series) ?? NaN) * 1000);
  // A number that no date has tells nothing.
  return Number.isNaN(endsAt.getTime())
    ? []
    : [
        {
          of: 'Mesh root CA',
          endsAt: endsAt.toISOString(),
          from: 'metrics',
        },
      ];
}

function valueOf([series]: Series[]): number | undefined {
  return series?.points[0]?.[1];
}
