import type { KubeObject, KubeObjectRef } from '../kube/KubeObject';
import { refOf } from '../kube/KubeObject';
import { fieldsOf, isMap, itemsOf, ownField, textsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { isReady } from '../workloads/podReadiness';
import { workloadsOf } from '../workloads/workloads';
import { serviceHost } from '../hosts/hosts';
import { destinationRulesFor, trafficPolicyOf } from './destinationRules';

/** Of the field, which unlike the annotation is compared letter by letter. */
const FIELD_VALUES = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Whose pods, and who calls them. @public */
export interface LocalityQuery {
  namespace: string;
  service: string;
  subset?: string;
  port?: number;
  clientNamespace: string;
  /** Of the caller's pods, where they are known: some DestinationRules are for single workloads. */
  clientLabels?: Record<string, string>;
}

/** Fixed shares of the requests from one place. Places are `region/zone/subzone`, their end left out or `*`. @public */
export interface LocalityShares {
  from: string;
  to: readonly { locality: string; share: number }[];
}

/** How the caller's place and the pods' places decide who gets a request. @public */
export interface LocalityRouting {
  /**
   * `off`: the place does not matter; `distribute`: fixed shares; `failover`: near pods first; `zoneAware`: pods of the caller's region
   * first, and of those the ones in its zone as far as they are enough.
   */
  mode: 'off' | 'distribute' | 'failover' | 'zoneAware';
  /** Where the setting stands; absent for Istio's own default. */
  source?: { object: KubeObjectRef; path: string };
  /** With `distribute`: the first entry whose `from` fits the caller counts. */
  distribute: readonly LocalityShares[];
  /** With `failover` and `zoneAware`: which region follows which. */
  failover: readonly { from: string; to: string }[];
  /** With both: labels in which caller and pod should agree, the most important first. */
  failoverPriority: readonly string[];
  /** Failover is meant but pods are never found unhealthy: outlier detection is not set. */
  lacksOutlierDetection: boolean;
  /** Where the pods are; `unknown` where their Nodes are not known. */
  places: readonly { locality: string; readyPods: number }[];
}

const REGION = 'topology.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';
const SUBZONE = 'topology.istio.io/subzone';

const NETWORK = 'topology.istio.io/network';
const NODE = 'kubernetes.io/hostname';
const TRAFFIC_DISTRIBUTION = 'networking.istio.io/traffic-distribution';

/** What values of `trafficDistribution`, in lower case, stand for: labels in which caller and pod should agree. */
const PREFERENCES: Record<string, readonly string[]> = {
  preferclose: [NETWORK, REGION, ZONE],
  prefersamezone: [NETWORK, REGION, ZONE],
  prefersamenode: [NETWORK, REGION, ZONE, SUBZONE, NODE],
};

/**
 * Whether requests to a Service stay near the caller: by the DestinationRule's `zoneAwareLbSetting` or `localityLbSetting`, else the
 * Service's `trafficDistribution` or its annotation, else that of its namespace, else MeshConfig's settings, of which the second is on
 * by default. Fixed shares go before failover; failover acts only with outlier detection, but where zones count.
 * Source: istio pilot/pkg/networking/core/loadbalancer/loadbalancer.go.
 * @public
 */
export function localityRouting(
  set: MeshObjects,
  query: LocalityQuery,
): LocalityRouting {
  const { policy, sources } = trafficPolicyOf(set, query);
  const found = settingOf(set, query, {
    settings: policy.loadBalancer,
    source: sources.loadBalancer,
  });
  const { setting, source } = found;
  const base = {
    source,
    distribute: [],
    failover: [],
    failoverPriority: [],
    lacksOutlierDetection: false,
    places: placesOf(set, query),
  };
  if (setting.enabled === false) {
    return { ...base, mode: 'off' };
  }
  const order = {
    failover: itemsOf(setting.failover)
      .filter(isMap)
      .map(({ from, to }) => ({ from: String(from), to: String(to) })),
    failoverPriority: textsOf(setting.failoverPriority),
  };
  if (found.isZoneAware) {
    return { ...base, mode: 'zoneAware', ...order };
  }
  const distribute = distributionOf(setting);
  if (distribute.length > 0) {
    return { ...base, mode: 'distribute', distribute };
  }
  return {
    ...base,
    mode: 'failover',
    ...order,
    lacksOutlierDetection: !found.isForced && !isMap(policy.outlierDetection),
  };
}

interface FoundSetting {
  setting: Record<string, any>;
  source?: { object: KubeObjectRef; path: string };
  /** It acts without outlier detection too. */
  isForced?: boolean;
  isZoneAware?: boolean;
}

/** Of one level the first that is there counts. */
const ZONE_AWARE = 'zoneAwareLbSetting';
const SETTINGS = [ZONE_AWARE, 'localityLbSetting'] as const;

function settingOf(
  set: MeshObjects,
  query: LocalityQuery,
  own: { settings: unknown; source?: { object: KubeObjectRef; path: string } },
): FoundSetting {
  const ofRule = own.source && settingAmong(own.settings, own.source);
  if (ofRule) {
    return ofRule;
  }
  const preference = preferenceOf(set, query);
  if (preference) {
    return {
      setting: { failoverPriority: preference.labels },
      source: preference.source,
      isForced: true,
    };
  }
  const { meshConfig } = set;
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: meshConfig.rootNamespace,
    name: 'istio',
  };
  return (
    settingAmong(meshConfig, { object, path: 'data.mesh' }) ?? { setting: {} }
  );
}

