import { hostCovers, resolveHost, serviceHost } from '../hosts/hosts';
import { KubeObject, refOf } from '../kube/KubeObject';
import { selects } from '../kube/selectors';
import type { MeshConfigSet } from '../MeshConfigSet';
import { hostsOf } from '../routes/virtualServices';
import { workloadsOf } from '../workloads/workloads';
import { destinationNotFound } from './destinationNotFound';
import { Finding, FindingRule } from './Finding';
import { ignoredOutlierField } from './ignoredOutlierField';
import { portNotNamed } from './portNotNamed';
import { routeWithoutPods } from './routeWithoutPods';
import { shadowedVirtualService } from './shadowedVirtualService';
import { subsetWithoutPods } from './subsetWithoutPods';

/** All rules there are. @public */
export const FINDING_RULES: readonly FindingRule[] = [
  ignoredOutlierField,
  destinationNotFound,
  routeWithoutPods,
  subsetWithoutPods,
  shadowedVirtualService,
  portNotNamed,
];

const WORST_FIRST = { error: 0, warning: 1, info: 2 } as const;

/** Everything the rules find in a set, worst first. @public */
export function findings(set: MeshConfigSet): readonly Finding[] {
  return set.derive(computeFindings);
}

function computeFindings(set: MeshConfigSet): readonly Finding[] {
  return FINDING_RULES.flatMap(rule => {
    const inputs = Object.fromEntries(
      rule.inputs.map(kind => [kind, set.all(kind)]),
    );
    return [...rule.find(inputs, set)].map(({ resource, ...draft }) => ({
      code: rule.code,
      level: rule.level,
      resource: refOf(resource),
      ...draft,
    }));
  }).sort((a, b) => WORST_FIRST[a.level] - WORST_FIRST[b.level]);
}

/** The findings on the objects that concern a Service: itself, its routes, policies and workloads. @public */
export function findingsFor(
  set: MeshConfigSet,
  namespace: string,
  service: string,
): Finding[] {
  const concerned = new Set(
    objectsFor(set, namespace, service).map(object => keyOf(refOf(object))),
  );
  return findings(set).filter(finding =>
    concerned.has(keyOf(finding.resource)),
  );
}

function keyOf(ref: { kind: string; namespace?: string; name: string }) {
  return `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** The Istio objects and the Service that decide what happens to a Service's requests. @public */
export function objectsFor(
  set: MeshConfigSet,
  namespace: string,
  service: string,
): KubeObject[] {
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  const own = set.get('Service', namespace, service);
  const behind = workloadsOf(set, namespace, service);
  const root = set.meshConfig.rootNamespace;
  const policies = ['PeerAuthentication', 'AuthorizationPolicy'].flatMap(kind =>
    [...new Set([root, namespace])]
      .flatMap(place => set.inNamespace(kind, place))
      .filter(policy =>
        behind.some(workload =>
          selects(policy.spec?.selector?.matchLabels, workload.labels),
        ),
      ),
  );
  return [
    ...(own ? [own] : []),
    ...set
      .all('VirtualService')
      .filter(
        object =>
          hostsOf(set, object).some(pattern => hostCovers(pattern, host)) ||
          routesTo(set, object, host),
      ),
    ...set
      .all('DestinationRule')
      .filter(
        rule =>
          typeof rule.spec?.host === 'string' &&
          hostCovers(
            resolveHost(
              rule.spec.host,
              rule.metadata.namespace ?? '',
              set.meshConfig.domain,
            ),
            host,
          ),
      ),
    ...policies,
  ];
}

function routesTo(
  set: MeshConfigSet,
  object: KubeObject,
  host: string,
): boolean {
  const rules: any[] = Array.isArray(object.spec?.http) ? object.spec.http : [];
  return rules
    .flatMap(rule => (Array.isArray(rule?.route) ? rule.route : []))
    .some(
      route =>
        typeof route?.destination?.host === 'string' &&
        resolveHost(
          route.destination.host,
          object.metadata.namespace ?? '',
          set.meshConfig.domain,
        ) === host,
    );
}
