import { serviceHost, serviceOfHost } from '../../hosts/hosts';
import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { toDestination } from '../destinations';
import { headerChangesOfFilters } from '../headerChanges';
import type { RequestOrigin, RouteDestination } from '../types';
import { sharesOf } from '../weights';
import { isGranted } from './isGranted';
import type { InvalidRoute } from './rankedMatches';
import { ObjectReference, toReference } from './references';
import { weightOf } from './weighedBackends';

const UNUSABLE_STATUS = 500;

/** The backends of a rule by their weights; without a weight it is 1. Empty where none has any. */
export function backendsOf(
  set: MeshObjects,
  route: KubeObject,
  rule: Record<string, any>,
  from: RequestOrigin,
): RouteDestination[] | InvalidRoute {
  const references = itemsOf(rule.backendRefs).filter(isMap);
  const weights = references.map(weightOf);
  if (weights.every(weight => weight === 0)) {
    return [];
  }
  const shares = sharesOf(weights);
  const backends: RouteDestination[] = [];
  for (const [position, reference] of references.entries()) {
    const backend = toBackend(set, route, reference, {
      from,
      share: shares[position],
      weight: weights[position],
    });
    if (!('invalid' in backend)) {
      const headerChanges = headerChangesOfFilters(reference.filters);
      backends.push({
        ...backend,
        ...(headerChanges ? { headerChanges } : {}),
      });
    } else if (weights[position] > 0) {
      return backend;
    }
  }
  return backends;
}

/**
 * One backend. What may not or cannot be used keeps its share and answers 500; what is written wrongly takes the whole
 * object out of force. Grants are not asked for routes of the mesh.
 * Source: istio pilot/pkg/config/kube/gateway/conversion.go, buildDestination.
 */
export function toBackend(
  set: MeshObjects,
  route: KubeObject,
  written: Record<string, any>,
  target: { from: RequestOrigin; share: number; weight?: number },
): RouteDestination | InvalidRoute {
  const { from, ...rest } = target;
  const namespace = namespaceOf(route);
  const reference = toReference(written, namespace, {
    group: '',
    kind: 'Service',
  });
  const host = hostOfReference(set, reference);
  const refused = (why: string): RouteDestination => ({
    ...rest,
    host: host ?? `${reference.name}.${reference.namespace}`,
    port: reference.port,
    state: 'no-such-service',
    workloads: [],
    refused: { status: UNUSABLE_STATUS, why },
  });
  if (
    from.type === 'gateway' &&
    reference.namespace !== namespace &&
    !isGranted(set, { kind: route.kind, namespace }, reference)
  ) {
    return refused(
      `no ReferenceGrant in ${reference.namespace} lets an ${route.kind} of ${namespace} name ${reference.kind} ${reference.name}`,
    );
  }
  if (host === undefined) {
    return refused(
      reference.kind === 'InferencePool'
        ? 'istiod takes an InferencePool only where that is switched on'
        : `Istio has no backends of kind ${reference.kind}`,
    );
  }
  const wrong = whatIsWrong(reference, written);
  if (wrong) {
    return { invalid: wrong };
  }
  const destination = toDestination(
    set,
    { ...rest, host, port: reference.port },
    from,
  );
  if (destination.state === 'no-such-service') {
    return refused(`there is no ${reference.kind} ${host}`);
  }
  return hasPort(set, host, reference.port)
    ? destination
    : refused(`${host} has no port ${reference.port}`);
}

/** The host that a reference to a Service, or to a host itself, stands for; undefined for any other kind. */
export function hostOfReference(
  set: MeshObjects,
  { group, kind, namespace, name }: ObjectReference,
): string | undefined {
  if (group === 'networking.istio.io' && kind === 'Hostname') {
    return name;
  }
  const isService =
    (group === '' && kind === 'Service') ||
    (group === 'multicluster.x-k8s.io' && kind === 'ServiceImport');
  return isService
    ? serviceHost(namespace, name, set.meshConfig.domain)
    : undefined;
}

function whatIsWrong(
  { kind, name, port }: ObjectReference,
  written: Record<string, any>,
): string | undefined {
  if (kind === 'Service' && name.includes('.')) {
    return `its backend ${name} must be the Service’s name, not a host`;
  }
  if (kind === 'Hostname' && typeof written.namespace === 'string') {
    return `its backend ${name} is a Hostname and may not name a namespace`;
  }
  return port === undefined ? `its backend ${name} names no port` : undefined;
}

function hasPort(
  set: MeshObjects,
  host: string,
  port: number | undefined,
): boolean {
  const service = serviceOfHost(set, host);
  const ports = itemsOf(service?.spec?.ports);
  return ports.length === 0 || ports.some(entry => entry?.port === port);
}
