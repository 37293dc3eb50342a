import { KubeObject, KubeObjectRef, refOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import {
  bestMatch,
  type ConsolidatedRule,
  rulesOfNamespace,
} from './consolidatedRules';

/** A subset as the merged DestinationRules define it. @public */
export interface Subset {
  name: string;
  labels: Record<string, string>;
  trafficPolicy?: any;
  source: { object: KubeObjectRef; path: string };
}

/** What DestinationRules say about a host, seen from one namespace. @public */
export interface HostPolicy {
  rules: readonly KubeObject[];
  subsets: readonly Subset[];
  trafficPolicy?: any;
  trafficPolicySource?: { object: KubeObjectRef; path: string };
}

/** Who asks, and where the service is. @public */
export interface HostPolicyQuery {
  clientNamespace: string;
  serviceNamespace: string;
  /** Of the client's pods: rules for single workloads count only where they are known. */
  clientLabels?: Record<string, string>;
}

/**
 * The DestinationRules for a host: those of the client's namespace, else of the service's, else of the root namespace. In each
 * the most specific host is looked at alone, whether or not it is exported to the client.
 * Sources: istio pilot/pkg/model/push_context.go (destinationRule), sidecar.go (DestinationRule).
 * @public
 */
export function destinationRulesFor(
  set: MeshObjects,
  host: string,
  { clientNamespace, serviceNamespace, clientLabels }: HostPolicyQuery,
): HostPolicy {
  const { rootNamespace } = set.meshConfig;
  const key = host.toLowerCase();
  const own = set.derive(rulesOfNamespace, clientNamespace);
  const found =
    bestMatch(
      clientNamespace === rootNamespace ? own.private : own.local,
      key,
    ) ??
    exportedFrom(set, serviceNamespace, key, clientNamespace) ??
    exportedFrom(set, rootNamespace, key, clientNamespace) ??
    [];
  const chosen =
    found.find(
      ({ namespace, selector }) =>
        selector &&
        clientLabels &&
        namespace === clientNamespace &&
        selects(selector, clientLabels),
    ) ?? found.filter(({ selector }) => !selector).at(-1);
  return chosen ? mergedRules(chosen.rules) : { rules: [], subsets: [] };
}

function exportedFrom(
  set: MeshObjects,
  namespace: string,
  host: string,
  clientNamespace: string,
): readonly ConsolidatedRule[] | undefined {
  const { exported } = set.derive(rulesOfNamespace, namespace);
  const visible = bestMatch(exported, host)?.filter(
    ({ exportTo }) =>
      exportTo.size === 0 || exportTo.has('*') || exportTo.has(clientNamespace),
  );
  return visible?.length ? visible : undefined;
}

/** What DestinationRules of one host say together: the first traffic policy, and the first subset of each name. */
export function mergedRules(rules: readonly KubeObject[]): HostPolicy {
  const subsets = new Map<string, Subset>();
  for (const rule of rules) {
    itemsOf(rule.spec?.subsets).forEach((subset, position) => {
      if (typeof subset?.name === 'string' && !subsets.has(subset.name)) {
        subsets.set(subset.name, {
          name: subset.name,
          labels: subset.labels ?? {},
          trafficPolicy: subset.trafficPolicy,
          source: {
            object: refOf(rule),
            path: `spec.subsets[${position}]`,
          },
        });
      }
    });
  }
  const withPolicy = rules.find(rule => rule.spec?.trafficPolicy);
  return {
    rules,
    subsets: [...subsets.values()],
    trafficPolicy: withPolicy?.spec.trafficPolicy,
    trafficPolicySource: withPolicy && {
      object: refOf(withPolicy),
      path: 'spec.trafficPolicy',
    },
  };
}

/** The traffic policy in force for one destination, and where each block of it comes from. @public */
export interface EffectiveTrafficPolicy {
  policy: Record<string, any>;
  /** Block name (`outlierDetection`) to its place. */
  sources: Record<string, { object: KubeObjectRef; path: string }>;
}

/**
 * The policy for a host, subset and port: a subset's blocks override the rule's own, and a `portLevelSettings` entry
 * replaces either as a whole for its port. Source: istio pilot/pkg/networking/util/util.go, MergeSubsetTrafficPolicy.
 * @public
 */
export function trafficPolicyFor(
  policy: HostPolicy,
  destination: { subset?: string; port?: number },
): EffectiveTrafficPolicy {
  const subset = policy.subsets.find(
    candidate => candidate.name === destination.subset,
  );
  const result: EffectiveTrafficPolicy = { policy: {}, sources: {} };
  const layers = [
    { body: policy.trafficPolicy, source: policy.trafficPolicySource },
    {
      body: subset?.trafficPolicy,
      source: subset && {
        object: subset.source.object,
        path: `${subset.source.path}.trafficPolicy`,
      },
    },
  ];
  for (const { body, source } of layers) {
    if (!body || !source) {
      continue;
    }
    const { portLevelSettings, ...blocks } = body;
    overlay(result, blocks, source);
    const position = Array.isArray(portLevelSettings)
      ? portLevelSettings.findIndex(
          settings =>
            destination.port !== undefined &&
            settings?.port?.number === destination.port,
        )
      : -1;
    if (position >= 0) {
      const { port, ...own } = portLevelSettings[position];
      result.policy = {};
      result.sources = {};
      overlay(result, own, {
        object: source.object,
        path: `${source.path}.portLevelSettings[${position}]`,
      });
    }
  }
  return result;
}

function overlay(
  target: EffectiveTrafficPolicy,
  blocks: Record<string, any>,
  source: { object: KubeObjectRef; path: string },
) {
  for (const [block, body] of Object.entries(blocks)) {
    // By literals: an assignment to `__proto__` would set another thing than a field.
    target.policy = { ...target.policy, [block]: body };
    target.sources = {
      ...target.sources,
      [block]: { object: source.object, path: `${source.path}.${block}` },
    };
  }
}

/**
 * {@link trafficPolicyFor} of a Service, seen from a namespace, with what MeshConfig's `defaultTrafficPolicy` adds under
 * it. Source: istio pilot/pkg/networking/core/cluster_builder.go, applyDestinationRule.
 * @public
 */
export function trafficPolicyOf(
  set: MeshObjects,
  query: {
    namespace: string;
    service: string;
    subset?: string;
    port?: number;
    clientNamespace: string;
    clientLabels?: Record<string, string>;
  },
): EffectiveTrafficPolicy {
  const host = `${query.service}.${query.namespace}.svc.${set.meshConfig.domain}`;
  const own = trafficPolicyFor(
    destinationRulesFor(set, host, {
      clientNamespace: query.clientNamespace,
      clientLabels: query.clientLabels,
      serviceNamespace: query.namespace,
    }),
    query,
  );
  const { defaultTrafficPolicy, rootNamespace } = set.meshConfig;
  if (!defaultTrafficPolicy) {
    return own;
  }
  const result: EffectiveTrafficPolicy = { policy: {}, sources: {} };
  overlay(result, defaultTrafficPolicy, {
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: rootNamespace,
      name: 'istio',
    },
    path: 'data.mesh.defaultTrafficPolicy',
  });
  return {
    policy: { ...result.policy, ...own.policy },
    sources: { ...result.sources, ...own.sources },
  };
}
