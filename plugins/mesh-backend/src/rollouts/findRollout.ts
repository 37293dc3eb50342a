import {
  effectiveRoutes,
  EffectiveRoutes,
  fieldsOf,
  itemsOf,
  KubeObject,
  MeshObjects,
  ownField,
  selects,
  workloadsOf,
} from '@meshdeck/istio-config';
import type { Placement, RolloutView } from '@meshdeck/plugin-mesh-common';
import { textOf } from './reading';

/** How the mesh tells a version from the others: by a Service of its own or by a subset of one Service. */
export type VersionPlace = { service: string } | { subset: string };

/** The object that drives a service's rollout, and the two versions it moves requests between. */
export interface FoundRollout {
  provider: RolloutView['provider'];
  object: KubeObject;
  stable?: VersionPlace;
  canary?: VersionPlace;
  /** Whether it writes the weights of the mesh's routes itself. */
  movesWeights: boolean;
}

type Named = Pick<Placement, 'namespace' | 'service'>;

export const isFlagger = ({ apiVersion }: KubeObject) =>
  apiVersion.startsWith('flagger.app/');
export const isArgo = ({ apiVersion }: KubeObject) =>
  apiVersion.startsWith('argoproj.io/');

/** Flagger's Canary or Argo's Rollout that concerns a service; Flagger's first where both do. */
export function findRollout(
  set: MeshObjects,
  placement: Named,
): FoundRollout | undefined {
  return set.derive(rolloutFor, `${placement.namespace}/${placement.service}`);
}

function rolloutFor(set: MeshObjects, key: string): FoundRollout | undefined {
  const [namespace, service] = key.split('/');
  const canaries = set.inNamespace('Canary', namespace).filter(isFlagger);
  const rollouts = set.inNamespace('Rollout', namespace).filter(isArgo);
  if (canaries.length + rollouts.length === 0) {
    return undefined;
  }
  return (
    byFlagger(set, { namespace, service }, canaries) ??
    byArgo(set, { namespace, service }, rollouts)
  );
}

/**
 * Flagger makes three Services: `NAME`, `NAME-primary` and `NAME-canary`, where NAME is `spec.service.name`, else the name
 * of the target (https://docs.flagger.app/usage/how-it-works#canary-service).
 */
function byFlagger(
  set: MeshObjects,
  { namespace, service }: Named,
  canaries: readonly KubeObject[],
): FoundRollout | undefined {
  const places = canaries.map(canary => {
    const target = textOf(canary.spec?.targetRef?.name);
    return { canary, target, apex: apexOf(canary) };
  });
  const found =
    places.find(({ apex }) => apex === service) ??
    places.find(({ apex }) =>
      [`${apex}-primary`, `${apex}-canary`].includes(service),
    ) ??
    places.find(({ target }) => {
      const names = workloadsOf(set, namespace, service).map(
        ({ name }) => name,
      );
      return (
        target !== undefined &&
        (names.includes(target) || names.includes(`${target}-primary`))
      );
    });
  return (
    found && {
      provider: 'flagger',
      object: found.canary,
      stable: { service: `${found.apex}-primary` },
      canary: { service: `${found.apex}-canary` },
      movesWeights: doesFlaggerMoveWeights(found.canary),
    }
  );
}

/** The name of the Service that callers ask, and of the route that Flagger writes for it. */
export function apexOf({ metadata, spec }: KubeObject): string {
  return (
    textOf(spec?.service?.name) ??
    textOf(spec?.targetRef?.name) ??
    metadata.name
  );
}

/** With provider kubernetes it switches Services and leaves the mesh alone; suspended, it leaves everything alone. */
export function doesFlaggerMoveWeights({ spec }: KubeObject): boolean {
  return (
    spec?.suspend !== true && !/^kubernetes/.test(textOf(spec?.provider) ?? '')
  );
}

/**
 * Argo Rollouts moves weights between two Services or two subsets, in the VirtualServices that it is told
 * (https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/).
 */
function byArgo(
  set: MeshObjects,
  place: Named,
  rollouts: readonly KubeObject[],
): FoundRollout | undefined {
  const { namespace, service } = place;
  let routes: EffectiveRoutes | undefined;
  const decider = () => {
    routes ??= effectiveRoutes(set, {
      namespace,
      service,
      from: { type: 'mesh', namespace },
    });
    return routes.decidedBy?.kind === 'VirtualService'
      ? routes.decidedBy.name
      : undefined;
  };
  const found =
    rollouts.find(rollout => {
      const { stableService, canaryService } = strategyOf(rollout);
      return stableService === service || canaryService === service;
    }) ??
    rollouts.find(rollout => isSelected(set, place, rollout)) ??
    rollouts.find(rollout => {
      const names = virtualServicesOf(rollout);
      return names.length > 0 && names.includes(decider() ?? '');
    });
  if (!found) {
    return undefined;
  }
  const strategy = strategyOf(found);
  const rule = ownField(strategy.istio, 'destinationRule');
  const versionAt = (
    subset: unknown,
    host: string | undefined,
  ): VersionPlace | undefined => {
    const name = textOf(subset);
    if (name) {
      return { subset: name };
    }
    return host ? { service: host } : undefined;
  };
  return {
    provider: 'argo',
    object: found,
    stable: versionAt(
      ownField(rule, 'stableSubsetName'),
      strategy.stableService,
    ),
    canary: versionAt(
      ownField(rule, 'canarySubsetName'),
      strategy.canaryService,
    ),
    movesWeights: fieldsOf(strategy.trafficRouting).some(
      ([router]) => router === 'istio' || router === 'plugins',
    ),
  };
}

export function strategyOf(rollout: KubeObject) {
  const canary = ownField(ownField(rollout.spec, 'strategy'), 'canary');
  const trafficRouting = ownField(canary, 'trafficRouting');
  return {
    stableService: textOf(ownField(canary, 'stableService')),
    canaryService: textOf(ownField(canary, 'canaryService')),
    trafficRouting,
    istio: ownField(trafficRouting, 'istio'),
  };
}

/** The VirtualServices it writes; `NAME.NAMESPACE` names one elsewhere. */
export function virtualServicesOf(rollout: KubeObject): string[] {
  const { istio } = strategyOf(rollout);
  return [
    ownField(istio, 'virtualService'),
    ...itemsOf(ownField(istio, 'virtualServices')),
  ].flatMap(named => textOf(ownField(named, 'name'))?.split('.')[0] ?? []);
}

/** Whether the Service selects its pods: those of its template, or of the Deployment that it takes over. */
function isSelected(
  set: MeshObjects,
  { namespace, service }: Named,
  rollout: KubeObject,
): boolean {
  const selector = set.get('Service', namespace, service)?.spec?.selector;
  if (fieldsOf(selector).length === 0) {
    return false;
  }
  const reference = ownField(rollout.spec, 'workloadRef');
  const source =
    ownField(reference, 'kind') === 'Deployment'
      ? set.get('Deployment', namespace, textOf(reference.name) ?? '')
      : rollout;
  const labels = ownField(
    ownField(ownField(source?.spec, 'template'), 'metadata'),
    'labels',
  );
  return selects(selector, labels);
}
