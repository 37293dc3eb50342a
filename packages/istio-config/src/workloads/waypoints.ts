import { KUBERNETES_GATEWAY } from '../kube/homeGroups';
import type { KubeObject, KubeObjectRef } from '../kube/KubeObject';
import { refOf } from '../kube/KubeObject';
import { itemsOf, ownField } from '../kube/reading';
import { labelSelectorMatches } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';

/** The waypoint that handles what goes to a Service or a workload. @public */
export interface WaypointAnswer {
  /** Absent where none is wanted, or where the wanted one does not take it. */
  waypoint?: KubeObjectRef;
  /** The identity that the destination sees as the caller's. */
  principal?: string;
  /** One sentence. */
  why: string;
  /** What keeps a waypoint that is asked for from being used. */
  problem?: string;
}

/** What a waypoint can be asked for by: a Service, a ServiceEntry or a pod. @public */
export interface WaypointUser {
  type: 'service' | 'workload';
  namespace: string;
  labels?: Record<string, string>;
}

const USE = 'istio.io/use-waypoint';
const FOR = 'istio.io/waypoint-for';
const MANAGED = 'gateway.istio.io/managed';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/**
 * The waypoint in front of a Service or a workload: the object's own label, else its namespace's; `none` opts out.
 * Source: istio pilot/pkg/serviceregistry/ambient/waypoints.go, fetchWaypointForTarget.
 * @public
 */
export function waypointFor(
  set: MeshObjects,
  user: WaypointUser,
): WaypointAnswer {
  const own = wantedBy(user.labels, user.namespace);
  if (
    user.type === 'service' &&
    ['istio.io-mesh-controller', 'istio.io-eastwest-controller'].includes(
      ownField(user.labels, MANAGED),
    )
  ) {
    return { why: 'it is a waypoint itself' };
  }
  if (own === 'none') {
    return { why: `its label ${USE}=none opts out` };
  }
  const wanted =
    own ??
    wantedBy(set.namespace(user.namespace)?.metadata.labels, user.namespace);
  if (wanted === undefined || wanted === 'none') {
    return { why: `neither it nor its namespace has the label ${USE}` };
  }
  const label = `${wanted.namespace}/${wanted.name}`;
  const from = own ? 'its label' : `the label of namespace ${user.namespace}`;
  const gateway = set.get(KUBERNETES_GATEWAY, wanted.namespace, wanted.name);
  const problem =
    gateway === undefined
      ? `there is no Gateway ${label}`
      : problemWith(set, gateway, user);
  if (!gateway || problem) {
    // A waypoint of the namespace for Services is no mistake of a pod.
    const isMeant = own !== undefined || user.type === 'service' || !gateway;
    return {
      why: `${from} names the waypoint ${label}, but ${problem}`,
      ...(isMeant ? { problem } : {}),
    };
  }
  return {
    waypoint: refOf(gateway),
    principal: principalOf(set, gateway),
    why: `${from} names the waypoint ${label}`,
  };
}

/** Whether ingress gateways pass the Service's waypoint: its own label, else its namespace's. @public */
export function ingressUsesWaypoint(
  set: MeshObjects,
  service: KubeObject,
): boolean {
  const name = 'istio.io/ingress-use-waypoint';
  const label: unknown =
    ownField(service.metadata.labels, name) ??
    ownField(
      set.namespace(service.metadata.namespace ?? '')?.metadata.labels,
      name,
    );
  return label === 'true';
}

function wantedBy(
  labels: Record<string, string> | undefined,
  namespace: string,
): { namespace: string; name: string } | 'none' | undefined {
  const name: unknown = ownField(labels, USE);
  if (typeof name !== 'string' || name === '') {
    return undefined;
  }
  return name === 'none'
    ? 'none'
    : {
        name,
        namespace: String(ownField(labels, `${USE}-namespace`) ?? namespace),
      };
}

function problemWith(
  set: MeshObjects,
  gateway: KubeObject,
  user: WaypointUser,
): string | undefined {
  const { status } = gateway;
  if (status && itemsOf(status.addresses).length === 0) {
    return 'it is not ready: it has no address';
  }
  if (!takesNamespace(set, gateway, user.namespace)) {
    return `its listener does not take namespace ${user.namespace}`;
  }
  const traffic = trafficOf(set, gateway);
  return traffic === 'all' || traffic === user.type
    ? undefined
    : `it is for ${traffic} traffic (${FOR})`;
}

/** What a waypoint is for: its label, else its class's, else Services. */
function trafficOf(set: MeshObjects, gateway: KubeObject): string {
  const gatewayClass = set.get(
    'GatewayClass',
    undefined,
    String(gateway.spec?.gatewayClassName ?? ''),
  );
  return String(
    ownField(gateway.metadata.labels, FOR) ??
      ownField(gatewayClass?.metadata.labels, FOR) ??
      'service',
  );
}

function takesNamespace(
  set: MeshObjects,
  gateway: KubeObject,
  namespace: string,
): boolean {
  return (
    gateway.metadata.namespace === namespace ||
    itemsOf(gateway.spec?.listeners).some(listener => {
      const { from, selector } = listener?.allowedRoutes?.namespaces ?? {};
      return (
        from === 'All' ||
        (from === 'Selector' &&
          selector &&
          labelSelectorMatches(
            selector,
            set.namespace(namespace)?.metadata.labels,
          ))
      );
    })
  );
}

/** Waypoints run under an account of the Gateway's name unless an annotation says otherwise. */
function principalOf(set: MeshObjects, gateway: KubeObject): string {
  const { namespace = '', name, annotations } = gateway.metadata;
  const pod = set
    .inNamespace('Pod', namespace)
    .find(({ metadata }) => ownField(metadata.labels, GATEWAY_NAME) === name);
  const account =
    pod?.spec?.serviceAccountName ??
    ownField(annotations, 'gateway.istio.io/service-account') ??
    name;
  return `${set.meshConfig.trustDomain}/ns/${namespace}/sa/${account}`;
}
