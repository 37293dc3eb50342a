import {
  effectiveRoutes,
  findWorkload,
  KubeObject,
  MeshObjects,
  Workload,
  workloadsIn,
  workloadsOf,
} from '@meshdeck/istio-config';
import { HealthTime, KialiHealth } from './KialiHealth';
import { namespaceMtls } from './mtlsStatus';
import { validationMap, validationsOf } from './validations';

const CLUSTER = 'Kubernetes';
const PERMISSIONS = { create: false, update: false, delete: false };

export interface ViewOptions {
  /** Absent: without health. */
  health?: HealthTime;
  validate: boolean;
}

/** Kiali's lists and details, in the shapes of its version 2. */
export class KialiViews {
  static create(health: KialiHealth): KialiViews {
    return new KialiViews(health);
  }

  private constructor(private readonly health: KialiHealth) {}

  namespaces(set: MeshObjects): object[] {
    return set.all('Namespace').map(({ metadata }) => ({
      name: metadata.name,
      cluster: CLUSTER,
      isAmbient: metadata.labels?.['istio.io/dataplane-mode'] === 'ambient',
      isControlPlane: metadata.name === set.meshConfig.rootNamespace,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
    }));
  }

  services(
    set: MeshObjects,
    namespaces: readonly string[],
    options: ViewOptions,
  ): object {
    return {
      cluster: CLUSTER,
      services: namespaces
        .flatMap(namespace => set.inNamespace('Service', namespace))
        .map(service => this.serviceItem(set, service, options)),
      validations: this.validations(set, namespaces, options),
    };
  }

  workloads(
    set: MeshObjects,
    namespaces: readonly string[],
    options: ViewOptions,
  ): object {
    return {
      cluster: CLUSTER,
      workloads: namespaces
        .flatMap(namespace => workloadsIn(set, namespace))
        .map(workload => this.workloadItem(workload, options)),
      validations: this.validations(set, namespaces, options),
    };
  }

  serviceDetails(
    set: MeshObjects,
    namespace: string,
    name: string,
    options: ViewOptions,
  ): object | undefined {
    const service = set.get('Service', namespace, name);
    if (!service) {
      return undefined;
    }
    const behind = workloadsOf(set, namespace, name);
    const { metadata, spec } = service;
    return {
      service: {
        name,
        namespace,
        cluster: CLUSTER,
        createdAt: metadata.creationTimestamp ?? '',
        resourceVersion: metadata.resourceVersion ?? '',
        labels: metadata.labels ?? {},
        annotations: metadata.annotations ?? {},
        selectors: spec?.selector ?? {},
        type: spec?.type ?? 'ClusterIP',
        ip: spec?.clusterIP ?? '',
        externalName: spec?.externalName ?? '',
        ports: (spec?.ports ?? []).map((port: any) => ({
          name: port?.name ?? '',
          protocol: port?.protocol ?? 'TCP',
          port: port?.port,
          appProtocol: port?.appProtocol,
          istioProtocol: port?.name ?? '',
          tlsMode: behind.some(isProxied) ? 'istio' : 'disabled',
        })),
      },
      endpoints: [endpointsOf(service, behind)],
      workloads: behind.map(workload => this.workloadItem(workload, options)),
      virtualServices: this.concerning(set, 'VirtualService', service),
      destinationRules: this.concerning(set, 'DestinationRule', service),
      serviceEntries: [],
      k8sHTTPRoutes: [],
      k8sGRPCRoutes: [],
      k8sReferenceGrants: [],
      k8sInferencePools: [],
      istioPermissions: PERMISSIONS,
      health: options.health
        ? this.health.service(namespace, name, options.health)
        : {},
      namespaceMTLS: namespaceMtls(set, namespace),
      subServices: [{ name, ports: portsOf(service) }],
      validations: this.validations(set, [namespace], options),
      isAmbient: behind.some(({ dataPlane }) => dataPlane === 'ambient'),
      istioSidecar: behind.some(isProxied),
      waypointWorkloads: [],
    };
  }

