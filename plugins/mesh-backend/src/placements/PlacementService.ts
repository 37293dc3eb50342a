import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { KubeObject, MeshObjects, workloadsOf } from '@meshdeck/istio-config';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  Placement,
  placementId,
  PlacementProblem,
  PlacementsView,
} from '@meshdeck/plugin-mesh-common';
import type { ClusterStore } from '../cluster/ClusterStore';
import type { ClusterStores, ClustersState } from '../cluster/ClusterStores';
import { LRUCache } from 'lru-cache';
import { SourceError } from '../sources/SourceError';
import { isOfAnother, ofAnother } from './foreignServices';
import { PlacementSpec, readPlacementSpec } from './readPlacementSpec';
import { servicesById } from './servicesById';
import { isSystemNamespace } from './systemNamespaces';
import {
  didYouMean,
  nothingFound,
  problemsIn,
  snippetFor,
} from './placementProblems';
import { likelyService } from './likelyService';

const RECENT_MS = 1000;

const MOST_ENTITIES = 10_000;

/** A selector may fit very many Services. */
const MOST_PLACEMENTS = 100_000;

interface Found {
  entity: Entity;
  state: ClustersState;
  view: PlacementsView;
  at: number;
}

/** Finds the Kubernetes Services of catalog entities. */
export class PlacementService {
  static create(options: { clusters: ClusterStores }) {
    return new PlacementService(options.clusters);
  }

  private readonly found = new LRUCache<string, Found>({
    max: MOST_ENTITIES,
    maxSize: MOST_PLACEMENTS,
    sizeCalculation: ({ view }) => 1 + view.placements.length,
  });

  private constructor(private readonly clusters: ClusterStores) {}

  /** From memory where neither the entity nor a cluster has changed since, or if it is younger than a second. */
  async placements(entity: Entity): Promise<PlacementsView> {
    const entityRef = stringifyEntityRef(entity);
    const known = this.found.get(entityRef);
    if (
      known?.entity === entity &&
      (Date.now() - known.at < RECENT_MS ||
        this.clusters.isUnchanged(known.state))
    ) {
      return known.view;
    }
    const state = this.clusters.state();
    const view = await this.find(entity);
    this.found.set(entityRef, { entity, state, view, at: Date.now() });
    return view;
  }

  private async find(entity: Entity): Promise<PlacementsView> {
    const entityRef = stringifyEntityRef(entity);
    const spec = readPlacementSpec(entity);
    if ('problem' in spec) {
      const problem = await this.withLikelyService(entity, spec.problem);
      return { entityRef, placements: [], problems: [problem] };
    }
    const { clusters, problems } = await this.chosenClusters(spec);
    const placements: Placement[] = [];
    const foreign: Omit<Placement, 'id'>[] = [];
    const stores = await Promise.all(
      clusters.map(name => this.clusters.get(name)),
    );
    for (const [index, name] of clusters.entries()) {
      const store = stores[index];
      if (!store) {
        continue;
      }
      const found = servicesIn(store, spec);
      const { set } = store.snapshot();
      for (const { metadata } of found.services) {
        const place = {
          cluster: name,
          namespace: metadata.namespace ?? '',
          service: metadata.name,
        };
        if (isOfAnother(set, place, entityRef)) {
          foreign.push(place);
        } else {
          placements.push({ ...place, id: placementId(place) });
        }
      }
      problems.push(...problemsIn(store, name, spec, found.missing));
    }
    // What a label fits by chance is passed over; what was asked for by name, or is all there is, wants a word.
    if (spec.services || placements.length === 0) {
      problems.push(...foreign.map(place => ofAnother(place, entityRef)));
    }
    if (placements.length === 0 && problems.length === 0) {
      problems.push(nothingFound(spec, clusters));
    }
    return { entityRef, placements, problems };
  }

  private async chosenClusters(
    spec: PlacementSpec,
  ): Promise<{ clusters: string[]; problems: PlacementProblem[] }> {
    let known: string[];
    try {
      known = await this.clusters.names();
    } catch (error) {
      if (error instanceof SourceError) {
        return {
          clusters: [],
          problems: [
            {
              code: 'cluster-unreachable',
              message: error.message,
              fix: 'Ask who runs the portal.',
            },
          ],
        };
      }
      throw error;
    }
    if (!spec.cluster) {
      return { clusters: known, problems: [] };
    }
    if (known.includes(spec.cluster)) {
      return { clusters: [spec.cluster], problems: [] };
    }
    return {
      clusters: [],
      problems: [
        {
          code: 'no-such-cluster',
          message: `The entity names cluster "${spec.cluster}", which the portal does not know.`,
          fix: `${didYouMean(
            spec.cluster,
            known,
          )}Correct ${ANNOTATION_KUBERNETES_CLUSTER} in its catalog-info.yaml to one of ${known.join(
            ', ',
          )}, or add the cluster under kubernetes.clusterLocatorMethods in app-config.yaml.`,
        },
      ],
    };
  }

  /** The lines to add are filled in with the Service that it probably is. */
  private async withLikelyService(
    entity: Entity,
    problem: PlacementProblem,
  ): Promise<PlacementProblem> {
    if (problem.code !== 'no-annotation') {
      return problem;
    }
    const names = await this.clusters.names().catch(() => []);
    const stores = await Promise.all(
      names.map(name => this.clusters.get(name)),
    );
    const sets = stores.flatMap(store => store?.snapshot().set ?? []);
    return { ...problem, snippet: snippetFor(likelyService(entity, sets)) };
  }
}

function servicesIn(
  store: ClusterStore,
  spec: PlacementSpec,
): { services: KubeObject[]; missing: string[] } {
  const { set } = store.snapshot();
  if (spec.services) {
    const found = spec.services.map(({ namespace, name }) => ({
      label: `${namespace}/${name}`,
      service: isSystemNamespace(namespace, set.meshConfig.rootNamespace)
        ? undefined
        : set.get('Service', namespace, name),
    }));
    return {
      services: found.flatMap(({ service }) => service ?? []),
      missing: found
        .filter(({ service }) => !service)
        .map(({ label }) => label),
    };
  }
  const matches = spec.selector?.matches ?? (() => false);
  const inNamespace = (service: KubeObject) =>
    !spec.namespace || service.metadata.namespace === spec.namespace;
  const candidates = spec.id
    ? servicesById(set, spec.id).filter(inNamespace)
    : candidatesIn(set, spec.namespace);
  const services = candidates.filter(
    ({ metadata }) =>
      !isSystemNamespace(metadata.namespace, set.meshConfig.rootNamespace) &&
      (matches(metadata.labels ?? {}) ||
        workloadsOf(set, metadata.namespace ?? '', metadata.name).some(
          workload => matches(workload.labels),
        )),
  );
  return { services: services.sort(byPlace), missing: [] };
}

function candidatesIn(set: MeshObjects, namespace: string | undefined) {
  return namespace ? set.inNamespace('Service', namespace) : set.all('Service');
}

function byPlace(a: KubeObject, b: KubeObject): number {
  const [first, second] = [a.metadata, b.metadata];
  return (
    (first.namespace ?? '').localeCompare(second.namespace ?? '') ||
    first.name.localeCompare(second.name)
  );
}
