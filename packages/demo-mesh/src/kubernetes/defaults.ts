import { createHash } from 'node:crypto';
import type { KubeObject } from '@meshdeck/istio-config';
import { isObject } from './json';
import type { ResourceType } from './resources';

type Fields = Record<string, any>;

/** Fills in what isn't there. */
function fill(target: unknown, defaults: Fields): Fields {
  return { ...defaults, ...(isObject(target) ? target : {}) };
}

function mapItems(list: unknown, each: (item: Fields) => Fields): unknown {
  return Array.isArray(list)
    ? list.map(item => (isObject(item) ? each(item) : item))
    : list;
}

function imagePullPolicy(image: unknown): string {
  const tag = /:([^/:@]+)(@.*)?$/.exec(`${image ?? ''}`)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function container(given: Fields): Fields {
  return fill(
    given.ports
      ? {
          ...given,
          ports: mapItems(given.ports, port => fill(port, { protocol: 'TCP' })),
        }
      : given,
    {
      resources: {},
      imagePullPolicy: imagePullPolicy(given.image),
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    },
  );
}

function podSpec(given: unknown): Fields {
  const spec = fill(given, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  return {
    ...spec,
    containers: mapItems(spec.containers, container),
    ...(spec.initContainers
      ? { initContainers: mapItems(spec.initContainers, container) }
      : {}),
  };
}

function podTemplate(given: unknown): Fields {
  const template = fill(given, {});
  return { ...template, spec: podSpec(template.spec) };
}

const specDefaults = new Map<string, (spec: Fields) => Fields>([
  [
    'Deployment',
    spec => ({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
      strategy: spec.strategy?.type
        ? spec.strategy
        : {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
          },
      template: podTemplate(spec.template),
    }),
  ],
  [
    'StatefulSet',
    spec => ({
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      ...spec,
      template: podTemplate(spec.template),
    }),
  ],
  [
    'DaemonSet',
    spec => ({
      revisionHistoryLimit: 10,
      ...spec,
      template: podTemplate(spec.template),
    }),
  ],
  [
    'ReplicaSet',
    spec => ({ replicas: 1, ...spec, template: podTemplate(spec.template) }),
  ],
  ['Pod', podSpec],
  [
    'Service',
    spec => ({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ...spec,
      ...(spec.ports
        ? {
            ports: mapItems(spec.ports, port =>
              fill(port, { protocol: 'TCP', targetPort: port.port }),
            ),
          }
        : {}),
    }),
  ],
]);

/** What the server adds to a written object before its fields get owners. */
export function withDefaults(
  resource: ResourceType,
  object: KubeObject,
): KubeObject {
  if (!resource.builtIn) return object;
  const defaults = specDefaults.get(resource.kind);
  if (defaults)
    return {
      ...object,
      spec: defaults(isObject(object.spec) ? object.spec : {}),
    };
  if (resource.kind === 'Namespace')
    return { ...object, status: fill(object.status, { phase: 'Active' }) };
  if (resource.kind === 'Secret')
    return fill(object, { type: 'Opaque' }) as KubeObject;
  return object;
}

/** An address that stays the same for the same name. */
export function seededAddress(prefix: string, seed: string): string {
  const [a, b] = createHash('sha256').update(seed).digest();
  return `${prefix}.${a}.${1 + (b % 254)}`;
}

/** What the server adds afterwards, and nobody owns. */
export function prepared(
  resource: ResourceType,
  object: KubeObject,
): KubeObject {
  const { metadata, spec } = object;
  if (!resource.builtIn) return object;
  switch (resource.kind) {
    case 'Namespace':
      return {
        ...object,
        metadata: {
          ...metadata,
          labels: {
            'kubernetes.io/metadata.name': metadata.name,
            ...metadata.labels,
          },
        },
        spec: fill(spec, { finalizers: ['kubernetes'] }),
      };
    case 'Service': {
      if (spec?.type === 'ExternalName') return object;
      const clusterIP =
        spec?.clusterIP ||
        seededAddress('10.96', `${metadata.namespace}/${metadata.name}`);
      return {
        ...object,
        spec: { clusterIPs: [clusterIP], ...spec, clusterIP },
      };
    }
    case 'Secret': {
      const { stringData, ...secret } = object;
      if (!isObject(stringData)) return object;
      const encoded = Object.entries(stringData).map(([key, text]) => [
        key,
        Buffer.from(`${text}`).toString('base64'),
      ]);
      return {
        ...(secret as KubeObject),
        data: { ...secret.data, ...Object.fromEntries(encoded) },
      };
    }
    default:
      return object;
  }
}

const emptyWorkload = {
  metadata: {},
  spec: { template: { metadata: {}, spec: { containers: [] } }, strategy: {} },
  status: {},
};
const emptyPod = { metadata: {}, spec: { containers: [] }, status: {} };
const emptyParts = { metadata: {}, spec: {}, status: {} };

/** The parts a built-in object has even when nobody wrote them, so that its creator doesn't own them as such. */
export function skeletonOf(resource: ResourceType): Fields {
  if (!resource.builtIn) return {};
  if (resource.group === 'apps') return emptyWorkload;
  return resource.kind === 'Pod' ? emptyPod : emptyParts;
}
