import { isIp } from '../kube/isIp';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { fieldsOf, isMap, itemsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { hostsOf } from './virtualServices';

/** Part of a host of ServiceEntries. */
interface EntryPart {
  /** As it is written, perhaps with a wildcard. */
  host: string;
  /** Absent: any port may be asked. */
  port?: number;
  /** Of a subset. */
  labels?: Record<string, string>;
}

/**
 * Whether anybody is behind a host of a ServiceEntry. All that its namespace has for the host put their endpoints together, by the
 * names of their ports; what is not looked up takes addresses alone. What a selector finds may be outside the cluster.
 * Sources: istio pilot/pkg/serviceregistry/serviceentry/conversion.go, mergeServicesInstancesByNamespaceHost;
 * pilot/pkg/xds/endpoints/endpoint_builder.go, BuildClusterLoadAssignment.
 */
export function hasEndpoints(
  set: MeshObjects,
  entry: KubeObject,
  { host, port, labels = {} }: EntryPart,
): boolean {
  const resolution: string = entry.spec?.resolution ?? 'NONE';
  if (resolution === 'NONE') {
    return true;
  }
  const name = port === undefined ? undefined : portNamed(entry, port);
  return set
    .inNamespace('ServiceEntry', namespaceOf(entry))
    .filter(other => isNamedBy(set, other, host))
    .filter(other => name === undefined || namesOfPorts(other).includes(name))
    .some(
      other =>
        isMap(other.spec?.workloadSelector) ||
        endpointsOf(other, host).some(
          endpoint =>
            selects(labels, endpoint.labels) &&
            (resolution !== 'STATIC' || isAddress(endpoint.address)),
        ),
    );
}

/** A cluster has the name that is written in the entry, with its wildcard. */
export function isNamedBy(
  set: MeshObjects,
  entry: KubeObject,
  host: string,
): boolean {
  return hostsOf(set, entry).some(
    name => name.toLowerCase() === host.toLowerCase(),
  );
}

/** By DNS the host itself is the endpoint, without labels, where none is written. */
function endpointsOf(
  { spec }: KubeObject,
  host: string,
): { address: unknown; labels: Record<string, string> }[] {
  const written = itemsOf(spec?.endpoints).filter(isMap);
  if (written.length > 0) {
    return written.map(({ address, labels }) => ({
      address,
      labels: Object.fromEntries(fieldsOf(labels)),
    }));
  }
  return /^DNS/.test(String(spec?.resolution))
    ? [{ address: host, labels: {} }]
    : [];
}

function isAddress(address: unknown): boolean {
  return isIp(address) || String(address).startsWith('unix://');
}

function portNamed({ spec }: KubeObject, number: number): string | undefined {
  return itemsOf(spec?.ports).find(port => port?.number === number)?.name;
}

function namesOfPorts({ spec }: KubeObject): string[] {
  return itemsOf(spec?.ports).map(port => String(port?.name));
}
