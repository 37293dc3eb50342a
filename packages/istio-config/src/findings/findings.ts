import { hostCovers, resolveHost, serviceHost } from '../hosts/hosts';
import { KubeObject, refOf } from '../kube/KubeObject';
import { selects } from '../kube/selectors';
import type { MeshConfigSet } from '../MeshConfigSet';
import { hostsOf } from '../routes/virtualServices';
import { workloadsOf } from '../workloads/workloads';
import { Finding } from './Finding';
import { FINDING_RULES } from './rules';
import { runRule } from './runRule';

export { FINDING_RULES } from './rules';

const WORST_FIRST = { error: 0, warning: 1, info: 2 } as const;

/** Everything the rules find in a set, worst first. With `details`, also what is true but seldom worth acting on. @public */
export function findings(
  set: MeshConfigSet,
  options: { details?: boolean } = {},
): readonly Finding[] {
  return set.derive(options.details ? computeAll : computeUsual);
}

function computeUsual(set: MeshConfigSet): readonly Finding[] {
  return compute(set, false);
}

function computeAll(set: MeshConfigSet): readonly Finding[] {
  return compute(set, true);
}

function compute(set: MeshConfigSet, details: boolean): readonly Finding[] {
  return FINDING_RULES.filter(rule => details || !rule.detail)
    .flatMap(rule => runRule(set, rule))
    .sort((a, b) => WORST_FIRST[a.level] - WORST_FIRST[b.level]);
}

/** The findings on the objects that concern a Service: itself, its routes, policies and workloads. @public */
export function findingsFor(
  set: MeshConfigSet,
  namespace: string,
  service: string,
): Finding[] {
  const concerned = new Set(
    concernedObjects(set, namespace, service).map(object =>
      keyOf(refOf(object)),
    ),
  );
  return findings(set).filter(finding =>
    concerned.has(keyOf(finding.resource)),
  );
}

function keyOf(ref: { kind: string; namespace?: string; name: string }) {
  return `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** What decides about the Service's requests, and what runs behind it. */
function concernedObjects(
  set: MeshConfigSet,
  namespace: string,
  service: string,
): KubeObject[] {
  const behind = workloadsOf(set, namespace, service);
  const readers = set
    .inNamespace('RequestAuthentication', namespace)
    .filter(({ spec }) =>
      behind.some(workload =>
        selects(spec?.selector?.matchLabels, workload.labels),
      ),
    );
  return [
    ...objectsFor(set, namespace, service),
    ...readers,
    ...behind.flatMap(({ owner }) => owner ?? []),
  ];
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
