import { MeshObjects, Workload, workloadsIn } from '@meshdeck/istio-config';
import type {
  ControlPlanesView,
  ControlPlaneView,
} from '@meshdeck/plugin-mesh-common';
import type { ClusterStores } from '../cluster/ClusterStores';
import type { PrometheusSource } from '../sources/prometheus/PrometheusSource';
import { combinedSources } from '../sources/combinedSources';
import { settled } from '../sources/settled';
import type { Sources } from '../sources/Sources';
import { controlPlaneQueries } from './controlPlaneQueries';
import { controlPlaneVerdict } from './controlPlaneVerdict';
import type { FleetCertificates } from './FleetCertificates';
import { imageVersion, proxiesOf, skewOf } from './proxyVersions';

type Istiod = ControlPlaneView['istiod'][number];

/** istiod of every cluster: what runs, and whether the proxies get what it decides. */
export class ControlPlaneService {
  static create(options: {
    clusters: ClusterStores;
    sources: Sources;
    certificates: Pick<FleetCertificates, 'ofMesh'>;
    now?: () => number;
  }) {
    return new ControlPlaneService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof ControlPlaneService.create>[0],
  ) {}

  async view(): Promise<ControlPlanesView> {
    const names = await this.services.clusters.names();
    return {
      clusters: await Promise.all(names.map(name => this.ofCluster(name))),
    };
  }

  private async ofCluster(cluster: string): Promise<ControlPlaneView> {
    const { clusters, sources, certificates, now = Date.now } = this.services;
    const prometheus = sources.prometheus(cluster);
    const [{ set, source }, pushes, ends] = await Promise.all([
      clusters.snapshot(cluster),
      settled('prometheus', figuresOf(prometheus, cluster), {
        absent: 'No Prometheus is configured: set mesh.prometheus.url.',
      }),
      certificates.ofMesh(cluster),
    ]);
    const istiod = istiodOf(set);
    const versions = istiod.flatMap(({ version }) => version ?? []);
    const facts = {
      istiod,
      proxies: proxiesOf(set).map(proxy => ({
        ...proxy,
        skew: skewOf(proxy.version, versions),
      })),
      ...pushes.values,
      certificates: ends.certificates,
    };
    return {
      cluster,
      verdict: controlPlaneVerdict({
        ...facts,
        kubernetes: source,
        rootNamespace: set.meshConfig.rootNamespace,
        nowMs: now(),
      }),
      ...facts,
      sources: combinedSources([source, pushes.source, ...ends.sources]),
    };
  }
}

function istiodOf(set: MeshObjects): Istiod[] {
  return workloadsIn(set, set.meshConfig.rootNamespace)
    .filter(({ labels }) => labels.app === 'istiod' || labels.istio === 'pilot')
    .map(workload => ({
      name: workload.name,
      version: versionOf(workload),
      pods: workload.pods.length,
      readyPods: workload.readyPods,
    }));
}

function versionOf({ pods, owner }: Workload): string | undefined {
  const containers: { name?: string; image?: string }[] = [
    ...pods.map(({ spec }) => spec),
    owner?.spec?.template?.spec,
  ].flatMap(spec => spec?.containers ?? []);
  return imageVersion(
    containers.find(({ name }) => name === 'discovery')?.image,
  );
}

/** Each asked for itself: one that fails costs no other. */
function figuresOf(prometheus: PrometheusSource | undefined, cluster: string) {
  const ask = (which: keyof ReturnType<typeof controlPlaneQueries>) =>
    prometheus
      ?.query(
        `control-plane ${cluster}`,
        controlPlaneQueries(prometheus.select)[which],
      )
      .then(([series]) => series?.points.at(-1)?.[1]);
  return {
    pushesPerSecond: ask('pushes'),
    pushErrorsPerSecond: ask('pushErrors'),
    convergenceP99Ms: ask('convergenceP99S')?.then(seconds =>
      seconds === undefined ? undefined : seconds * 1000,
    ),
    connectedProxies: ask('connectedProxies'),
  };
}
