import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, ownField } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { effectiveMtls } from '../../mtls/effectiveMtls';
import { findWorkload } from '../../workloads/workloads';
import { defineFinding } from '../Finding';
import { containersOf } from '../inMesh';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** A STRICT port that the kubelet probes, or Prometheus scrapes, without a certificate. */
export const plaintextOnStrictPort = defineFinding({
  code: 'MD0110',
  level: 'warning',
  inputs: ['Deployment', 'StatefulSet', 'DaemonSet'],
  source:
    'istio: pkg/kube/inject: probes and scrapes pass the sidecar only while rewriteAppHTTPProbers and merge-metrics are on, as by default',
  *find(inputs, set) {
    for (const resource of Object.values(inputs).flat()) {
      const workload = findWorkload(
        set,
        namespaceOf(resource),
        resource.metadata.name,
      );
      if (!workload || workload.dataPlane !== 'sidecar') {
        continue;
      }
      for (const { port, path, who } of plaintextCallers(resource)) {
        if (
          !excluded(resource, port) &&
          effectiveMtls(set, workload, port).mode === 'STRICT'
        ) {
          yield {
            resource,
            path,
            message: `Port ${port} is STRICT, and ${who} reaches it in plaintext: it is refused.`,
            fix: `Leave the rewriting on, or exclude the port: traffic.sidecar.istio.io/excludeInboundPorts: "${port}".`,
          };
        }
      }
    }
  },
});

function annotation(resource: KubeObject, name: string): string | undefined {
  const value = ownField(resource.spec?.template?.metadata?.annotations, name);
  return value === undefined ? undefined : String(value);
}

function excluded(resource: KubeObject, port: number): boolean {
  return (
    annotation(resource, 'traffic.sidecar.istio.io/excludeInboundPorts') ?? ''
  )
    .split(',')
    .some(item => Number(item) === port);
}

function* plaintextCallers(
  resource: KubeObject,
): Iterable<{ port: number; path: string; who: string }> {
  const template = 'spec.template';
  if (
    annotation(resource, 'prometheus.io/scrape') === 'true' &&
    annotation(resource, 'prometheus.istio.io/merge-metrics') === 'false'
  ) {
    const port = Number(annotation(resource, 'prometheus.io/port') ?? 80);
    yield {
      port,
      path: `${template}.metadata.annotations["prometheus.io/port"]`,
      who: 'Prometheus (merge-metrics is off)',
    };
  }
  if (
    annotation(resource, 'sidecar.istio.io/rewriteAppHTTPProbers') !== 'false'
  ) {
    return;
  }
  const spec = resource.spec?.template?.spec;
  for (const [index, container] of itemsOf(spec?.containers).entries()) {
    for (const probe of PROBES) {
      const check = container?.[probe]?.httpGet;
      const port = check && portNumber(spec, check.port);
      if (port) {
        yield {
          port,
          path: `${template}.spec.containers[${index}].${probe}.httpGet.port`,
          who: `the kubelet’s ${probe} (rewriteAppHTTPProbers is off)`,
        };
      }
    }
  }
}

function portNumber(spec: unknown, port: unknown): number | undefined {
  if (typeof port === 'number') {
    return port;
  }
  return containersOf(spec)
    .flatMap(container => itemsOf(container?.ports))
    .find(candidate => candidate?.name === port)?.containerPort;
}

/** A ServiceMonitor of the Prometheus operator that scrapes a STRICT port without a certificate. */
export const plaintextMonitor = defineFinding({
  code: 'MD0110',
  level: 'warning',
  scope: 'mesh',
  inputs: ['ServiceMonitor'],
  source: 'istio.io: docs/ops/integrations/prometheus, TLS settings',
  *find({ ServiceMonitor: monitors }, set) {
    for (const monitor of monitors) {
      for (const [index, endpoint] of itemsOf(
        monitor.spec?.endpoints,
      ).entries()) {
        const strict =
          endpoint?.scheme === 'https'
            ? undefined
            : strictTarget(set, monitor, endpoint?.port);
        if (strict) {
          yield {
            resource: monitor,
            path: `spec.endpoints[${index}]`,
            message: `It scrapes port ${endpoint.port} of ${strict} in plaintext, and that port is STRICT: the scrape is refused.`,
            fix: 'Scrape with scheme https and the mesh’s certificates, or scrape the sidecar’s merged port 15020.',
          };
        }
      }
    }
  },
});

function strictTarget(
  set: MeshObjects,
  monitor: KubeObject,
  portName: unknown,
): string | undefined {
  const selector = monitor.spec?.selector?.matchLabels;
  if (!selector) {
    return undefined;
  }
  for (const service of set.inNamespace('Service', namespaceOf(monitor))) {
    const port = itemsOf(service.spec?.ports).find(
      candidate => candidate?.name === portName,
    );
    const isMeant = Object.entries(selector).every(
      ([key, value]) => ownField(service.metadata.labels, key) === value,
    );
    const labels = service.spec?.selector;
    if (
      isMeant &&
      port &&
      labels &&
      effectiveMtls(
        set,
        { namespace: namespaceOf(service), labels },
        Number(port.targetPort ?? port.port),
      ).mode === 'STRICT'
    ) {
      return service.metadata.name;
    }
  }
  return undefined;
}