function settingAmong(
  settings: unknown,
  { object, path }: { object: KubeObjectRef; path: string },
): FoundSetting | undefined {
  for (const name of SETTINGS) {
    const setting = ownField(settings, name);
    if (isMap(setting)) {
      const source = { object, path: `${path}.${name}` };
      return { setting, source, isZoneAware: name === ZONE_AWARE };
    }
  }
  return undefined;
}

/**
 * What a Service says of near pods: by its field, else by its annotation, else by that of its namespace. An annotation with a
 * value that nobody knows says that any pod will do. Source: istio pilot/pkg/model/service.go, GetTrafficDistribution.
 */
function preferenceOf(
  set: MeshObjects,
  { namespace, service: name }: LocalityQuery,
):
  | {
      labels: readonly string[];
      source: { object: KubeObjectRef; path: string };
    }
  | undefined {
  const service = set.get('Service', namespace, name);
  if (!service) {
    return undefined;
  }
  const { trafficDistribution } = service.spec ?? {};
  const written = FIELD_VALUES.includes(String(trafficDistribution))
    ? {
        object: service,
        path: 'spec.trafficDistribution',
        value: trafficDistribution,
      }
    : [service, set.namespace(namespace)]
        .map(object => ({
          object,
          path: `metadata.annotations.${TRAFFIC_DISTRIBUTION}`,
          value: object?.metadata.annotations?.[TRAFFIC_DISTRIBUTION],
        }))
        .find(({ value }) => value);
  const labels = ownField(PREFERENCES, String(written?.value).toLowerCase());
  return written?.object && labels
    ? { labels, source: { object: refOf(written.object), path: written.path } }
    : undefined;
}

/** What fixed shares say of requests from a place; without an entry for it they go to all pods alike. */
export function entryFor(
  { distribute }: Pick<LocalityRouting, 'distribute'>,
  from: string,
): LocalityShares | undefined {
  return distribute.find(entry => isWithin(from, entry.from));
}

/** Whether pods in a place get any of the requests that an entry is for. */
export function getsShare({ to }: LocalityShares, locality: string): boolean {
  const found = to.find(one => isWithin(locality, one.locality));
  return (found?.share ?? 0) > 0;
}

/** `region/zone/subzone` within a pattern of that kind, its end left out or `*`. */
function isWithin(locality: string, pattern: string): boolean {
  const parts = locality.split('/');
  return pattern
    .split('/')
    .every((part, index) => part === '*' || part === (parts[index] ?? ''));
}

function distributionOf(
  setting: Record<string, any>,
): LocalityRouting['distribute'] {
  return itemsOf(setting.distribute)
    .filter(isMap)
    .map(({ from, to }) => {
      const weights = fieldsOf(to).map(([locality, weight]) => ({
        locality,
        weight:
          typeof weight === 'number' && Number.isFinite(weight) && weight > 0
            ? weight
            : 0,
      }));
      const total = weights.reduce((sum, { weight }) => sum + weight, 0);
      return {
        from: String(from),
        to: weights.map(({ locality, weight }) => ({
          locality,
          share: total > 0 ? weight / total : 0,
        })),
      };
    });
}

function placesOf(
  set: MeshObjects,
  query: LocalityQuery,
): LocalityRouting['places'] {
  const { namespace, service, subset, clientNamespace, clientLabels } = query;
  const labels =
    subset === undefined
      ? {}
      : destinationRulesFor(
          set,
          serviceHost(namespace, service, set.meshConfig.domain),
          { clientNamespace, clientLabels, serviceNamespace: namespace },
        ).subsets.find(({ name }) => name === subset)?.labels;
  const ready = new Map<string, number>();
  for (const workload of labels ? workloadsOf(set, namespace, service) : []) {
    if (!selects(labels, workload.labels)) {
      continue;
    }
    for (const pod of workload.pods) {
      const locality = localityOf(set, pod);
      ready.set(locality, (ready.get(locality) ?? 0) + (isReady(pod) ? 1 : 0));
    }
  }
  return [...ready]
    .map(([locality, readyPods]) => ({ locality, readyPods }))
    .sort((a, b) => (a.locality < b.locality ? -1 : 1));
}

/** Source: istio pilot/pkg/serviceregistry/kube/controller/pod.go, getPodLocality. */
export function localityOf(set: MeshObjects, pod: KubeObject): string {
  const written: unknown = pod.metadata.labels?.['istio-locality'];
  if (typeof written === 'string' && written) {
    return written.includes('/') ? written : written.replace(/\./g, '/');
  }
  const labels = set.get('Node', undefined, String(pod.spec?.nodeName))
    ?.metadata.labels;
  const parts = [REGION, ZONE, SUBZONE].map(name =>
    String(ownField(labels, name) ?? ''),
  );
  return parts.join('/').replace(/\/+$/, '') || 'unknown';
}