  workloadDetails(
    set: MeshObjects,
    namespace: string,
    name: string,
    options: ViewOptions,
  ): object | undefined {
    const workload = findWorkload(set, namespace, name);
    if (!workload) {
      return undefined;
    }
    return {
      ...this.workloadItem(workload, options),
      desiredReplicas: workload.owner?.spec?.replicas ?? workload.pods.length,
      currentReplicas: workload.pods.length,
      availableReplicas: workload.readyPods,
      pods: workload.pods.map(pod => ({
        name: pod.metadata.name,
        labels: pod.metadata.labels ?? {},
        createdAt: pod.metadata.creationTimestamp ?? '',
        serviceAccountName: workload.serviceAccount,
        status: pod.status?.phase ?? 'Running',
        istioContainers: isProxied(workload)
          ? [{ name: 'istio-proxy', isProxy: true, isReady: true }]
          : [],
      })),
      services: set
        .inNamespace('Service', namespace)
        .filter(service =>
          workloadsOf(set, namespace, service.metadata.name).some(
            other => other.name === name,
          ),
        )
        .map(service => this.serviceItem(set, service, options)),
      serviceAccountNames: [workload.serviceAccount],
      validations: this.validations(set, [namespace], options),
    };
  }

  private serviceItem(
    set: MeshObjects,
    service: KubeObject,
    options: ViewOptions,
  ): object {
    const { namespace = '', name, labels = {} } = service.metadata;
    const behind = workloadsOf(set, namespace, name);
    return {
      name,
      namespace,
      cluster: CLUSTER,
      istioSidecar: behind.some(isProxied),
      isAmbient: behind.some(({ dataPlane }) => dataPlane === 'ambient'),
      labels,
      selector: service.spec?.selector ?? {},
      ports: portsOf(service),
      serviceRegistry: 'Kubernetes',
      istioReferences: [],
      kialiWizard: '',
      ...(options.health
        ? { health: this.health.service(namespace, name, options.health) }
        : {}),
    };
  }

  private workloadItem(workload: Workload, options: ViewOptions): object {
    const { namespace, name, labels } = workload;
    return {
      name,
      namespace,
      cluster: CLUSTER,
      gvk: { group: 'apps', version: 'v1', kind: workload.kind },
      istioSidecar: isProxied(workload),
      isAmbient: workload.dataPlane === 'ambient',
      isGateway: labels.istio === 'ingressgateway',
      labels,
      appLabel: labels.app !== undefined,
      versionLabel: labels.version !== undefined,
      podCount: workload.pods.length,
      serviceAccountNames: [workload.serviceAccount],
      istioReferences: [],
      ...(options.health
        ? { health: this.health.workload(workload, options.health) }
        : {}),
    };
  }

  /** The objects of the Service's own namespace that are about it; Kiali looks no further. */
  private concerning(
    set: MeshObjects,
    kind: string,
    { metadata }: KubeObject,
  ): KubeObject[] {
    const namespace = metadata.namespace ?? '';
    const { host } = effectiveRoutes(set, {
      namespace,
      service: metadata.name,
      from: { type: 'mesh', namespace },
    });
    return set.inNamespace(kind, namespace).filter(({ spec }) => {
      const hosts: unknown[] = [
        spec?.host,
        ...(spec?.hosts ?? []),
        ...(spec?.http ?? [])
          .flatMap((http: any) => http?.route ?? [])
          .map((route: any) => route?.destination?.host),
      ];
      return hosts.some(item => item === metadata.name || item === host);
    });
  }

  private validations(
    set: MeshObjects,
    namespaces: readonly string[],
    { validate }: ViewOptions,
  ): object {
    return validate
      ? validationMap(
          namespaces.flatMap(namespace => validationsOf(set, namespace)),
        )
      : {};
  }
}

function isProxied({ dataPlane }: Workload): boolean {
  return dataPlane === 'sidecar';
}

function portsOf(service: KubeObject): Record<string, number> {
  return Object.fromEntries(
    (service.spec?.ports ?? []).map((port: any) => [
      port?.name ?? '',
      port?.port,
    ]),
  );
}

function endpointsOf(service: KubeObject, behind: readonly Workload[]): object {
  return {
    addresses: behind
      .flatMap(({ pods }) => pods)
      .map(pod => ({
        kind: 'Pod',
        name: pod.metadata.name,
        ip: pod.status?.podIP ?? '',
        port: service.spec?.ports?.[0]?.port ?? 0,
      })),
    ports: (service.spec?.ports ?? []).map((port: any) => ({
      name: port?.name ?? '',
      protocol: port?.protocol ?? 'TCP',
      port: port?.targetPort ?? port?.port,
    })),
  };
}
