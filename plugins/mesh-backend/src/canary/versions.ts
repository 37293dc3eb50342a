import {
  EffectiveRoutes,
  MeshObjects,
  ownField,
  selects,
  Subset,
  Workload,
  workloadsOf,
} from '@meshdeck/istio-config';
import type {
  CanaryRule,
  CanaryVersion,
  Figure,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { PodUse } from '../metrics/MetricsService';
import type { VersionTrend } from '../metrics/trends';
import type { Traffic } from '../metrics/Traffic';
import type { MeasuredPods } from './measuredPods';
import { saturationOf } from './saturation';

const EMPTY: Figure = { points: [] };

/** The rule that splits requests, else the last one: it takes what no other took. */
export function mainRule<T extends Pick<CanaryRule, 'weights'>>(
  rules: readonly T[],
): T | undefined {
  return (
    rules.find(
      ({ weights }) =>
        Object.values(weights).filter(weight => weight > 0).length > 1,
    ) ?? rules.at(-1)
  );
}

/** What runs a version, and what was measured of it. */
interface VersionFacts {
  workloads: readonly Workload[];
  routes: EffectiveRoutes;
  traffic?: Traffic;
  trends?: Map<string, VersionTrend>;
  measured: MeasuredPods;
  use?: PodUse;
}

/** The workloads that run a subset of the service. */
export function subsetWorkloads(
  set: MeshObjects,
  placement: Placement,
  subset: Subset,
): Workload[] {
  return workloadsOf(set, placement.namespace, placement.service).filter(
    workload => selects(subset.labels, workload.labels),
  );
}

/** A version that is a subset of the service. */
export function subsetVersion(
  subset: Subset,
  facts: VersionFacts & { main?: Pick<CanaryRule, 'weights'> },
): CanaryVersion {
  const { workloads, routes, main, traffic } = facts;
  const revisions = new Set(
    workloads.map(({ canonicalRevision }) => canonicalRevision),
  );
  const own = traffic?.where(({ version }) => revisions.has(version));
  return {
    subset: subset.name,
    labels: subset.labels,
    weight:
      ownField(main?.weights, subset.name) ?? lastShare(routes, subset.name),
    liveShare: traffic?.shareOf(({ version }) => revisions.has(version)),
    ...podsOf(workloads),
    ...figuresOf(own, facts),
  };
}

/** A version that is a Service of its own, as Flagger makes them and the Gateway API weighs them. */
export function serviceVersion(
  facts: VersionFacts & {
    set: MeshObjects;
    /** As the rules call it. */
    name: string;
    main?: Pick<CanaryRule, 'weights'>;
    placement: Placement;
    /** Of all versions together. */
    total?: number;
  },
): CanaryVersion {
  const { set, name, main, placement, workloads, routes, traffic, total } =
    facts;
  const { namespace, service } = placement;
  const selector = set.get('Service', namespace, service)?.spec?.selector;
  return {
    subset: name,
    labels: selector ?? {},
    weight:
      ownField(main?.weights, name) ??
      hostShare(routes, `${service}.${namespace}.`),
    liveShare: traffic && total ? traffic.requestsPerSecond / total : undefined,
    ...podsOf(workloads),
    ...figuresOf(traffic, facts),
  };
}

/** The trend of the first version that the workloads run. */
function trendFor(
  workloads: readonly Workload[],
  trends: Map<string, VersionTrend> | undefined,
): VersionTrend | undefined {
  return workloads
    .map(({ canonicalRevision }) => trends?.get(canonicalRevision))
    .find(trend => trend !== undefined);
}

function podsOf(workloads: readonly Workload[]) {
  return {
    pods: workloads.reduce((sum, { pods }) => sum + pods.length, 0),
    readyPods: workloads.reduce((sum, { readyPods }) => sum + readyPods, 0),
  };
}

function figuresOf(
  traffic: Traffic | undefined,
  { workloads, trends, measured, use }: VersionFacts,
) {
  const trend = trendFor(workloads, trends);
  return {
    requestsPerSecond: {
      points: trend?.requestsPerSecond.points ?? [],
      value: traffic?.requestsPerSecond,
    },
    errorShare: {
      points: trend?.errorShare.points ?? [],
      value: traffic?.errorShare,
    },
    p50Ms: trend?.p50Ms ?? EMPTY,
    p99Ms: trend?.p99Ms ?? EMPTY,
    saturation: saturationOf(measured, use),
  };
}

/** Per cent that the last rule, which takes what no other took, gives to a subset. */
function lastShare(routes: EffectiveRoutes, subset: string): number {
  const destination = routes.rules
    .at(-1)
    ?.destinations.find(candidate => candidate.subset === subset);
  return Math.round((destination?.share ?? 0) * 100);
}

/** Per cent that the rule which splits requests, else the last one, gives to a Service. */
function hostShare(routes: EffectiveRoutes, host: string): number {
  const rule =
    routes.rules.find(({ destinations }) => destinations.length > 1) ??
    routes.rules.at(-1);
  const destination = rule?.destinations.find(candidate =>
    candidate.host.startsWith(host),
  );
  return Math.round((destination?.share ?? 0) * 100);
}
