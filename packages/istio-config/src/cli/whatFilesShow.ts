import { credentialsOf } from '../findings/gateway/credentials';
import { podsLabelled } from '../findings/podsLabelled';
import { resolveHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { placeOf, valueAt } from '../kube/place';
import { fieldsOf, itemsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { isReady } from '../workloads/podReadiness';
import { isPromised } from './promisedPods';

/** A finding, by what tells whether files can bear it out. */
export interface Claim {
  code: string;
  path?: string;
}

type Judge = (set: MeshObjects, object: KubeObject, path: string) => boolean;

const JUDGES: Record<string, Judge | undefined> = {
  IST0101: isMissing,
  // Most namespaces are labelled where they are made, not in their manifest.
  IST0102: (_set, namespace) => isOfACluster(namespace),
  IST0127: podsShown,
  IST0162: (set, gateway) =>
    podsLabelled(set, gateway.spec?.selector).some(pod =>
      shows(set, 'Service', namespaceOf(pod)),
    ),
  // Two manifests of one name are two states of it as often as two clusters.
  IST0170: () => false,
  IST0173: (set, rule) => podsOfHostShown(set, rule, rule.spec?.host),
  IST0174: (set, rule) => hostsShown(set, rule, rule.spec?.host),
  MD0102: (set, route, path) => {
    const destination = valueAt(route, [...placeOf(path), 'destination']);
    return (
      destination === undefined ||
      (podsOfHostShown(set, route, destination.host) &&
        !hasReadyPod(set, route, destination))
    );
  },
  MD0103: set =>
    set.all('DestinationRule').every(rule => !set.othersLike(rule).length),
  MD0112: (set, route, path) => {
    const namespace = valueAt(route, [...placeOf(path), 'namespace']);
    return (
      typeof namespace !== 'string' || shows(set, 'VirtualService', namespace)
    );
  },
};

/**
 * Whether files bear a finding out. They are part of a cluster: what they do not show may well be there, so nobody is accused
 * for the want of it.
 */
export function isShownByFiles(
  set: MeshObjects,
  object: KubeObject,
  { code, path = '' }: Claim,
): boolean {
  return JUDGES[code]?.(set, object, path) ?? true;
}

function isMissing(set: MeshObjects, object: KubeObject, path: string) {
  switch (object.kind) {
    case 'AuthorizationPolicy':
      return set
        .all('Namespace')
        .some(namespace => isOfACluster(namespace) || isDefault(namespace));
    case 'Gateway':
      return path === 'spec.selector'
        ? gatewayPodsShown(set)
        : credentialsOf(set, object).some(
            credential =>
              credential.path === path &&
              shows(set, 'Secret', credential.namespace),
          );
    case 'Sidecar':
    case 'Telemetry':
      return podsShown(set, object);
    case 'VirtualService':
      return (
        !path.endsWith('.host') ||
        hostsShown(set, object, valueAt(object, placeOf(path)))
      );
    default:
      return true;
  }
}

/** Whether an object was read from a cluster rather than written by somebody. */
function isOfACluster({ metadata, status }: KubeObject): boolean {
  return Boolean(
    metadata.uid ?? metadata.creationTimestamp ?? status?.phase ?? false,
  );
}

/** Nobody writes it down: it comes from a cluster. */
function isDefault({ metadata }: KubeObject): boolean {
  return metadata.name === 'default';
}

function shows(set: MeshObjects, kind: string, namespace: string): boolean {
  return set.inNamespace(kind, namespace).length > 0;
}

function podsShown(set: MeshObjects, object: KubeObject): boolean {
  const namespace = namespaceOf(object);
  return namespace === set.meshConfig.rootNamespace
    ? set.all('Pod').length > 0
    : shows(set, 'Pod', namespace);
}

/** A repository of services seldom holds the pods of a gateway; where one gateway has some, others should. */
function gatewayPodsShown(set: MeshObjects): boolean {
  return (
    set
      .inNamespace('Pod', set.meshConfig.rootNamespace)
      .some(pod => !isPromised(pod)) ||
    set
      .all('Gateway')
      .some(
        ({ spec }) =>
          fieldsOf(spec?.selector).length > 0 &&
          podsLabelled(set, spec.selector).length > 0,
      )
  );
}

/** Where a Service with a selector has its pods; a Service without one needs none. */
function podsOfHostShown(
  set: MeshObjects,
  { metadata }: KubeObject,
  host: unknown,
): boolean {
  const service = namedService(set, host, metadata.namespace ?? '');
  return (
    !service ||
    fieldsOf(service.spec?.selector).length === 0 ||
    shows(set, 'Pod', namespaceOf(service))
  );
}

/** A pod may have other labels than the template of its owner has; it is the pod's that count. */
function hasReadyPod(
  set: MeshObjects,
  route: KubeObject,
  { host, subset }: { host?: unknown; subset?: unknown },
): boolean {
  const service = namedService(set, host, namespaceOf(route));
  const selector = service?.spec?.selector;
  if (!service || fieldsOf(selector).length === 0) {
    return false;
  }
  const pods = podsLabelled(set, selector, namespaceOf(service)).filter(
    isReady,
  );
  return subset === undefined
    ? pods.length > 0
    : set
        .inNamespace('DestinationRule', namespaceOf(service))
        .filter(
          rule =>
            namedService(set, rule.spec?.host, namespaceOf(rule)) === service,
        )
        .flatMap(rule => itemsOf(rule.spec?.subsets))
        .some(
          ({ name, labels }) =>
            name === subset &&
            pods.some(pod => selects(labels, pod.metadata.labels)),
        );
}

function namedService(set: MeshObjects, host: unknown, own: string) {
  const [name, namespace] = String(host).includes('.')
    ? String(host).split('.')
    : [String(host), own];
  return set.get('Service', namespace, name);
}

/** Whether the files show the hosts among which one would be: those of a namespace, or those outside the mesh. */
function hostsShown(
  set: MeshObjects,
  object: KubeObject,
  host: unknown,
): boolean {
  const own = namespaceOf(object);
  const { domain } = set.meshConfig;
  const full = resolveHost(String(host), own, domain);
  const [, namespace = ''] = full.split('.');
  return (
    shows(set, 'Service', namespace) ||
    // An entry may stand in any namespace.
    (!full.endsWith(`.svc.${domain}`) &&
      set
        .all('ServiceEntry')
        .some(({ spec }) => itemsOf(spec?.hosts).length > 0))
  );
}
