import {
  describeLocality,
  describeProtection,
  effectiveRoutes,
  localityRouting,
  matchRequest,
  MeshObjects,
  objectsFor,
  RequestOrigin,
  RouteRule,
  trafficPolicyOf,
  versionsOf,
  waysIn,
} from '@meshdeck/istio-config';
import type {
  Placement,
  RoutesView,
  TimeWindow,
  TriedRule,
  TryRouteRequest,
  TryRouteResult,
} from '@meshdeck/plugin-mesh-common';
import { InputError } from '@backstage/errors';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { MetricsService } from '../metrics/MetricsService';
import { yieldToEventLoop } from '../eventLoop/Slice';
import { settled } from '../sources/settled';
import { nameRule } from '../facts/ruleNames';
import { ruleId, toDestinationView, toRuleView } from '../facts/destinations';
import { hasNamespace } from '../facts/hasNamespace';
import { toObjectYaml } from '../facts/objects';
import { serviceFacts } from '../facts/serviceFacts';
import { outOfScopeWords, tlsWords } from './surroundings';
import type { HealthService } from '../health/HealthService';
import { measuredPlace } from '../health/measuredPlace';

const NO_PROMETHEUS =
  'No Prometheus is configured, so there are no live numbers: set mesh.prometheus.url.';

/** The Routes tab. */
export class RoutesService {
  static create(options: { metrics: MetricsService; health: HealthService }) {
    return new RoutesService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof RoutesService.create>[0],
  ) {}

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<RoutesView> {
    const { namespace, service } = placement;
    const { metrics, health } = this.services;
    const snapshot = await clusters.snapshot(placement.cluster);
    const { set, source } = snapshot;
    const measured = measuredPlace(set, placement);
    const asked = settled(
      'prometheus',
      {
        requestsOfNow: metrics.traffic(measured, 'now'),
        requests: metrics.traffic(measured, window),
        ejectedPods: metrics.ejectedPods(placement),
        overflowsPerSecond: metrics.overflows(placement),
      },
      { absent: NO_PROMETHEUS },
    );
    const judged = health.of(snapshot, placement);
    await yieldToEventLoop();
    const { routes, findings } = serviceFacts(set, placement);
    const { values, source: prometheus } = await asked;
    const { requestsOfNow, requests, ...counters } = values;
    const client = { namespace, service, clientNamespace: namespace };
    const rules = routes.rules.map(rule => ({
      ...toRuleView(rule, routes.rules, requestsOfNow),
      named: rule.source && nameRule(set, rule.source),
    }));
    const callers = new Set(requests?.edges.map(({ caller }) => caller));
    return {
      placement,
      window,
      ...(await judged),
      sources: [source, prometheus],
      findings,
      host: routes.host,
      rules,
      versions: versionsOf(set, placement),
      protection: describeProtection(trafficPolicyOf(set, client)),
      counters: Object.keys(counters).length > 0 ? counters : undefined,
      locality: describeLocality(localityRouting(set, client)),
      outOfScope: outOfScopeWords(routes.outOfScope),
      waysIn: waysIn(set, namespace, service).map(way => ({
        gateway: `${way.gateway.namespace}/${way.gateway.name}`,
        hosts: way.hosts,
        tls: tlsWords(way.tls),
      })),
      callers: [...callers].sort(),
      objects: objectsFor(set, namespace, service).map(toObjectYaml),
    };
  }

  /** Which rule a concrete request takes. @throws InputError where it comes from a namespace that is not there. */
  async tryRequest(
    clusters: ClusterReader,
    placement: Placement,
    request: TryRouteRequest,
  ): Promise<TryRouteResult> {
    const { set } = await clusters.snapshot(placement.cluster);
    const { fromNamespace = placement.namespace } = request;
    if (!hasNamespace(set, fromNamespace)) {
      throw new InputError(
        `Cluster ${placement.cluster} has no namespace "${fromNamespace.slice(
          0,
          63,
        )}": name one that is there, or none for the service's own.`,
      );
    }
    const from: RequestOrigin = { type: 'mesh', namespace: fromNamespace };
    const routes = routesOf(set, placement, from);
    const decision = matchRequest(routes, request, from);
    return {
      rule: decision.rule && triedRule(decision.rule),
      sentence: decision.rule
        ? `Rule ${decision.rule.index + 1}, ${decision.why}.`
        : `No rule: ${decision.why}.`,
      skipped: decision.skipped.map(({ rule, why }) => ({
        ...triedRule(rule),
        why,
      })),
      destinations: (decision.rule?.destinations ?? []).map(destination =>
        toDestinationView(destination),
      ),
    };
  }
}

function triedRule(rule: RouteRule): TriedRule {
  return { id: ruleId(rule), number: rule.index + 1 };
}

/** The routes of a placement, by default seen from its own namespace. */
export function routesOf(
  set: MeshObjects,
  placement: Placement,
  from: RequestOrigin = { type: 'mesh', namespace: placement.namespace },
) {
  return effectiveRoutes(set, {
    namespace: placement.namespace,
    service: placement.service,
    from,
  });
}
