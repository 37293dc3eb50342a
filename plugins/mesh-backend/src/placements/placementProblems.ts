import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import {
  ANNOTATION_KUBERNETES_NAMESPACE,
  ANNOTATION_MESHDECK_SERVICES,
  PlacementProblem,
} from '@meshdeck/plugin-mesh-common';
import type { MeshObjects } from '@meshdeck/istio-config';
import type { ClusterStore } from '../cluster/ClusterStore';
import { PlacementSpec } from './readPlacementSpec';
import { nearestName } from './nearestName';
import { isSystemNamespace } from './systemNamespaces';

/** "Did you mean orion? ", where a known name is like the one that is not there. */
export function didYouMean(
  name: string,
  candidates: readonly string[],
): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : `Did you mean ${nearest}? `;
}

export function snippetFor(service: string): string {
  return `metadata:\n  annotations:\n    ${ANNOTATION_MESHDECK_SERVICES}: ${service}\n`;
}

export function problemsIn(
  store: ClusterStore,
  cluster: string,
  spec: PlacementSpec,
  missing: string[],
): PlacementProblem[] {
  const { set, source, ready } = store.snapshot();
  if (!ready) {
    return [
      {
        code: source.since ? 'cluster-unreachable' : 'not-ready',
        message: source.message ?? `Cluster ${cluster} is not read yet.`,
        fix: source.since
          ? 'Ask who runs the cluster; the page goes on by itself once it answers.'
          : 'Wait a moment; the page goes on by itself.',
      },
    ];
  }
  const named = [
    ...(spec.namespace ? [spec.namespace] : []),
    ...(spec.services ?? []).map(({ namespace }) => namespace),
  ];
  const closed = named.filter(namespace =>
    isSystemNamespace(namespace, set.meshConfig.rootNamespace),
  );
  if (closed.length) {
    return [
      {
        code: 'bad-annotation',
        message: `Namespace ${closed[0]} belongs to the platform; an entity's annotation does not open it.`,
        fix: 'Name a namespace of your own services.',
      },
    ];
  }
  const absent = [...new Set(named)].filter(
    namespace => !set.namespace(namespace),
  );
  return [
    ...absent.map(
      (namespace): PlacementProblem => ({
        code: 'no-such-namespace',
        message: `The entity names namespace "${namespace}", which cluster ${cluster} does not have.`,
        fix: `${didYouMean(namespace, openNamespaces(set))}Correct ${
          spec.services
            ? ANNOTATION_MESHDECK_SERVICES
            : ANNOTATION_KUBERNETES_NAMESPACE
        } in its catalog-info.yaml, or create the namespace.`,
      }),
    ),
    ...missing
      .filter(label => !absent.includes(label.split('/')[0]))
      .map(
        (label): PlacementProblem => ({
          code: 'no-such-service',
          message: `The entity names Service ${label}, which cluster ${cluster} does not have.`,
          fix: `${didYouMean(
            label,
            set
              .inNamespace('Service', label.split('/')[0])
              .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
          )}Correct ${ANNOTATION_MESHDECK_SERVICES} in its catalog-info.yaml, or deploy the Service.`,
        }),
      ),
  ];
}

/** The namespaces that an annotation may name. */
function openNamespaces(set: MeshObjects): string[] {
  return set
    .all('Namespace')
    .map(({ metadata }) => metadata.name)
    .filter(name => !isSystemNamespace(name, set.meshConfig.rootNamespace));
}

export function nothingFound(
  spec: PlacementSpec,
  clusters: string[],
): PlacementProblem {
  const where = `${spec.namespace ? `namespace ${spec.namespace} of ` : ''}${
    clusters.length === 1 ? 'cluster' : 'clusters'
  } ${clusters.join(', ') || '(none configured)'}`;
  return {
    code: 'no-such-service',
    message: `No Service in ${where} is labelled ${spec.selector?.text}, and none selects pods that are.`,
    fix: `Label the Service, or name it in catalog-info.yaml with ${ANNOTATION_MESHDECK_SERVICES}.`,
    snippet: spec.id
      ? `metadata:\n  labels:\n    ${KUBERNETES_ANNOTATION}: ${spec.id}\n`
      : undefined,
  };
}
